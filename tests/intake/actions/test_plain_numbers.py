"""Columns mixed up or a record taken for the header: still no plain number outside a seal."""

import json
from pathlib import Path

import pytest
from django.core import serializers

from liangxin.intake.models import SheetReading, StagedRow
from tests.factories.intake import MEMBER_HEADER, staged, write_list
from tests.factories.registry import make_area, next_id_number

pytestmark = pytest.mark.django_db
PHONE = "12034567890"


def stored_text() -> str:
    """Everything the two tables hold but the seals."""
    found = json.loads(
        serializers.serialize("json", [*SheetReading.objects.all(), *StagedRow.objects.all()])
    )
    return json.dumps([{**row["fields"], "sealed": ""} for row in found], ensure_ascii=False)


def test_staged_rows_and_sheets_hold_no_plain_number(tmp_path: Path) -> None:
    make_area("甲街道")
    numbers = [next_id_number() for _ in range(4)]
    header = (*MEMBER_HEADER, PHONE, numbers[3])
    rows = (
        [numbers[0], "张三", "甲公司", "正式党员"],
        ["李四", numbers[1], numbers[2], PHONE],
    )
    batch = staged(write_list(tmp_path, "党员.xlsx", header, *rows))
    text = stored_text()
    assert batch.counts["rejected"] == len(rows)
    assert "120****7890" in text
    assert [number for number in (*numbers, PHONE) if number in text] == []
