"""Who may merge what: entries inside the scope of somebody who keeps the ledger."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Merge, Organisation, OrganisationVersion, Person
from liangxin.registry.queries.guides import guides
from liangxin.registry.queries.organisations import EDITING_ROLES, editable_versions
from liangxin.registry.queries.people import member_persons
from liangxin.registry.queries.scope import in_scope


def mergeable_organisations(viewer: Viewer, *, at: date) -> QuerySet[Organisation]:
    """Organisations whose facts the viewer keeps; none for somebody who keeps none."""
    if not may(viewer, Permission.EDIT_LEDGER):
        return Organisation.objects.none()
    held = editable_versions(viewer, at=at).order_by().values("organisation_id")
    return Organisation.objects.filter(pk__in=held, merged_into__isnull=True).order_by("id")


def mergeable_persons(viewer: Viewer, *, at: date) -> QuerySet[Person]:
    """Members and guides in the scope of whoever keeps the ledger and may see people."""
    if not (may(viewer, Permission.EDIT_LEDGER) and may(viewer, Permission.SEE_PEOPLE)):
        return Person.objects.none()
    standing = Person.objects.filter(merged_into__isnull=True).order_by("name", "id")
    if viewer.sees_district():
        return standing
    # A role that only looks does not widen what its holder may merge.
    keeper = viewer.holding_only(h for h in viewer.held if h.role in EDITING_ROLES)
    return standing.filter(
        Q(pk__in=member_persons(keeper, at=at).order_by().values("pk"))
        | Q(pk__in=guides(keeper, at=at).order_by().values("person_id"))
    )


def visible_merges(viewer: Viewer, *, at: date) -> QuerySet[Merge]:
    """Merges whose survivor the viewer keeps, the newest first."""
    organisations = mergeable_organisations(viewer, at=at).order_by()
    persons = mergeable_persons(viewer, at=at).order_by()
    found = Merge.objects.select_related("merged_by", "undone_by", "provenance").order_by("-id")
    if viewer.sees_district():
        return found
    return found.filter(
        Exists(organisations.filter(pk=OuterRef("survivor_organisation")))
        | Exists(persons.filter(pk=OuterRef("survivor_person")))
    )


def holds_both(viewer: Viewer, merge: Merge, *, at: date) -> bool:
    """Whether the viewer keeps the survivor now, and kept the absorbed one as it last stood."""
    if viewer.sees_district():
        return True
    is_own = merge.merged_by_id is not None and merge.merged_by_id == viewer.user_id
    if merge.is_of_persons:
        kept = mergeable_persons(viewer, at=at).filter(pk=merge.survivor_person_id or 0)
        return is_own and kept.exists()
    held = mergeable_organisations(viewer, at=at).filter(pk=merge.survivor_organisation_id or 0)
    if is_own or not held.exists():
        return held.exists()
    last = (
        OrganisationVersion.objects.filter(organisation=merge.absorbed_organisation_id)
        .order_by("-valid_from", "-id")
        .values("pk")[:1]
    )
    scope = in_scope(viewer, at=at, roles=EDITING_ROLES)
    return OrganisationVersion.objects.filter(scope, pk__in=last).exists()
