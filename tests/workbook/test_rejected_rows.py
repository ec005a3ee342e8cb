"""Rejected rows go out as they came, with reasons, and come in again unchanged."""

import io
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook

from liangxin.workbook.book import MergedRange, Sheet
from liangxin.workbook.cells import Cell, CellError
from liangxin.workbook.cleaning import CleanRow, clean_rows
from liangxin.workbook.reading import read_book
from liangxin.workbook.recognising import recognise
from liangxin.workbook.rejected_rows import RejectedRow, rejected_sheet, rejected_workbook
from tests.workbook.making import TODAY, sheet

HEADER = ("企业名称", "统一社会信用代码", "从业人数", "营业收入", "登记状态", "联系电话")
ROW: tuple[Cell, ...] = ("=甲公司", 9.11234567890123e17, -3, 12000, CellError("#N/A"), "无此号")


def again(table: Sheet, path: Path) -> tuple[list[CleanRow], list[CleanRow]]:
    """Return the records of a sheet, and those of the workbook its rejected rows make."""
    recognition = recognise(table)
    rows = list(clean_rows(table, recognition, today=TODAY))
    rejected = [RejectedRow(row.number, row.raw, row.faults) for row in rows]
    rejected_workbook(path, [rejected_sheet(recognition, rows=rejected)])
    (second,) = read_book(path, file_name=path.name).sheets
    recognised = recognise(second)
    assert [problem for problem in recognised.problems if problem.blocking] == []
    return rows, list(clean_rows(second, recognised, today=TODAY))


def test_rejected_workbook_comes_back_with_the_same_values_and_faults(tmp_path: Path) -> None:
    first, second = again(sheet(["单位：元"], HEADER, ROW), tmp_path / "a.xlsx")
    assert [row.values for row in second] == [row.values for row in first]
    assert [[f.reason for f in row.faults] for row in second] == [
        [f.reason for f in row.faults] for row in first
    ]
    assert first[0].values["revenue_wan"] == Decimal("1.2")


def test_rejected_workbook_keeps_a_two_row_header_readable(tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [
        ("企业名称", "法定代表人", "法定代表人", "人数"),
        ("企业名称", "姓名", "电话", "人数"),
        ("甲公司", "张三", "1", "三"),
    ]
    merged = (MergedRange(0, 0, 1, 0), MergedRange(0, 1, 0, 2), MergedRange(0, 3, 1, 3))
    first, second = again(Sheet("企业", rows, merged=merged), tmp_path / "a.xlsx")
    assert [row.values for row in second] == [row.values for row in first]


def test_rejected_workbook_shows_reason_mend_and_row_number() -> None:
    table = sheet(HEADER, ("甲公司", None, "三", None, "火星", None))
    recognition = recognise(table)
    (row,) = clean_rows(table, recognition, today=TODAY)
    stream = io.BytesIO()
    rejected_workbook(
        stream,
        [rejected_sheet(recognition, rows=[RejectedRow(row.number, row.raw, row.faults)])],
    )
    content = _rows(stream)
    assert content[1][-3:] == ("退回原因", "修改办法", "原行号")
    assert content[2][-3:] == (
        "从业人数：“三”不是一个数；登记状态：“火星”不是认识的登记状态",
        "请只填数字，例如120；请填其中一种：存续、注销、空壳、停业",
        2,
    )


def _rows(stream: io.BytesIO) -> list[tuple[object, ...]]:
    worksheet = load_workbook(stream).active
    assert worksheet is not None
    return [tuple(row) for row in worksheet.iter_rows(values_only=True)]
