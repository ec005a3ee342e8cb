"""Scope: which organisations a viewer's roles reach, as one condition on OrganisationVersion."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from liangxin.kernel.remembering import remembered
from liangxin.kernel.viewer import Role, Scope, ScopeKind, Viewer
from liangxin.registry.models import (
    OrganisationVersion,
    PartyCoverage,
    PartyOrganisationVersion,
    Posting,
)
from liangxin.registry.queries.periods import true_at

# Roles whose scope reaches organisations at all; a member's or a subscriber's does not.
REACHING = (
    Role.DISTRICT_OFFICE,
    Role.COMMITTEE_OFFICER,
    Role.SECRETARY,
    Role.INSTRUCTOR,
    Role.OWNER,
)
NOTHING = Q(pk__in=())


def in_scope(viewer: Viewer, *, at: date, roles: tuple[Role, ...] = REACHING) -> Q:
    """A condition on OrganisationVersion rows that keeps what `viewer` may see on the day `at`."""
    scopes = viewer.scopes(*roles)
    if any(scope.kind is ScopeKind.DISTRICT for scope in scopes):
        return Q()
    condition = NOTHING
    for scope in sorted(scopes):
        condition |= _reach(scope, at=at)
    return condition


def reached_versions(keys: Iterable[int], scope: Q) -> frozenset[int]:
    """Those of a few versions that a scope keeps; a request asks once where two roles reach alike."""
    asked = tuple(sorted(keys))
    if not scope:
        return frozenset(asked)
    found = OrganisationVersion.objects.filter(scope, pk__in=asked).order_by()
    return remembered(
        ("reached", asked, scope), lambda: frozenset(found.values_list("pk", flat=True))
    )


def _reach(scope: Scope, *, at: date) -> Q:
    match scope.kind:
        case ScopeKind.STREET:
            return Q(street_id=int(scope.key))
        case ScopeKind.SITE:
            return Q(site_id=int(scope.key))
        case ScopeKind.TRADE if scope.key.isalpha():
            return Q(industry_section=scope.key)
        case ScopeKind.TRADE:
            return Q(industry_code__startswith=scope.key)
        case ScopeKind.ORGANISATION:
            return Q(organisation_id=int(scope.key))
        case ScopeKind.PARTY_ORGANISATION:
            # A branch that is only proposed covers nobody yet.
            covered = PartyCoverage.objects.filter(
                true_at(at),
                party_organisation_id__in=with_branches_below([int(scope.key)], at=at),
                party_organisation__founded_date__lte=at,
            )
            return Q(organisation_id__in=covered.values("organisation_id"))
        case ScopeKind.ASSIGNED_FIRMS:
            posted = Posting.objects.filter(true_at(at), person_id=int(scope.key))
            return Q(organisation_id__in=posted.values("organisation_id"))
        case _:
            return NOTHING


def organisations_in_scope(
    viewer: Viewer, *, at: date, among: Iterable[int] | None = None
) -> QuerySet[OrganisationVersion]:
    """Versions true on `at` of the organisations that `viewer` may see; `among` asks for some only."""
    found = OrganisationVersion.objects.filter(true_at(at), in_scope(viewer, at=at))
    return found if among is None else found.filter(pk__in=versions_of(among))


def versions_of(organisations: Iterable[int]) -> list[int]:
    """Keys of every version of some organisations.

    By these a database starts from the few that are asked for, and not from all of a scope.
    """
    found = OrganisationVersion.objects.filter(organisation_id__in=list(organisations))
    return list(found.order_by().values_list("pk", flat=True))


def party_organisations_of(viewer: Viewer, *, at: date) -> list[int]:
    """Keys of the Party organisations whose secretary the viewer is on `at`, with all those below them.

    The secretary of a committee answers for its branches and so reads what theirs may read. What a
    secretary may do stays with the role: nobody's grants are theirs to change.
    """
    scopes = viewer.scopes(Role.SECRETARY)
    own = [int(scope.key) for scope in scopes if scope.kind is ScopeKind.PARTY_ORGANISATION]
    return with_branches_below(own, at=at)


def with_branches_below(keys: Iterable[int], *, at: date) -> list[int]:
    """Some Party organisations and every one under them in the tree of the day `at`, by key."""
    asked = frozenset(keys)
    return list(
        remembered(("branches below", asked, at), lambda: _with_branches_below(asked, at=at))
    )


def _with_branches_below(keys: Iterable[int], *, at: date) -> list[int]:
    found: set[int] = set()
    level = set(keys)
    # Level by level, each asked once: parents that form a circle end the walk instead of never ending it.
    while level:
        found |= level
        children = PartyOrganisationVersion.objects.filter(true_at(at), parent_id__in=level)
        level = set(children.order_by().values_list("party_organisation_id", flat=True)) - found
    return sorted(found)
