from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.html import format_html

from liangxin.ui.shown import shown, written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        ("", "—"),
        (True, "是"),
        (0, "0"),
        (12345, "12,345"),
        (Decimal("1234.50"), "1,234.50"),
        (date(2026, 3, 5), "2026-03-05"),
        (datetime(2026, 3, 5, 16, 0, tzinfo=UTC), "2026-03-06 00:00"),
        ("云台街道", "云台街道"),
    ],
)
def test_shown_writes_values_for_a_page(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, None),
        (False, "否"),
        (12345, 12345),
        (Decimal("1.5"), 1.5),
        (date(2026, 3, 5), date(2026, 3, 5)),
        (datetime(2026, 3, 5, 16, 0, tzinfo=UTC), "2026-03-06 00:00"),
        (format_html("<b>{}</b>", "粗"), "粗"),
        ("<原样>", "<原样>"),
    ],
)
def test_written_keeps_numbers_and_dates_for_a_workbook(value: object, cell: object) -> None:
    assert written(value) == cell
