"""Who somebody is, as seen by the rest of the house."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from liangxin.accounts.models import RoleGrant
from liangxin.kernel.models import User
from liangxin.kernel.viewer import STRANGER, Held, Role, Scope, ScopeKind, Viewer
from liangxin.registry.queries.merged import (
    site_family,
    street_family,
    surviving_organisation,
    surviving_person,
)

# A grant over what a merge absorbed holds for what stands in its place.
SURVIVING = {
    ScopeKind.ORGANISATION: surviving_organisation,
    ScopeKind.OWN_RECORD: surviving_person,
    ScopeKind.ASSIGNED_FIRMS: surviving_person,
}
# A grant over a place holds for all that was taken together: also their past days are read by it.
FAMILIES = {ScopeKind.STREET: street_family, ScopeKind.SITE: site_family}


def viewer_of(user: User | AnonymousUser, *, at: date) -> Viewer:
    """The viewer for an account with the grants that hold on the day `at`."""
    # request.user is a lazy stand-in: isinstance works on it, identity does not.
    if not isinstance(user, User) or not user.is_active:
        return STRANGER
    grants = (
        RoleGrant.objects.filter(user=user, valid_from__lte=at)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at))
        # A session may be older than the day on which its account ends.
        .exclude(user__account_end__on_date__lte=at)
    )
    held = frozenset(
        Held(Role(grant.role), scope)
        for grant in grants
        for scope in _lasting(ScopeKind(grant.scope_kind), grant.scope_key)
    )
    return Viewer(user_id=user.pk, username=user.username, name=user.name, held=held)


def _lasting(kind: ScopeKind, key: str) -> list[Scope]:
    if kind in SURVIVING and key.isdecimal():
        return [Scope(kind, str(SURVIVING[kind](int(key))))]
    if kind in FAMILIES and key.isdecimal():
        return [Scope(kind, str(one)) for one in FAMILIES[kind](int(key))]
    return [Scope(kind, key)]
