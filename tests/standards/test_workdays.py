from datetime import date

import pytest

from liangxin.standards.workdays import (
    InvalidWorkdayTable,
    add_workdays,
    is_known_year,
    is_workday,
    read_workday_table,
)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2025, 10, 9), True),
        (date(2025, 10, 8), False),  # National Day week, a Wednesday
        (date(2025, 10, 11), True),  # a Saturday worked in its place
        (date(2025, 10, 12), False),
    ],
)
def test_public_holidays_and_make_up_days_are_known(day: date, *, working: bool) -> None:
    assert is_workday(day) is working


def test_an_unknown_year_counts_monday_to_friday_and_says_so() -> None:
    assert [is_known_year(year) for year in (2025, 2099)] == [True, False]
    assert [is_workday(date(2099, 1, day)) for day in (1, 2, 3, 4)] == [True, True, False, False]


def test_add_workdays_steps_over_the_holiday_week() -> None:
    assert add_workdays(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert add_workdays(date(2025, 9, 30), 3) == date(2025, 10, 11)


def test_add_workdays_goes_back_and_stands_still() -> None:
    assert add_workdays(date(2025, 10, 9), -1) == date(2025, 9, 30)
    assert add_workdays(date(2025, 10, 5), 0) == date(2025, 10, 5)


def test_table_gives_holidays_and_make_up_days() -> None:
    table = read_workday_table("holidays = [2030-01-01]\nworkdays = [2030-01-05]")
    assert table == {date(2030, 1, 1): False, date(2030, 1, 5): True}


@pytest.mark.parametrize(
    "text",
    [
        "holidays = [2030-01-01",
        "holidays = ['2030-01-01']",
        "holidays = [2030-01-01T00:00:00]",
        "holidays = [2030-01-01]\nworkdays = [2030-01-01]",
    ],
)
def test_table_refuses_broken_entries(text: str) -> None:
    with pytest.raises(InvalidWorkdayTable):
        read_workday_table(text)
