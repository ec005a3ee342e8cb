"""Passwords: set by their owner, or reset by an administrator and shown once."""

import secrets

from django.db import transaction

from liangxin.kernel.audit import record
from liangxin.kernel.models import User
from liangxin.kernel.permissions import NotAllowed, Permission, require
from liangxin.kernel.viewer import Viewer

# Without 0, O, 1, l and I, which are confused when copied from paper.
READABLE = "23456789abcdefghijkmnpqrstuvwxyz"
GROUPS, GROUP_LENGTH = 4, 4


def new_password() -> str:
    """A random password of 16 readable characters in groups of four (about 80 bits)."""
    groups = ("".join(secrets.choice(READABLE) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def reset_password(user: User, *, by: Viewer) -> str:
    """Give the account a new random password and return it; it is kept nowhere in the clear."""
    require(by, Permission.MANAGE_USERS)
    password = new_password()
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        record(
            "user.reset_password",
            by=by,
            summary=f"重置账号 {user.username} 的密码",
            about=user,
            changes_ledger=False,
        )
    return password


def change_own_password(user: User, *, new: str, by: Viewer) -> None:
    """Set one's own password; the caller has checked the old one."""
    if user.pk != by.user_id:
        raise NotAllowed("只能修改自己的密码。")
    with transaction.atomic():
        user.set_password(new)
        user.save(update_fields=["password"])
        record(
            "user.change_password",
            by=by,
            summary="修改自己的密码",
            about=user,
            changes_ledger=False,
        )
