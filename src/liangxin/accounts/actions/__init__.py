"""What changes accounts and grants."""

from liangxin.accounts.actions.grants import (
    RoleAlreadyHeld,
    ScopeDoesNotFit,
    end_grant,
    grant_role,
)
from liangxin.accounts.actions.passwords import change_own_password, new_password, reset_password
from liangxin.accounts.actions.users import (
    OwnAccount,
    UsernameTaken,
    create_user,
    deactivate_user,
    reactivate_user,
)

__all__ = [
    "OwnAccount",
    "RoleAlreadyHeld",
    "ScopeDoesNotFit",
    "UsernameTaken",
    "change_own_password",
    "create_user",
    "deactivate_user",
    "end_grant",
    "grant_role",
    "new_password",
    "reactivate_user",
    "reset_password",
]
