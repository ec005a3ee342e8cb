"""Headers in two languages mean what their Chinese part means; plain English ones are known."""

import pytest

from liangxin.workbook.header_matching import is_ignored, match_header
from liangxin.workbook.kinds import kind


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Company Name 企业名称", "name"),
        ("企业名称/Company Name", "name"),
        ("USCC 统一社会信用代码", "uscc"),
        ("Street 街道", "street"),
        ("Employees\n从业人数", "employees"),
        ("Tel.电话", "phone"),
        ("Legal Representative", "legal_representative"),
        ("Established", "established_date"),
        ("X坐标", "lon"),
        ("行业（GB/T4754）", "industry"),
    ],
)
def test_match_header_in_two_languages(header: str, code: str) -> None:
    match = match_header(kind("enterprises"), (header,))

    assert match is not None
    assert match[0].code == code


def test_match_header_foreign_words_alone_mean_nothing() -> None:
    assert match_header(kind("enterprises"), ("Remarks",)) is None


@pytest.mark.parametrize("header", ["No.", "NO", "序号"])
def test_is_ignored_serial_numbers(header: str) -> None:
    assert is_ignored((header,))


@pytest.mark.parametrize("header", ["法定代表人及电话", "法定代表人（负责人）及电话", "街道和社区"])
def test_match_header_of_two_things_in_one_cell_means_neither(header: str) -> None:
    assert match_header(kind("enterprises"), (header,)) is None
