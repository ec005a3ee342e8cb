import pytest

from liangxin.standards.phone import mask_phone, normalise_phone, phone_fault


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("１３８０００１２３４５", "13800012345"),
        ("138 0001 2345", "13800012345"),
        ("138-0001-2345", "13800012345"),
        ("+86 13800012345", "13800012345"),
        ("8613800012345", "13800012345"),
        ("（0551）65551234", "0551-65551234"),
        ("0551—65551234", "0551-65551234"),
        ("+86-0551-65551234", "0551-65551234"),
    ],
)
def test_normalise_cleans_what_people_type(typed: str, number: str) -> None:
    assert normalise_phone(typed) == number


@pytest.mark.parametrize(
    "number",
    ["13800012345", "10000012345", "6555123", "65551234", "0551-65551234", "010-65551234",
     "055165551234", "400-800-1234"],
)  # fmt: skip
def test_mobiles_and_landlines_have_no_fault(number: str) -> None:
    assert phone_fault(number) is None


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("1380001234", "手机号应为11位，实际为10位"),
        ("138000123456", "手机号应为11位，实际为12位"),
        ("655512", "电话号码应为11位手机号或7至12位座机号，实际为6位"),
        ("0551-6555123456", "电话号码应为11位手机号或7至12位座机号，实际为14位"),
        ("-65551234", "电话号码应为11位手机号或7至12位座机号，实际为8位"),
        ("", "电话号码只能含数字和短横线，一格填一个号码"),
        ("13800012345、13900012345", "电话号码只能含数字和短横线，一格填一个号码"),
        ("张三13800012345", "电话号码只能含数字和短横线，一格填一个号码"),
    ],
)
def test_fault_says_what_is_wrong(number: str, fault: str) -> None:
    assert phone_fault(number) == fault


def test_mask_hides_the_middle_of_mobiles_and_the_end_of_others() -> None:
    assert mask_phone("138 0001 2345") == "138****2345"
    assert mask_phone("0551-65551234") == "0551-6555****"
    assert mask_phone("123") == "***"
