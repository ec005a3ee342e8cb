"""Grants, and what proves that an account is used by its owner."""

from liangxin.accounts.models.ends import AccountEnd
from liangxin.accounts.models.grants import RoleGrant
from liangxin.accounts.models.proofs import Passkey, RecoveryCode, SignIn, Totp
from liangxin.accounts.models.tokens import ApiToken

__all__ = ["AccountEnd", "ApiToken", "Passkey", "RecoveryCode", "RoleGrant", "SignIn", "Totp"]
