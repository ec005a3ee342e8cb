import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc

from liangxin.standards.uscc import (
    ALPHABET,
    InvalidUscc,
    is_valid_uscc,
    normalise_uscc,
    uscc_check_character,
    uscc_fault,
)

GOOD = "91110000600037341L"  # the worked example of python-stdnum

first17 = st.builds(
    lambda head, tail: head + tail,
    st.text("0123456789", min_size=8, max_size=8),
    st.text(ALPHABET, min_size=9, max_size=9),
)


@given(first17)
def test_check_character_agrees_with_stdnum(text: str) -> None:
    assert uscc_check_character(text) == stdnum_uscc.calc_check_digit(text)


@given(st.text(ALPHABET + "IOSVZ*", min_size=16, max_size=19))
def test_validity_agrees_with_stdnum_on_digit_heads(text: str) -> None:
    code = "91340100" + text[8:]
    assert is_valid_uscc(code) == stdnum_uscc.is_valid(code)


@given(first17, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(text: str, place: int, other: str) -> None:
    code = text + uscc_check_character(text)
    spoilt = code[:place] + other + code[place + 1 :]
    assert is_valid_uscc(spoilt) == (spoilt == code)


def test_a_good_code_has_no_fault() -> None:
    assert uscc_fault(GOOD) is None


def test_authority_and_category_may_be_letters() -> None:
    code = "N2340100" + "MA2XYPQR1"
    assert uscc_fault(code + uscc_check_character(code)) is None


@pytest.mark.parametrize(
    "typed",
    ["９１１１００００６０００３７３４１Ｌ", " 91110000 6000 37341l ", "91110000-60003734-1L"],
)
def test_normalise_cleans_what_people_type(typed: str) -> None:
    assert normalise_uscc(typed) == GOOD
    assert uscc_fault(typed) is None


def test_normalise_guesses_no_letters() -> None:
    assert normalise_uscc("9111OOOO600037341L") == "9111OOOO600037341L"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "统一社会信用代码应为18位，实际为0位"),
        ("9111000060003734", "统一社会信用代码应为18位，实际为16位"),
        (
            "9111000O600037341L",
            "统一社会信用代码第8位“O”不合规则（只用数字和大写字母，不用字母I、O、S、V、Z）",
        ),
        (
            "91110000600037341中",
            "统一社会信用代码第18位“中”不合规则（只用数字和大写字母，不用字母I、O、S、V、Z）",
        ),
        (
            "9111000A600037341L",
            "统一社会信用代码第3至8位应为数字的行政区划码，实际为“11000A”",
        ),
        (
            "91110000600037341M",
            "统一社会信用代码校验不通过（按前17位推算末位应为“L”），可能有字符录错",
        ),
    ],
)
def test_fault_says_what_is_wrong(text: str, fault: str) -> None:
    assert uscc_fault(text) == fault


@pytest.mark.parametrize("text", ["", "9111", "O" * 17, "中" * 17])
def test_check_character_refuses_other_texts(text: str) -> None:
    with pytest.raises(InvalidUscc):
        uscc_check_character(text)


def test_fault_stays_far_below_a_second_for_an_import() -> None:
    seconds = min(timeit.repeat(lambda: uscc_fault(GOOD), number=20_000, repeat=3))
    assert seconds / 20_000 < 20e-6  # 1.5 microseconds on a free core; room for a busy machine
