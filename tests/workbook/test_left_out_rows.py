"""Both rows of a two-row header are left out where a printed page repeats them."""

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
