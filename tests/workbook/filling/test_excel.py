"""Filling Excel forms: layout kept, formulas follow, and nothing in a value is ever run."""

from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from liangxin.workbook.filling import Content, Rows, Unit, Value, fill_excel, read_excel


def rows_of(number: int) -> Rows:
    return Rows(
        columns=("清单:甲", "名称"),
        units=(Unit.NUMBER, Unit.TEXT),
        keys=[str(n) for n in range(number)],
        titles=[f"单位{n}" for n in range(number)],
        rows=[[n + 1, f"单位{n}"] for n in range(number)],
    )


def form() -> Any:
    """A form with merged cells, heights, a print area, a sum below and another sheet that looks here."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "表"
    sheet["A1"] = "标题"
    sheet.merge_cells("A1:D1")
    sheet["A2"], sheet["B2"], sheet["D2"] = "{{清单:甲}}", "{{名称}}", "=A2*2"
    sheet["A2"].font = Font(bold=True)
    sheet.merge_cells("B2:C2")
    sheet.row_dimensions[2].height = 33
    sheet["A3"], sheet["B3"] = "=SUM(A2:A2)", "合计"
    sheet.merge_cells("B3:C3")
    sheet.row_dimensions[3].height = 44
    sheet["A4"] = "{{人}}"
    sheet.print_area = "A1:D4"
    sheet.auto_filter.ref = "A1:D2"
    sheet.conditional_formatting.add("A2:A2", CellIsRule("lessThan", ["0"], font=Font(bold=True)))
    choice = DataValidation(type="list", formula1='"是,否"')
    choice.add("D2:D2")
    sheet.add_data_validation(choice)
    workbook.create_sheet("另")["A1"] = "=表!A3+表!A1"
    return workbook


def saved(workbook: Any) -> bytes:
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def filled(workbook: Any, content: Content) -> Any:
    return openpyxl.load_workbook(BytesIO(fill_excel(saved(workbook), content)))


def test_rows_are_repeated_and_all_below_moves() -> None:
    content = Content({"人": Value("某人")}, {"清单:甲": rows_of(3)})
    sheet = filled(form(), content)["表"]

    assert [sheet.cell(row, 2).value for row in (2, 3, 4)] == ["单位0", "单位1", "单位2"]
    assert [sheet.cell(row, 4).value for row in (2, 3, 4)] == ["=A2*2", "=A3*2", "=A4*2"]
    assert (sheet["A5"].value, sheet["B5"].value, sheet["A6"].value) == (
        "=SUM(A2:A4)",
        "合计",
        "某人",
    )
    merged = {one.coord for one in sheet.merged_cells.ranges}
    assert merged == {"A1:D1", "B2:C2", "B3:C3", "B4:C4", "B5:C5"}
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4, 5)] == [33, 33, 33, 44]
    assert all(sheet.cell(row, 1).font.bold for row in (2, 3, 4))


def test_areas_and_other_sheets_follow() -> None:
    book = filled(form(), Content({}, {"清单:甲": rows_of(3)}))
    sheet = book["表"]

    assert sheet.print_area == "'表'!$A$1:$D$6"
    assert sheet.auto_filter.ref == "A1:D4"
    assert [str(one.sqref) for one in sheet.conditional_formatting] == ["A2:A4"]
    assert str(sheet.data_validations.dataValidation[0].sqref) == "D2:D4"
    assert book["另"]["A1"].value == "=表!A5+表!A1"


def test_empty_list_says_so() -> None:
    sheet = filled(form(), Content({"人": Value("某人")}, {"清单:甲": rows_of(0)}))["表"]

    assert (sheet["A2"].value, sheet["B2"].value, sheet["A4"].value) == ("无", None, "某人")


def test_two_lists_on_one_sheet_both_stand() -> None:
    workbook = form()
    workbook["表"]["A6"], workbook["表"]["B6"] = "{{清单:乙}}", "{{名称}}"
    other = Rows(
        ("清单:乙", "名称"), (Unit.NUMBER, Unit.TEXT), ["x", "y"], ["x", "y"], [[1, "x"], [2, "y"]]
    )
    sheet = filled(workbook, Content({}, {"清单:甲": rows_of(3), "清单:乙": other}))["表"]

    assert [sheet.cell(row, 2).value for row in (2, 3, 4, 8, 9)] == [
        "单位0",
        "单位1",
        "单位2",
        "x",
        "y",
    ]


def test_share_is_written_as_the_form_wants_it() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for place, number_format in (("A1", "General"), ("B1", "0.00"), ("C1", "0.00%"), ("D1", "@")):
        sheet[place], sheet[place].number_format = "{{率}}", number_format
    found = filled(workbook, Content({"率": Value(0.1234, Unit.SHARE)})).active

    assert [cell.value for cell in found[1]] == [0.1234, 12.34, 0.1234, "12.3%"]
    assert found["A1"].number_format == "0.0%"


def test_formula_in_a_value_stays_text() -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"], workbook.active["A2"] = "{{名}}", "单位：{{名}}"
    found = filled(workbook, Content({"名": Value("=1+1")})).active

    assert (found["A1"].value, found["A1"].data_type, found["A1"].quotePrefix) == (
        "=1+1",
        "s",
        True,
    )
    assert found["A2"].value == "单位：=1+1"


def test_control_characters_do_not_break_the_file() -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "{{名}}"

    assert filled(workbook, Content({"名": Value("甲\x00\x0b乙")})).active["A1"].value == "甲乙"


def test_expression_is_a_name_and_never_run() -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "{{ ''.__class__.__mro__ }}"
    found = filled(workbook, Content({})).active

    assert found["A1"].value == "—"


def test_reading_names_places_and_what_is_wrong() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "表"
    sheet["B2"], sheet["C2"] = "｛｛ 组织覆盖率 ： 分子 ｝｝", "{{没有右边"
    sheet["A5"], sheet["B5"] = "{{清单:甲}}", "{{每个街道}}"
    sheet["A7"] = "{{每个街道}}"
    sheet.merge_cells("A7:A8")
    reading = read_excel(saved(workbook))

    assert [(one.name, one.place) for one in reading.found[:1]] == [
        ("组织覆盖率:分子", "工作表“表”的 B2 单元格")
    ]
    assert [(one.place, one.text) for one in reading.loose] == [
        ("工作表“表”的 C2 单元格", "{{没有右边")
    ]
    assert ["重复标记" in reading.wrong[0], "不能与上下行合并" in reading.wrong[1]] == [True, True]


def test_page_header_is_filled() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.oddHeader.left.text = "{{人}}制"
    workbook.active.oddFooter.center.text = "第 &P 页"
    found = filled(workbook, Content({"人": Value("甲乙")})).active

    assert (found.oddHeader.left.text, found.oddFooter.center.text) == ("甲乙制", "第 &P 页")
    assert [one.name for one in read_excel(saved(workbook)).found] == ["人"]
