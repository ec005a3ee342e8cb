"""A person merged over several rows with a unit in each is one record with all the units."""

from liangxin.workbook.book import MergedRange, Sheet
from liangxin.workbook.cells import Cell
from liangxin.workbook.cleaning import clean_rows, left_out_rows
from liangxin.workbook.recognising import recognise
from tests.workbook.making import TODAY, sheet

HEADER: tuple[Cell, ...] = ("姓名", "联系电话", "类别", "联系单位", "选派日期")
FIRST: tuple[Cell, ...] = ("甲某", "12000000001", "指导员", "甲公司", "2025.3.1")


def guides(*followers: tuple[Cell, ...]) -> Sheet:
    """One person in a merged cell over FIRST and `followers`, then another person."""
    last: tuple[Cell, ...] = ("乙某", "12000000002", "联络员", "戊公司", "2025.3.1")
    merged = (MergedRange(top=1, left=0, bottom=1 + len(followers), right=0),)
    return sheet(HEADER, FIRST, *followers, last, merged=merged)


def served(table: Sheet) -> list[tuple[int, object]]:
    """The units of each record by its row number."""
    rows = clean_rows(table, recognise(table), today=TODAY)
    return [(row.number, row.values.get("served")) for row in rows]


def test_clean_rows_merged_person_serves_the_units_of_every_row() -> None:
    table = guides(
        ("甲某", None, None, "乙公司", None),
        ("甲某", "12000000001", "指导员", "丙公司、丁公司", "2025.3.1"),
    )

    assert served(table) == [(2, ("甲公司", "乙公司", "丙公司", "丁公司")), (5, ("戊公司",))]


def test_left_out_rows_say_where_a_merged_row_went() -> None:
    table = guides(("甲某", None, None, "乙公司", None))

    (left,) = left_out_rows(table, recognise(table))

    assert (left.number, left.reason) == (3, "并入第2行")


def test_clean_rows_merged_rows_that_differ_stay_apart() -> None:
    table = guides(("甲某", None, None, "乙公司", "2026.3.1"))

    assert served(table) == [(2, ("甲公司",)), (3, ("乙公司",)), (4, ("戊公司",))]


def test_clean_rows_merged_name_of_a_list_without_units_stays_on_every_row() -> None:
    merged = (MergedRange(top=1, left=0, bottom=2, right=0),)
    table = sheet(["企业名称", "从业人数"], ["甲公司", 1], ["甲公司", 1], merged=merged)

    rows = clean_rows(table, recognise(table), today=TODAY)

    assert [row.number for row in rows] == [2, 3]


def test_clean_rows_person_written_out_for_each_unit_is_one_record() -> None:
    other = ("乙某", "12000000002", "指导员", "丙公司", "2025.3.1")
    table = sheet(HEADER, FIRST, other, (*FIRST[:3], "乙公司", FIRST[4]))

    assert served(table) == [(2, ("甲公司", "乙公司")), (3, ("丙公司",))]


def test_clean_rows_true_duplicates_stay_rows_of_their_own() -> None:
    assert served(sheet(HEADER, FIRST, FIRST)) == [(2, ("甲公司",)), (3, ("甲公司",))]


def test_clean_rows_same_name_with_another_phone_stays_apart() -> None:
    namesake = ("甲某", "12000000009", "指导员", "乙公司", "2025.3.1")

    assert served(sheet(HEADER, FIRST, namesake)) == [(2, ("甲公司",)), (3, ("乙公司",))]
