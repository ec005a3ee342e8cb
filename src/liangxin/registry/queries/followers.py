"""What hangs on a firm and may go with one that is split off."""

from datetime import date

from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    Employment,
    PartyCoverage,
    PartyOrganisationVersion,
    Posting,
)
from liangxin.registry.queries.periods import true_at


def followers(viewer: Viewer, *, organisation_id: int, at: date) -> list[tuple[str, str]]:
    """Members at work, covering Party organisations and guides, as choices `kind-key` with their words.

    Ask only for a firm whose facts the viewer keeps.
    """
    found: list[tuple[str, str]] = []
    if may(viewer, Permission.SEE_PEOPLE):
        work = Employment.objects.filter(
            true_at(at),
            true_at(at, prefix="person__memberships__"),
            organisation_id=organisation_id,
        ).select_related("person")
        found += [
            (f"employments-{row.pk}", f"党员 {row.person.name}")
            for row in work.order_by("person__name", "pk").distinct()
        ]
    covered = PartyCoverage.objects.filter(true_at(at), organisation_id=organisation_id)
    names = dict(
        PartyOrganisationVersion.objects.filter(
            true_at(at), party_organisation_id__in=covered.order_by().values("party_organisation")
        ).values_list("party_organisation_id", "name")
    )
    found += [
        (f"coverages-{row.pk}", f"由“{names.get(row.party_organisation_id, '')}”涵盖")
        for row in covered.order_by("pk")
    ]
    sent = Posting.objects.filter(true_at(at), organisation_id=organisation_id)
    found += [
        (f"postings-{row.pk}", f"{row.get_role_display()} {row.person.name}")
        for row in sent.select_related("person").order_by("person__name", "pk")
    ]
    return found
