"""Addresses that keep the day a page is asked about."""

from datetime import date

from django.urls import reverse
from django.utils import timezone


def dated_url(name: str, *args: object, at: date) -> str:
    """The address of a page on the day `at`; today's needs no date."""
    url = reverse(name, args=args)
    return url if at == timezone.localdate() else f"{url}?at={at.isoformat()}"
