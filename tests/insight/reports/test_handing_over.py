"""Drafts of reports pass to a successor, what was sent stays with whoever sent it."""

from datetime import date

import pytest

from liangxin.insight.actions.own_reports import HANDOVER
from liangxin.insight.actions.reports import send_report
from tests.factories.reports import account, make_report, make_template

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


def test_drafts_are_handed_over() -> None:
    by = account()
    template = make_template(["{{统计基数}}"], by=by)
    draft, sent = (make_report(template, by=by, at=DAY) for _ in range(2))
    send_report(sent, by=by, on=DAY, to="", today=DAY)
    assert by.user_id is not None

    assert list(HANDOVER.open_rows(by.user_id)) == [draft]
    assert template.title not in HANDOVER.label(draft)
