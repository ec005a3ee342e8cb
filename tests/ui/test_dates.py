from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from liangxin.ui.dates import asked_date


def asked(query: str) -> HttpRequest:
    request = RequestFactory().get(f"/{query}")
    request._messages = CookieStorage(request)
    return request


def test_asked_date_reads_the_day_in_the_address() -> None:
    assert asked_date(asked("?at=2025-12-31")) == date(2025, 12, 31)


def test_asked_date_is_today_without_one() -> None:
    request = asked("")

    assert (asked_date(request), list(get_messages(request))) == (timezone.localdate(), [])


@pytest.mark.parametrize("text", ["2025-13-01", "昨天", "2025/12/31"])
def test_asked_date_is_today_with_a_message_for_a_bad_one(text: str) -> None:
    request = asked(f"?at={text}")

    assert asked_date(request) == timezone.localdate()
    assert [str(one) for one in get_messages(request)] == [
        f"看不懂日期“{text}”，已按今天显示。日期应写作 2026-03-05。"
    ]
