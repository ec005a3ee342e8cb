"""The day a page is asked about."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone


def asked_date(request: HttpRequest, *, may_be_future: bool = False) -> date:
    """The day in `?at=YYYY-MM-DD`; today without one, and today with a message for a bad one.

    A day that has not come is a bad one but where `may_be_future`: the ledger tells what has happened.
    Another day than today is told over the page: see `other_day`.
    """
    today = timezone.localdate()
    day = _understood(request, today=today, may_be_future=may_be_future)
    request.asked_day = day  # type: ignore[attr-defined]
    return day


def other_day(request: HttpRequest) -> date | None:
    """The day the page was worked out for, where that is not today."""
    day: date | None = getattr(request, "asked_day", None)
    return None if day is None or day == timezone.localdate() else day


def today_url(request: HttpRequest) -> str:
    """The address of the same page for today."""
    asked = request.GET.copy()
    for name in ("at", "page", "export"):
        asked.pop(name, None)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _understood(request: HttpRequest, *, today: date, may_be_future: bool) -> date:
    text = request.GET.get("at", "").strip()
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        _say(request, f"看不懂日期“{text[:20]}”，已按今天显示。日期应写作 2026-03-05。")
        return today
    if day > today and not may_be_future:
        _say(request, f"{day} 还没有到，已按今天显示；台账只记已经发生的事。")
        return today
    return day


def _say(request: HttpRequest, words: str) -> None:
    # A page may ask for its day more than once.
    if getattr(request, "asked_day", None) is None:
        messages.warning(request, words)
