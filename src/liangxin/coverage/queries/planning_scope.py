"""Whose business plans and establishments are: the roles that plan, over the scopes they plan for."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from liangxin.kernel.permissions import Permission, may, roles_with
from liangxin.kernel.viewer import Role, ScopeKind, Viewer
from liangxin.registry.models import (
    OrganisationVersion,
    PartyCoverage,
    PartyOrganisationVersion,
)
from liangxin.registry.queries import in_scope

PLANNING_ROLES = tuple(sorted(roles_with(Permission.PLAN_BRANCHES)))


def plans_district(viewer: Viewer) -> bool:
    """Whether the viewer plans for the whole district."""
    return may(viewer, Permission.PLAN_BRANCHES) and viewer.sees_district()


def own_streets(viewer: Viewer) -> frozenset[int]:
    """Keys of the streets whose committee the viewer speaks for."""
    scopes = viewer.scopes(Role.COMMITTEE_OFFICER)
    return frozenset(int(scope.key) for scope in scopes if scope.kind is ScopeKind.STREET)


def planned_organisations_now(viewer: Viewer) -> QuerySet[OrganisationVersion]:
    """Open versions of the organisations that the viewer plans for."""
    # Streets, sites and trades of these roles do not depend on the day that in_scope is asked for.
    scope = in_scope(viewer, at=date.max, roles=PLANNING_ROLES)
    return OrganisationVersion.objects.filter(scope, valid_to__isnull=True).order_by()


def reached_organisations(viewer: Viewer, keys: Iterable[int]) -> set[int]:
    """Those of some organisations that the viewer plans for."""
    found = planned_organisations_now(viewer).filter(organisation_id__in=set(keys))
    return set(found.values_list("organisation_id", flat=True))


def reached_branches(viewer: Viewer, keys: Iterable[int]) -> set[int]:
    """Those of some Party organisations in the viewer's streets, or covering one the viewer plans for."""
    wanted = set(keys)
    if not wanted or plans_district(viewer):
        return wanted
    covering = PartyCoverage.objects.filter(
        valid_to__isnull=True,
        organisation_id__in=planned_organisations_now(viewer).values("organisation_id"),
    ).order_by()
    found = PartyOrganisationVersion.objects.filter(
        Q(street_id__in=own_streets(viewer))
        | Q(party_organisation_id__in=covering.values("party_organisation_id")),
        valid_to__isnull=True,
        party_organisation_id__in=wanted,
    ).order_by()
    return set(found.values_list("party_organisation_id", flat=True))
