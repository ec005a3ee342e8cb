import pytest

from liangxin.standards.areas import PROVINCES, division_fault, province_name


def test_there_are_34_provinces() -> None:
    assert len(PROVINCES) == 34
    assert len(set(PROVINCES.values())) == 34


def test_province_name_reads_the_first_two_digits() -> None:
    assert province_name("340104") == "安徽省"
    assert province_name("３４") == "安徽省"
    assert province_name("990104") is None


@pytest.mark.parametrize("code", ["110000", "340100", "340104", "３４０１０４"])
def test_codes_of_each_level_have_no_fault(code: str) -> None:
    assert division_fault(code) is None


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("", "行政区划代码应为6位数字"),
        ("34010", "行政区划代码应为6位数字"),
        ("34010A", "行政区划代码应为6位数字"),
        ("990104", "行政区划代码前两位“99”不是省级代码"),
        ("340004", "行政区划代码中间两位为00时，末两位也应为00"),
    ],
)
def test_fault_says_what_is_wrong(code: str, fault: str) -> None:
    assert division_fault(code) == fault
