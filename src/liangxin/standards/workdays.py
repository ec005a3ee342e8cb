"""Working days of the mainland: public holidays and make-up days, behind a table of our own.

The calendar package knows the years whose arrangement was published when it was released. A later
arrangement is entered in data/workdays.toml; until then a year counts Monday to Friday as working.
"""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import chinese_calendar


class InvalidWorkdayTable(ValueError):
    """The table of working days breaks its own rules."""


def is_workday(day: date) -> bool:
    """Tell whether a date is a working day; our own table comes before the calendar package."""
    own = _own_days().get(day)
    if own is not None:
        return own
    if _is_packaged_year(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


def is_known_year(year: int) -> bool:
    """Tell whether the holiday arrangement of a year is known, or Monday to Friday is assumed."""
    return _is_packaged_year(year) or any(day.year == year for day in _own_days())


def add_workdays(day: date, count: int) -> date:
    """Return the count-th working day after a date (before it where negative, itself for 0)."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_workday(day)
    return day


def read_workday_table(text: str) -> Mapping[date, bool]:
    """Return date → is it a working day, from TOML with `holidays` and `workdays` lists of dates.

    Raises InvalidWorkdayTable where an entry is no date or stands in both lists.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidWorkdayTable(str(error)) from error
    holidays, workdays = table.get("holidays", []), table.get("workdays", [])
    if wrong := [entry for entry in holidays + workdays if type(entry) is not date]:
        raise InvalidWorkdayTable(f"not a date: {wrong[0]}")
    if both := set(holidays) & set(workdays):
        raise InvalidWorkdayTable(f"in both lists: {min(both)}")
    return MappingProxyType(dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True))


@cache
def _own_days() -> Mapping[date, bool]:
    table = files("liangxin.standards") / "data" / "workdays.toml"
    return read_workday_table(table.read_text("utf-8"))


@cache
def _is_packaged_year(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
