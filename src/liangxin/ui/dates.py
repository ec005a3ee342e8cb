"""The day a page is asked about."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone


def asked_date(request: HttpRequest) -> date:
    """The day in `?at=YYYY-MM-DD`; today without one, and today with a message for a bad one."""
    text = request.GET.get("at", "").strip()
    today = timezone.localdate()
    if not text:
        return today
    try:
        return date.fromisoformat(text)
    except ValueError:
        messages.warning(request, f"看不懂日期“{text[:20]}”，已按今天显示。日期应写作 2026-03-05。")
        return today
