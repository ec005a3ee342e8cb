"""Made-up numbers carry true check digits and are never given out twice."""

from datetime import date
from random import Random

import pytest
from stdnum.cn import ric, uscc

from liangxin.demo.numbers import (
    IdNumbers,
    make_phone,
    make_uscc,
    organisation_code_check,
    random_date,
    split_evenly,
)


@pytest.mark.parametrize("prefix", ["91", "92", "93", "51", "52", "53"])
def test_make_uscc_passes_an_independent_check(prefix: str) -> None:
    codes = [make_uscc(index, prefix=prefix) for index in range(1, 400)]

    assert [code for code in codes if not uscc.is_valid(code)] == []


def test_make_uscc_differs_for_each_index() -> None:
    codes = {make_uscc(index, prefix="91") for index in range(50_000)}

    assert len(codes) == 50_000


def test_make_uscc_belongs_to_an_unassigned_division() -> None:
    assert make_uscc(5, prefix="91")[2:8] == "990101"


def test_organisation_code_check_matches_the_worked_example_of_the_standard() -> None:
    assert organisation_code_check("D2143569") == "X"


def test_id_numbers_pass_an_independent_check_and_keep_date_and_sex() -> None:
    ids = IdNumbers(Random(1))

    numbers = [ids.make(born=date(1988, 2, 29), sex="女") for _ in range(300)]

    assert all(number[-1] == ric.calc_check_digit(number) for number in numbers)
    assert {number[6:14] for number in numbers} == {"19880229"}
    assert {int(number[16]) % 2 for number in numbers} == {0}
    assert len(set(numbers)) == 300


def test_make_phone_stays_in_the_unassigned_range() -> None:
    phones = [make_phone(Random(seed)) for seed in range(50)]

    assert {(len(phone), phone[:3], phone.isdigit()) for phone in phones} == {(11, "120", True)}


def test_random_date_gives_the_later_bound_where_bounds_cross() -> None:
    drawn = random_date(Random(1), first=date(2020, 5, 1), last=date(2020, 1, 1))

    assert drawn == date(2020, 5, 1)


def test_split_evenly_sums_to_the_total() -> None:
    parts = split_evenly(100, [1.0, 1.0, 1.0])

    assert sum(parts) == 100
    assert max(parts) - min(parts) <= 1
