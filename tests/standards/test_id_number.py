from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from liangxin.standards.id_number import (
    InvalidIdNumber,
    age_on,
    birth_date,
    id_check_character,
    id_number_fault,
    mask_id_number,
    normalise_id_number,
    sex,
)

TODAY = date(2026, 9, 1)
GOOD = "11010519491231002X"  # the worked example of GB 11643-1999


def number(day: date, *, area: str = "999999", order: str = "123") -> str:
    first17 = f"{area}{day:%Y%m%d}{order}"
    return first17 + id_check_character(first17)


@given(st.text("0123456789", min_size=17, max_size=17))
def test_check_character_agrees_with_stdnum(first17: str) -> None:
    assert id_check_character(first17) == ric.calc_check_digit(first17 + "0")


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
def test_a_made_number_gives_back_its_date_and_sex(day: date, order: int) -> None:
    text = number(day, order=f"{order:03d}")
    assert id_number_fault(text, today=TODAY) is None
    assert birth_date(text) == day
    assert sex(text) == ("男" if order % 2 else "女")


def test_unassigned_areas_pass() -> None:
    assert id_number_fault(number(date(1990, 5, 6)), today=TODAY) is None


def test_full_width_spaces_and_a_small_x_are_cleaned() -> None:
    typed = " １１０１０５ 19491231 002x"
    assert normalise_id_number(typed) == GOOD
    assert id_number_fault(typed, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "身份证号应为18位，实际为0位"),
        ("110105491231002", "身份证号应为18位，实际为15位，15位旧号码请换成18位"),
        ("11010519491231002A", "身份证号前17位应为数字，末位应为数字或X"),
        ("1101051949123100X2", "身份证号前17位应为数字，末位应为数字或X"),
        ("110105194913310021", "身份证号第7至14位不是有效的出生日期"),
        ("110105190002290021", "身份证号第7至14位不是有效的出生日期"),
        ("110105189912310021", "身份证号第7至14位不是有效的出生日期"),
        ("110105194912310021", "身份证号校验不通过，可能有数字录错"),
    ],
)
def test_fault_says_what_is_wrong(text: str, fault: str) -> None:
    assert id_number_fault(text, today=TODAY) == fault


def test_birth_after_today_is_a_fault_and_birth_today_is_not() -> None:
    assert id_number_fault(number(TODAY), today=TODAY) is None
    later = number(date(2026, 9, 2))
    assert id_number_fault(later, today=TODAY) == "身份证号中的出生日期晚于今天"


def test_fault_never_repeats_the_number() -> None:
    for text in ("110105194912310021", "110105194913310021", "11010519491231002A"):
        assert text not in str(id_number_fault(text, today=TODAY))


@pytest.mark.parametrize(
    ("at", "age"),
    [(date(2018, 5, 5), 17), (date(2018, 5, 6), 18), (date(2019, 5, 5), 18)],
)
def test_age_turns_on_the_birthday(at: date, age: int) -> None:
    assert age_on(number(date(2000, 5, 6)), at=at) == age


def test_age_of_the_leap_day_turns_on_the_first_of_march() -> None:
    born = number(date(2000, 2, 29))
    assert [age_on(born, at=date(2018, 2, 28)), age_on(born, at=date(2018, 3, 1))] == [17, 18]


def test_birth_date_and_sex_refuse_other_texts() -> None:
    for text in ("", "110105", "1101051949123100X2"):
        with pytest.raises(InvalidIdNumber):
            birth_date(text)
        with pytest.raises(InvalidIdNumber):
            sex(text)
    with pytest.raises(InvalidIdNumber):
        id_check_character("12")


def test_mask_hides_the_birth_date() -> None:
    assert mask_id_number(GOOD) == "110***********002X"
    assert mask_id_number("12345") == "*****"
