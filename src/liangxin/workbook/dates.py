"""Dates in the ways Chinese offices write them."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from liangxin.workbook.cell_text import is_blank_word, told_text
from liangxin.workbook.cells import Cell
from liangxin.workbook.refusals import Refused

_EXCEL_ZERO = date(1899, 12, 30)
_EARLIEST = date(1900, 1, 1)
_SERIALS = range(10_000, 80_000)  # 1927 to 2119
_MARKED = re.compile(
    r"(\d{4})\s*[年./\-]\s*(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*[日号]?"
    r"(?:[T\s]*\d{1,2}[:时]\d{1,2}.*)?"
)
_BARE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*[年./\-]\s*(\d{1,2})\s*月?|(\d{4})(\d{2})")
_NUMERALS = str.maketrans("〇零○Ｏ一二三四五六七八九", "0000123456789")
_CHINESE = re.compile(r"([\d]{4})年(.{1,3})月(.{1,4})[日号]")
_MEND = "请写成2021-03-05、2021年3月5日或20210305的样子"


def read_date(cell: Cell, *, month_is_enough: bool = False) -> date | None:
    """Return the cell's date, or None for a blank; raises Refused.

    Year and month alone give the first of the month where `month_is_enough`.
    """
    if isinstance(cell, datetime):
        return _sane(cell.date())
    if isinstance(cell, date):
        return _sane(cell)
    text = told_text(cell)
    if text is None or is_blank_word(text):
        return None
    return _sane(_from_text(unicodedata.normalize("NFKC", text), month_is_enough))


def _from_text(text: str, month_is_enough: bool) -> date:
    if text.isdigit() and len(text) == 5 and int(text) in _SERIALS:
        return _EXCEL_ZERO + timedelta(days=int(text))
    found = _MARKED.fullmatch(text) or _BARE.fullmatch(text)
    if found:
        return _calendar(text, *found.groups())
    found = _CHINESE.fullmatch(text.replace(" ", "").translate(_NUMERALS))
    if found:
        year, month, day = found.groups()
        return _calendar(text, year, _tens(month), _tens(day))
    return _from_month(text, month_is_enough)


def _from_month(text: str, month_is_enough: bool) -> date:
    found = _MONTH.fullmatch(text)
    if not found:
        raise Refused(f"“{text}”不是认识的日期", _MEND)
    if not month_is_enough:
        raise Refused("只写了年月，没有写日", "请补上日，例如2021年3月5日")
    year, month = (found.group(1), found.group(2)) if found.group(1) else found.group(3, 4)
    return _calendar(text, year, month, "1")


def _tens(text: str) -> str:
    """Return 十二 (already 十2 here) as 12, 2十5 as 25, 十 as 10."""
    if "十" not in text:
        return text
    tens, _, ones = text.partition("十")
    return f"{tens or 1}{ones or 0}"


def _calendar(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise Refused(f"没有“{text}”这一天", "请核对年、月、日后改正") from error


def _sane(day: date) -> date:
    if day < _EARLIEST:
        raise Refused(f"日期{day.isoformat()}早于1900年", "请核对年份后改正")
    return day
