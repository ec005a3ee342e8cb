"""Accounts and the grants they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from liangxin.accounts.models import RoleGrant
from liangxin.accounts.queries.scopes import scope_titles
from liangxin.kernel.models import User
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import ROLE_TITLES, Role, Scope, ScopeKind, Viewer


@dataclass(frozen=True)
class DescribedGrant:
    """A grant with its words."""

    grant: RoleGrant
    role_title: str
    scope_title: str
    is_running: bool


def users(viewer: Viewer, *, at: date) -> QuerySet[User]:
    """Every account with `running_grants` on the day `at`; none for those who do not manage users."""
    if not may(viewer, Permission.MANAGE_USERS):
        return User.objects.none()
    running = RoleGrant.objects.filter(running_at(at))
    return (
        User.objects.select_related("account_end")
        .prefetch_related(Prefetch("role_grants", queryset=running, to_attr="running_grants"))
        .order_by("username", "pk")
    )


def running_at(at: date) -> Q:
    """A condition on RoleGrant: it holds on the day `at`."""
    return Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))


def holds_role(role: str, *, at: date) -> Q:
    """A condition on User: the role is held on the day `at`."""
    return Q(Exists(RoleGrant.objects.filter(running_at(at), user=OuterRef("pk"), role=role)))


def holds_no_role(*, at: date) -> Q:
    """A condition on User: no role is held on the day `at`."""
    return ~Q(Exists(RoleGrant.objects.filter(running_at(at), user=OuterRef("pk"))))


def described_grants(user: User, *, at: date) -> Sequence[DescribedGrant]:
    """The grants an account holds or held, running ones first, with one query for each kind of scope."""
    grants = list(RoleGrant.objects.filter(user=user).order_by("-valid_from", "-id"))
    titles = scope_titles(_scope(grant) for grant in grants)
    described = [
        DescribedGrant(
            grant=grant,
            role_title=ROLE_TITLES[Role(grant.role)],
            scope_title=titles[_scope(grant)] or "台账中已没有",
            is_running=grant.valid_to is None or grant.valid_to > at,
        )
        for grant in grants
    ]
    return sorted(described, key=lambda one: not one.is_running)


def _scope(grant: RoleGrant) -> Scope:
    return Scope(ScopeKind(grant.scope_kind), grant.scope_key)
