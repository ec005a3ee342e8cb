"""Accounts: made, switched off and on again; never removed."""

from django.db import transaction
from django.utils import timezone

from liangxin.accounts.models import AccountEnd
from liangxin.kernel.audit import record
from liangxin.kernel.models import User
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer


class UsernameTaken(ValueError):
    """Another account has this login name; the text says so in Chinese."""


class OwnAccount(ValueError):
    """Administrators may not switch off the account they use; the text says so in Chinese."""


def create_user(
    *, username: str, name: str, password: str, by: Viewer, is_synthetic: bool = False
) -> User:
    """Make an account that may log in and holds no role yet. Raises UsernameTaken."""
    require(by, Permission.MANAGE_USERS)
    with transaction.atomic():
        if User.objects.filter(username__iexact=username).exists():
            raise UsernameTaken(f"登录名“{username}”已经有人用了，请换一个。")
        user = User(username=username, name=name, is_synthetic=is_synthetic)
        user.set_password(password)
        user.save()
        record(
            "user.create",
            by=by,
            summary=f"建立账号 {username}（{name}）",
            about=user,
            changes_ledger=False,
        )
    return user


def deactivate_user(user: User, *, by: Viewer) -> None:
    """Switch an account off; grants stay on record, sessions end at their next request."""
    require(by, Permission.MANAGE_USERS)
    if user.pk == by.user_id:
        raise OwnAccount("不能停用自己正在使用的账号，请由另一位管理员办理。")
    _switch(user, on=False, by=by)


def reactivate_user(user: User, *, by: Viewer) -> None:
    """Let an account log in again, with the grants that still run."""
    require(by, Permission.MANAGE_USERS)
    _switch(user, on=True, by=by)


def _switch(user: User, *, on: bool, by: Viewer) -> None:
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, is_active=not on).update(is_active=on)
        if on:
            changed += AccountEnd.objects.filter(user=user).delete()[0]
        user.is_active = on
        if changed:
            word, action = ("恢复", "user.reactivate") if on else ("停用", "user.deactivate")
            at = timezone.localtime().strftime("%Y-%m-%d %H:%M")
            summary = f"{word}账号 {user.username}（{user.name}），{at}"
            record(action, by=by, summary=summary, about=user, changes_ledger=False)
