"""Accounts and viewers for tests."""

from datetime import date
from itertools import count

from django.test import Client

from liangxin.accounts.models import Passkey, RoleGrant
from liangxin.kernel.models import User
from liangxin.kernel.viewer import ROLE_SCOPES, Held, Role, Scope, ScopeKind, Viewer

SINCE = date(2024, 1, 1)
PASSWORD = "a-long-test-password"
_serial = count(1)


def make_user(
    role: Role | None = None,
    scope: Scope | None = None,
    *,
    username: str = "",
    name: str = "测试用户",
) -> User:
    """An account; with a role it holds it since 2024, over nothing that exists unless told."""
    user = User(username=username or f"user{next(_serial):06d}", name=name)
    user.set_password(PASSWORD)
    user.save()
    if role is not None:
        make_grant(user, role, scope)
    return user


def scope_of_nothing(role: Role) -> Scope:
    """A scope that fits the role; unless it is the district's, over an object that does not exist."""
    kind = ROLE_SCOPES[role][0]
    is_whole = kind in (ScopeKind.DISTRICT, ScopeKind.LIBRARY_ONLY)
    return Scope(kind, "" if is_whole else "0")


def make_grant(
    user: User, role: Role, scope: Scope | None = None, *, valid_from: date = SINCE
) -> RoleGrant:
    """A running grant."""
    scope = scope or scope_of_nothing(role)
    return RoleGrant.objects.create(
        user=user,
        role=role,
        scope_kind=scope.kind,
        scope_key=scope.key,
        valid_from=valid_from,
    )


def make_passkey(user: User) -> Passkey:
    """A passkey that no device holds."""
    return Passkey.objects.create(
        user=user, name="测试密钥", credential_id=f"test-{next(_serial)}", credential=b"no key"
    )


def viewer_for(role: Role, scope: Scope | None = None, *, user: User | None = None) -> Viewer:
    """A viewer who holds one role, of no account unless told."""
    held = Held(role, scope or scope_of_nothing(role))
    return Viewer(
        user_id=user.pk if user else None,
        username=user.username if user else "tester",
        name=user.name if user else "测试用户",
        held=frozenset({held}),
    )


def client_of(user: User) -> Client:
    """A browser in which the account is logged in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
