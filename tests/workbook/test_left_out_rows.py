"""Repeated headers, sections and counts are left out, records never are."""

from liangxin.workbook.book import MergedRange
from liangxin.workbook.cleaning import clean_rows, left_out_rows
from liangxin.workbook.recognising import recognise
from tests.workbook.making import TODAY, sheet

ABOVE = ("企业信息", None, "法定代表人", None, "从业人员（人）")
BELOW = ("名称", "所属街道", "姓名", "电话", None)


def test_left_out_rows_repeated_two_row_header() -> None:
    table = sheet(
        ABOVE,
        BELOW,
        ["甲公司", "甲街道", "甲某", "12000000001", 3],
        ABOVE,
        BELOW,
        ["乙公司", "甲街道", "乙某", "12000000002", 4],
    )
    recognition = recognise(table)

    left = [(row.number, row.reason) for row in left_out_rows(table, recognition)]

    assert left == [(4, "重复的表头"), (5, "重复的表头")]
    assert [row.values["name"] for row in clean_rows(table, recognition, today=TODAY)] == [
        "甲公司",
        "乙公司",
    ]


def test_left_out_rows_section_title_merged_over_the_table() -> None:
    merged = (MergedRange(top=2, left=0, bottom=2, right=2),)
    table = sheet(
        ["企业名称", "所属街道", "从业人数"],
        ["甲公司", "甲街道", 3],
        ["甲街道第二网格", None, None],
        ["乙公司", "甲街道", 4],
        ["共2家", None, None],
        merged=merged,
    )

    left = [(row.number, row.reason) for row in left_out_rows(table, recognise(table))]

    assert left == [(3, "分段标题"), (5, "合计行")]


def test_left_out_rows_never_take_a_bare_name_for_a_section() -> None:
    table = sheet(["企业名称", "所属街道", "从业人数"], ["甲公司", None, None])

    assert list(left_out_rows(table, recognise(table))) == []
