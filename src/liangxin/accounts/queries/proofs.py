"""How an account is protected, and where it is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.utils import timezone

from liangxin.accounts.models import Passkey, RecoveryCode, SignIn, Totp
from liangxin.kernel.models import User

SHOWN_SIGN_INS = 20


@dataclass(frozen=True, kw_only=True)
class Protection:
    """What stands beside the password of one account."""

    has_totp: bool
    passkeys: Sequence[Passkey]
    recovery_codes_left: int

    @property
    def is_any(self) -> bool:
        return self.has_totp or bool(self.passkeys)


def protection(user: User) -> Protection:
    """The second factors of an account."""
    return Protection(
        has_totp=has_totp(user),
        passkeys=list(Passkey.objects.filter(user=user)),
        recovery_codes_left=RecoveryCode.objects.filter(user=user, used_at__isnull=True).count(),
    )


def has_totp(user: User) -> bool:
    """Whether an authenticator app was set up to the end."""
    return Totp.objects.filter(user=user, confirmed_at__isnull=False).exists()


def has_second_factor(user: User) -> bool:
    """Whether a password alone does not open the account."""
    return has_totp(user) or Passkey.objects.filter(user=user).exists()


def running_sign_ins(user: User) -> Sequence[SignIn]:
    """Where the account is signed in now, newest first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    found = SignIn.objects.filter(user=user, session_key__in=alive)
    return list(found[:SHOWN_SIGN_INS])
