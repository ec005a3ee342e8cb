"""Second factors: set up by their owner, used at the second step, taken away when a device is lost."""

import secrets
from datetime import datetime, timedelta

import pyotp
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from liangxin.accounts.actions.passwords import READABLE
from liangxin.accounts.models import Passkey, RecoveryCode, Totp
from liangxin.kernel.audit import record
from liangxin.kernel.models import User
from liangxin.kernel.permissions import NotAllowed, Permission, require
from liangxin.kernel.viewer import Viewer

STEP_S = 30
# One step to either side: phones whose clock is a little off still work.
DRIFT_STEPS = 1
MOST_FAILURES = 5
PAUSE = timedelta(minutes=15)
CODES, CODE_LENGTH = 10, 10


class WrongCode(ValueError):
    """The code is not the one of now; the text says so in Chinese."""


class AlreadyOn(ValueError):
    """The authenticator app is set up already; the text says what to do."""


class TooManyCodes(ValueError):
    """Too many wrong codes; the text says how long to wait."""


def begin_totp(user: User, *, by: Viewer) -> str:
    """A fresh secret for the authenticator app; it counts only after `confirm_totp`. Raises AlreadyOn."""
    _refuse_others(user, by=by)
    if Totp.objects.filter(user=user, confirmed_at__isnull=False).exists():
        raise AlreadyOn("手机动态码已经启用；换手机时请先停用，再重新启用。")
    secret = pyotp.random_base32()
    Totp.objects.update_or_create(
        user=user, confirmed_at=None, defaults={"secret": secret, "last_step": 0}
    )
    return secret


def pending_secret(user: User) -> str | None:
    """The secret that waits for its first code."""
    waiting = Totp.objects.filter(user=user, confirmed_at__isnull=True).first()
    return waiting.secret if waiting else None


def confirm_totp(user: User, *, code: str, now: datetime, by: Viewer) -> list[str]:
    """Let the authenticator app count from now on; returns fresh recovery codes, shown once."""
    _refuse_others(user, by=by)
    with transaction.atomic():
        totp = Totp.objects.select_for_update().filter(user=user, confirmed_at=None).first()
        step = _matching_step(totp.secret, code=code, now=now) if totp else None
        if totp is None or step is None:
            raise WrongCode("动态码不对：请确认手机时间准确，再输入应用里正在显示的 6 位数字。")
        totp.confirmed_at, totp.last_step = now, step
        totp.save()
        _record("user.totp_on", "启用手机动态码", user=user, by=by)
        return _fresh_codes(user)


def check_code(user: User, *, code: str, now: datetime) -> None:
    """Accept an app's code or a recovery code, each once; raises WrongCode, TooManyCodes."""
    refused: ValueError | None = None
    with transaction.atomic():
        totp = (
            Totp.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
        )
        if totp is None:
            raise WrongCode("这个账号没有启用手机动态码。")
        if totp.locked_until_at and totp.locked_until_at > now:
            raise TooManyCodes("动态码连续输错，请 15 分钟后再试。")
        if _is_accepted(totp, code=code, now=now):
            totp.failures, totp.locked_until_at = 0, None
        else:
            # Raised after the block: an exception inside would roll the count back.
            refused = _count_failure(totp, now=now)
        totp.save()
    if refused:
        raise refused


def _is_accepted(totp: Totp, *, code: str, now: datetime) -> bool:
    step = _matching_step(totp.secret, code=code, now=now)
    if step is not None and step > totp.last_step:
        totp.last_step = step
        return True
    return step is None and _use_recovery_code(totp.user, code=code, now=now)


def _count_failure(totp: Totp, *, now: datetime) -> ValueError:
    totp.failures += 1
    if totp.failures < MOST_FAILURES:
        return WrongCode("动态码不对，或者刚用过：请等应用换一个新码再输入。")
    totp.failures, totp.locked_until_at = 0, now + PAUSE
    return TooManyCodes("动态码连续输错，请 15 分钟后再试。")


def _matching_step(secret: str, *, code: str, now: datetime) -> int | None:
    given = "".join(code.split())
    totp = pyotp.TOTP(secret, interval=STEP_S)
    current = int(now.timestamp()) // STEP_S
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        if secrets.compare_digest(totp.at(step * STEP_S).encode(), given.encode()):
            return step
    return None


def _use_recovery_code(user: User, *, code: str, now: datetime) -> bool:
    given = "".join(code.split()).replace("-", "").lower()
    if len(given) != CODE_LENGTH:
        return False
    for one in RecoveryCode.objects.select_for_update().filter(user=user, used_at=None):
        if check_password(given, one.digest):
            one.used_at = now
            one.save(update_fields=["used_at"])
            return True
    return False


def new_recovery_codes(user: User, *, by: Viewer) -> list[str]:
    """Ten fresh codes, shown once; the old ones stop working."""
    _refuse_others(user, by=by)
    with transaction.atomic():
        _record("user.recovery_codes", "重新生成备用码", user=user, by=by)
        return _fresh_codes(user)


def _fresh_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["".join(secrets.choice(READABLE) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=make_password(code)) for code in codes
    )
    half = CODE_LENGTH // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def remove_totp(user: User, *, by: Viewer) -> None:
    """Switch the authenticator app off."""
    _refuse_others(user, by=by)
    with transaction.atomic():
        Totp.objects.filter(user=user).delete()
        if not Passkey.objects.filter(user=user).exists():
            RecoveryCode.objects.filter(user=user).delete()
        _record("user.totp_off", "停用手机动态码", user=user, by=by)


def remove_passkey(passkey: Passkey, *, by: Viewer) -> None:
    """Forget one device or security key."""
    _refuse_others(passkey.user, by=by)
    with transaction.atomic():
        passkey.delete()
        _record("user.passkey_remove", f"删除通行密钥“{passkey.name}”", user=passkey.user, by=by)


def reset_second_factors(user: User, *, by: Viewer) -> None:
    """For whoever lost the phone and the paper: the account is opened by its password again."""
    require(by, Permission.MANAGE_USERS)
    with transaction.atomic():
        Totp.objects.filter(user=user).delete()
        Passkey.objects.filter(user=user).delete()
        RecoveryCode.objects.filter(user=user).delete()
        summary = f"清除账号 {user.username} 的两步验证"
        _record("user.reset_second_factors", summary, user=user, by=by)


def _refuse_others(user: User, *, by: Viewer) -> None:
    if user.pk != by.user_id:
        raise NotAllowed("只能设置自己的登录方式。")


def _record(action: str, summary: str, *, user: User, by: Viewer) -> None:
    record(action, by=by, summary=summary, about=user, changes_ledger=False)
