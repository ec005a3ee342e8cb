"""Untidy cells read the same once full-width characters and spaces are cleaned."""

from datetime import date
from random import Random
from unicodedata import normalize

import pytest

from liangxin.demo.noise import EXCEL_EPOCH, untidy, wide
from liangxin.demo.records import Record


def _untidied(code: str, value: str | int | float | date) -> list[object]:
    cells: list[object] = []
    for seed in range(300):
        record: Record = {code: value}
        untidy(record, Random(seed))
        if record[code] != value:
            cells.append(record[code])
    return cells


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("name", "示例区云帆软件有限公司"),
        ("uscc", "91990101MARYGEDM54"),
        ("phone", "12021954727"),
        ("legal_representative", "张三"),
        ("street", "青禾街道"),
    ],
)
def test_untidy_keeps_the_text_under_the_mess(code: str, value: str) -> None:
    cells = _untidied(code, value)

    cleaned = {"".join(normalize("NFKC", str(cell)).split()).upper() for cell in cells}
    assert cleaned == {value}


def test_untidy_keeps_the_number_under_the_mess() -> None:
    cells = _untidied("employees", 1200)

    cleaned = {normalize("NFKC", str(c)).replace(",", "").strip(" 人") for c in cells}
    assert cleaned == {"1200"}
    assert "1,200" in cells
    assert "1200人" in cells


def test_untidy_writes_dates_in_the_ways_offices_do() -> None:
    cells = set(map(str, _untidied("established_date", date(2021, 3, 5))))

    serial = str((date(2021, 3, 5) - EXCEL_EPOCH).days)
    assert cells == {"2021年3月5日", "2021.3.5", "2021/03/05", "20210305", "2021-03-05 ", serial}


def test_untidy_leaves_blank_cells_blank() -> None:
    record: Record = {"uscc": "", "full_date": None}
    for seed in range(100):
        untidy(record, Random(seed))

    assert record == {"uscc": "", "full_date": None}


def test_wide_turns_digits_full_width() -> None:
    assert wide("120") == "１２０"
