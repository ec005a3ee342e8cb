"""Roles given over scopes and taken back; every grant stays on record with its period."""

from datetime import date

from django.db import transaction

from liangxin.accounts.models import RoleGrant
from liangxin.accounts.queries import scope_title
from liangxin.kernel.audit import record
from liangxin.kernel.models import User
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import (
    ROLE_SCOPES,
    ROLE_TITLES,
    SCOPE_TITLES,
    Role,
    Scope,
    ScopeKind,
    Viewer,
)

OWN_RECORD_ACCESS = "本人资料查询"


class ScopeDoesNotFit(ValueError):
    """The role is not held over scopes of this kind, or the scope does not exist; said in Chinese."""


class RoleAlreadyHeld(ValueError):
    """The account holds this role over this scope already; said in Chinese."""


def grant_role(user: User, *, role: Role, scope: Scope, from_date: date, by: Viewer) -> RoleGrant:
    """Give `role` over `scope` from a day on. Raises ScopeDoesNotFit, RoleAlreadyHeld."""
    require(by, Permission.MANAGE_USERS)
    if scope.kind not in ROLE_SCOPES[role]:
        raise ScopeDoesNotFit(f"“{ROLE_TITLES[role]}”不能授予“{SCOPE_TITLES[scope.kind]}”范围。")
    title = scope_title(scope)
    if title is None:
        raise ScopeDoesNotFit("台账里没有所选的范围，请重新搜索选择。")
    with transaction.atomic():
        grant, is_new = RoleGrant.objects.get_or_create(
            user=user,
            role=role,
            scope_kind=scope.kind,
            scope_key=scope.key,
            valid_to=None,
            defaults={"valid_from": from_date, "granted_by_id": by.user_id},
        )
        if not is_new:
            raise RoleAlreadyHeld(f"{user.name} 已经是“{title}”的{ROLE_TITLES[role]}。")
        summary = f"授予 {user.username}：{told_role(role, title)}，自 {from_date} 起"
        record(
            "grant.give",
            by=by,
            summary=summary,
            about=user,
            details={"role": told_code(role)},
            changes_ledger=False,
        )
    return grant


def told_role(role: Role, over: str = "") -> str:
    """A role as the audit trail names it, with what it is held over.

    The role of a member is called by what it opens, and whose record it opens is left out: the trail
    would else name Party members to everybody who reads it, for good.
    """
    if role is Role.MEMBER:
        return OWN_RECORD_ACCESS
    return f"{ROLE_TITLES[role]}（{over}）" if over else ROLE_TITLES[role]


def told_code(role: Role) -> str:
    """The same for the details of an entry."""
    return str(ScopeKind.OWN_RECORD if role is Role.MEMBER else role)


def end_grant(grant: RoleGrant, *, today: date, by: Viewer) -> None:
    """End a running grant at once: it holds no more from today on."""
    require(by, Permission.MANAGE_USERS)
    with transaction.atomic():
        running = RoleGrant.objects.filter(pk=grant.pk, valid_to__isnull=True)
        # A grant that begins later never held: its period is empty.
        if not running.update(valid_to=max(today, grant.valid_from)):
            return
        summary = f"收回 {grant.user.username} 的{told_role(Role(grant.role))}"
        record(
            "grant.end",
            by=by,
            summary=summary,
            about=grant.user,
            details={"role": told_code(Role(grant.role))},
            changes_ledger=False,
        )
