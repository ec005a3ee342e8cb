"""What the page of a joint branch lists: its units with their members, and plans of its neighbourhood."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.branch_units import hosts_of
from liangxin.coverage.queries.candidates import NOBODY, member_counts
from liangxin.coverage.queries.proposals import proposals
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion, PartyCoverage
from liangxin.registry.queries import true_at
from liangxin.registry.queries.scope import organisations_in_scope


@dataclass(frozen=True, kw_only=True)
class BranchUnit:
    """One unit on a day; `members` is None where the unit lies outside the viewer's scope."""

    version: OrganisationVersion
    since: date
    members: int | None
    is_host: bool


def branch_units(party_organisation_id: int, *, viewer: Viewer, at: date) -> tuple[BranchUnit, ...]:
    """The units that a joint branch covers on `at`, the host first; for who keeps the branch."""
    rows = PartyCoverage.objects.filter(true_at(at), party_organisation_id=party_organisation_id)
    since = dict(rows.order_by("valid_from").values_list("organisation_id", "valid_from"))
    found = OrganisationVersion.objects.filter(true_at(at), organisation_id__in=since)
    counts = member_counts(at, among=Q(organisation_id__in=list(since)))
    seen = set(
        organisations_in_scope(viewer, at=at)
        .filter(organisation_id__in=list(since))
        .values_list("organisation_id", flat=True)
    )
    host = hosts_of([party_organisation_id]).get(party_organisation_id)
    units = [
        BranchUnit(
            version=version,
            since=since[version.organisation_id],
            members=counts.get(version.organisation_id, NOBODY).full
            if version.organisation_id in seen
            else None,
            is_host=version.organisation_id == host,
        )
        for version in found.select_related("street").order_by("name", "organisation_id")
    ]
    return tuple(sorted(units, key=lambda one: not one.is_host))


def replans_of(viewer: Viewer, party_organisation_id: int) -> QuerySet[BranchProposal]:
    """Plans of the neighbourhood of a joint branch that the viewer may see, the newest first."""
    found = proposals(viewer).filter(around_branch_id=party_organisation_id)
    return found.select_related("created_by").order_by("-pk")
