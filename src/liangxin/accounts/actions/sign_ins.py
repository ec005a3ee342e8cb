"""Where an account is signed in: noted at the beginning, ended by its owner."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from liangxin.accounts.models import SignIn
from liangxin.kernel.audit import record
from liangxin.kernel.models import User
from liangxin.kernel.viewer import Viewer

# What a browser calls itself, in words somebody recognises; the first that fits counts.
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "安卓手机"),
    ("HarmonyOS", "鸿蒙设备"),
    ("Windows", "Windows 电脑"),
    ("Mac OS", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)
BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def note_sign_in(
    user: User, *, session_key: str, address: str, agent: str, is_two_step: bool, now: datetime
) -> SignIn:
    """Keep where and with what an account was signed in."""
    return SignIn.objects.create(
        user=user,
        session_key=session_key,
        started_at=now,
        address=address,
        device=_device(agent),
        is_two_step=is_two_step,
    )


def end_other_sign_ins(user: User, *, session_key: str, by: Viewer) -> int:
    """End every session of the account but this one; returns how many ended."""
    keys = SignIn.objects.filter(user=user).exclude(session_key=session_key)
    with transaction.atomic():
        ended, _ = Session.objects.filter(session_key__in=keys.values("session_key")).delete()
        record(
            "user.end_sign_ins",
            by=by,
            summary=f"退出其他 {ended} 处登录",
            about=user,
            changes_ledger=False,
        )
    return ended


def _device(agent: str) -> str:
    system = next((title for word, title in SYSTEMS if word in agent), "其他设备")
    browser = next((title for word, title in BROWSERS if word in agent), "")
    return f"{system} {browser}".strip()
