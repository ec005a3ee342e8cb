"""Tables that are no single list of rows are told so and never half taken."""

from liangxin.workbook.cells import Cell
from liangxin.workbook.recognising import recognise
from tests.workbook.making import sheet


def blocking(*rows: list[Cell]) -> list[str]:
    return [problem.code for problem in recognise(sheet(*rows)).problems if problem.blocking]


def test_recognise_two_lists_side_by_side_are_not_half_taken() -> None:
    header: list[Cell] = ["序号", "企业名称", "街道", "序号", "企业名称", "街道"]

    assert blocking(header, [1, "甲公司", "甲街道", 2, "乙公司", "甲街道"]) == ["side_by_side"]


def test_recognise_one_header_twice_is_only_told() -> None:
    assert blocking(["企业名称", "街道", "联系电话", "联系电话"], ["甲公司", "甲街道"]) == []


def test_recognise_form_for_one_firm_is_no_list() -> None:
    assert blocking(
        ["企业名称", "甲公司", "信用代码", None],
        ["所属街道", "甲街道", "从业人数", 3],
        ["法定代表人", "甲某", "联系电话", "12000000001"],
    ) == ["form"]


def test_recognise_form_of_two_columns_brings_in_nothing() -> None:
    assert blocking(["企业名称", "甲公司"], ["法定代表人", "甲某"], ["联系电话", "12000000001"])


def test_recognise_repeated_headers_make_no_form() -> None:
    header: list[Cell] = ["企业名称", "从业人数"]

    assert blocking(header, ["甲公司", 1], header, ["乙公司", 2], header, ["丙公司", 3]) == []
