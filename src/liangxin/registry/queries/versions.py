"""Lists of organisations and Party organisations as they stood on a day."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Role, ScopeKind, Viewer
from liangxin.registry.models import OrganisationVersion, PartyCoverage, PartyOrganisationVersion
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.scope import organisations_in_scope, party_organisations_of


def organisation_versions(viewer: Viewer, *, at: date) -> QuerySet[OrganisationVersion]:
    """Organisations the viewer may see, as they stood on `at`, with street and site, by name."""
    return (
        organisations_in_scope(viewer, at=at)
        .select_related("organisation", "street", "site", "provenance")
        .order_by("name", "organisation_id")
    )


def party_organisation_versions(
    viewer: Viewer, *, at: date, among: Collection[int] | None = None
) -> QuerySet[PartyOrganisationVersion]:
    """Party organisations the viewer may see, as they stood on `at`, by name.

    Those that do not stand yet only for whoever plans them: to be planned for tells of members.
    `among` asks for some of them only: the same answer, without working out all the viewer reaches.
    """
    found = PartyOrganisationVersion.objects.filter(true_at(at)).select_related(
        "party_organisation", "street"
    )
    found = found.filter(may_be_met(viewer, at=at))
    if among is not None:
        found = found.filter(party_organisation_id__in=among)
    return _party_scope(found, viewer, at=at, among=among).order_by("name", "party_organisation_id")


def may_be_met(viewer: Viewer, *, at: date) -> Q:
    """A condition on versions of Party organisations: they stand on `at`, or the viewer plans them."""
    if may(viewer, Permission.PLAN_BRANCHES):
        return Q()
    return Q(party_organisation__founded_date__lte=at)


def _party_scope(
    found: QuerySet[PartyOrganisationVersion],
    viewer: Viewer,
    *,
    at: date,
    among: Collection[int] | None,
) -> QuerySet[PartyOrganisationVersion]:
    if viewer.sees_district():
        return found
    officer = viewer.scopes(Role.COMMITTEE_OFFICER)
    streets = [int(scope.key) for scope in officer if scope.kind is ScopeKind.STREET]
    own = party_organisations_of(viewer, at=at)
    # Whoever sees an organisation also sees which Party organisations cover it, but not who is in them.
    keys: list[int] | None = None
    if among is not None:
        covered = PartyCoverage.objects.filter(true_at(at), party_organisation_id__in=among)
        keys = list(covered.order_by().values_list("organisation_id", flat=True))
    reached = organisations_in_scope(viewer, at=at, among=keys).order_by().values("organisation_id")
    covering = PartyCoverage.objects.filter(true_at(at), organisation_id__in=reached).order_by()
    return found.filter(
        Q(street_id__in=streets)
        | Q(party_organisation_id__in=own)
        | Q(party_organisation_id__in=covering.values("party_organisation_id"))
    )
