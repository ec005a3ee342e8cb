"""What is written opens in office programs, and holds no formula anybody could smuggle in."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from liangxin.workbook import writing
from liangxin.workbook.reading import read_book
from liangxin.workbook.writing import SheetTooLong, TableSheet, safe_text, write_csv, write_xlsx

DANGEROUS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1")


def table(*rows: tuple[writing.TableValue, ...], title: str = "名单") -> TableSheet:
    return TableSheet(title=title, headers=("名称", "值"), rows=rows)


def test_write_xlsx_values_come_back_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = (
        ("甲", 12),
        ("乙", Decimal("1.5")),
        ("丙", date(2021, 3, 5)),
        ("丁", True),
        ("戊", None),
        ("己", datetime(2021, 3, 5, 8, 30)),  # noqa: DTZ001
        ("庚", "91990000MA0000001X"),
        ("辛", 911234567890123456),
    )
    write_xlsx(path, [table(*rows)])
    assert read_book(path, file_name="a.xlsx").sheets[0].rows == [
        ("名称", "值"),
        ("甲", 12),
        ("乙", 1.5),
        ("丙", date(2021, 3, 5)),
        ("丁", "是"),
        ("戊", None),
        ("己", datetime(2021, 3, 5, 8, 30)),  # noqa: DTZ001
        ("庚", "91990000MA0000001X"),
        ("辛", "911234567890123456"),
    ]


@pytest.mark.parametrize("text", DANGEROUS)
def test_write_xlsx_formulas_stay_text(text: str) -> None:
    stream = io.BytesIO()
    write_xlsx(stream, [TableSheet("a", headers=(text,), rows=[(text,)], notes=(text,))])
    cells = [row[0] for row in load_workbook(stream).active.iter_rows()]  # type: ignore[union-attr]
    assert [cell.data_type for cell in cells] == ["s"] * 3
    assert [str(cell.value)[0] for cell in cells] == ["'"] * 3


@pytest.mark.parametrize("text", DANGEROUS)
def test_write_csv_formulas_stay_text(text: str) -> None:
    stream = io.BytesIO()
    write_csv(stream, (text,), [(text,)])
    rows = list(csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline="")))
    assert rows == [["'" + text]] * 2


@given(st.text(min_size=1))
def test_safe_text_begins_no_formula_unless_it_is_a_number_or_dashes(text: str) -> None:
    safe = safe_text(text)
    assert safe in (text, "'" + text)
    if safe[0] in "=+-@\t\r":
        assert not set(safe) - set("+-.,%") - {sign for sign in safe if sign.isdigit()}


@pytest.mark.parametrize("text", ["-3", "+86", "-", "——", "-1,200.5", "甲=乙"])
def test_safe_text_leaves_harmless_text_alone(text: str) -> None:
    assert safe_text(text) == text


def test_write_xlsx_freezes_and_filters_the_header(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(path, [TableSheet("a", ("名称", "值"), [("甲", 1)], notes=("单位：元",))])
    worksheet = load_workbook(path).active
    assert worksheet is not None
    assert (worksheet.freeze_panes, worksheet.auto_filter.ref) == ("A3", "A2:B3")


def test_write_xlsx_titles_are_made_valid_and_unique(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(
        path,
        [table(title="甲/乙?"), table(title="甲/乙*"), table(title=""), table(title="长" * 40)],
    )
    assert load_workbook(path).sheetnames == ["甲_乙_", "甲_乙_(2)", "表", "长" * 31]


def test_write_xlsx_too_long_text_says_that_it_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(path, [table(("字" * 40_000, 1))])
    text = read_book(path, file_name="a.xlsx").sheets[0].rows[1][0]
    assert isinstance(text, str)
    assert (len(text), text.endswith("…（内容过长，后面略去）")) == (32_767, True)


def test_write_xlsx_more_rows_than_excel_holds_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_SHEET_ROWS", 3)
    with pytest.raises(SheetTooLong):
        write_xlsx(tmp_path / "a.xlsx", [table(("甲", 1), ("乙", 2), ("丙", 3))])


def test_write_csv_begins_with_the_mark_excel_needs(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, ("名称", "日期"), [("甲,公司", date(2021, 3, 5)), (None, False)])
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert read_book(path, file_name="a.csv").sheets[0].rows == [
        ("名称", "日期"),
        ("甲,公司", "2021-03-05"),
        (None, "否"),
    ]


def test_write_csv_leaves_the_stream_open() -> None:
    stream = io.BytesIO()
    write_csv(stream, ("a",), [])
    assert not stream.closed
