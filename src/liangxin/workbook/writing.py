"""Writing tables as Excel workbooks and CSV that open safely in any office program."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import xlsxwriter

from liangxin.workbook.cells import EXACT_DIGITS

TableValue = str | int | float | Decimal | bool | date | datetime | None

MOST_SHEET_ROWS = 1_048_576
_LONGEST_CELL = 32_767
_CUT = "…（内容过长，后面略去）"
_FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_HARMLESS = re.compile(r"[-+－＋]?[\d,]*(?:\.\d+)?%?|[-－]+")
_FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TITLE = 31
_SAMPLE_ROWS = 100
_NARROWEST, _WIDEST = 8, 48


class SheetTooLong(ValueError):
    """A sheet was given more rows than Excel holds."""


@dataclass(frozen=True)
class TableSheet:
    """One sheet to write: lines of notes, then headers, then rows; widths in characters."""

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[TableValue]]
    widths: Sequence[float] | None = None
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class _Formats:
    """The cell formats of a workbook."""

    header: Any
    note: Any
    day: Any
    moment: Any
    text: Any


def write_xlsx(target: Path | BinaryIO, sheets: Iterable[TableSheet]) -> None:
    """Write the sheets row by row in constant memory; raises SheetTooLong.

    Texts are always text cells, one that looks like a formula with an apostrophe before it;
    long numbers are text; dates are dates; yes and no are 是 and 否.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(target, options) as workbook:
        formats = _formats(workbook)
        titles: set[str] = set()
        for sheet in sheets:
            title = _free_title(sheet.title, titles)
            titles.add(title.lower())
            _write_sheet(workbook.add_worksheet(title), sheet, formats)


def write_csv(
    target: Path | BinaryIO, headers: Sequence[str], rows: Iterable[Sequence[TableValue]]
) -> None:
    """Write a table as UTF-8 CSV with the mark Excel needs to know the encoding."""
    with _text_stream(target) as stream:
        writer = csv.writer(stream)
        writer.writerow([safe_text(header) for header in headers])
        writer.writerows([_csv_text(value) for value in row] for row in rows)


def safe_text(text: str) -> str:
    """Return text no office program takes for a formula; plain numbers and dashes stay as is."""
    if text.startswith(_FORMULA_MARKS) and not _HARMLESS.fullmatch(text):
        return "'" + text
    return text


@contextmanager
def _text_stream(target: Path | BinaryIO) -> Iterator[TextIO]:
    if isinstance(target, Path):
        with target.open("w", encoding="utf-8-sig", newline="") as stream:
            yield stream
        return
    wrapper = TextIOWrapper(target, encoding="utf-8-sig", newline="")
    try:
        yield wrapper
    finally:
        wrapper.flush()
        wrapper.detach()  # the caller's stream would otherwise be closed with the wrapper


def _csv_text(value: TableValue) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else safe_text(str(value))


def _formats(workbook: Any) -> _Formats:
    header = {"bold": True, "bg_color": "#F2E6E6", "border": 1, "text_wrap": True}
    return _Formats(
        header=workbook.add_format({**header, "valign": "vcenter", "align": "center"}),
        note=workbook.add_format({"italic": True, "font_color": "#595959"}),
        day=workbook.add_format({"num_format": "yyyy-mm-dd"}),
        moment=workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        text=workbook.add_format({"num_format": "@"}),
    )


def _free_title(title: str, taken: set[str]) -> str:
    base = _FORBIDDEN_IN_TITLE.sub("_", title).strip("' ") or "表"
    free, number = base[:_LONGEST_TITLE], 2
    while free.lower() in taken:
        suffix = f"({number})"
        free = base[: _LONGEST_TITLE - len(suffix)] + suffix
        number += 1
    return free


def _write_sheet(worksheet: Any, sheet: TableSheet, formats: _Formats) -> None:
    rows = iter(sheet.rows)
    sample = list(islice(rows, _SAMPLE_ROWS))
    for column, width in enumerate(sheet.widths or _widths(sheet.headers, sample)):
        worksheet.set_column(column, column, width)
    for number, note in enumerate(sheet.notes):
        worksheet.write_string(number, 0, _cell_text(note), formats.note)
    top = len(sheet.notes)
    for column, header in enumerate(sheet.headers):
        worksheet.write_string(top, column, _cell_text(header), formats.header)
    last = top
    for row in chain(sample, rows):
        last += 1
        if last >= MOST_SHEET_ROWS:
            raise SheetTooLong(sheet.title)
        for column, value in enumerate(row):
            _write_value(worksheet, last, column, value, formats)
    worksheet.freeze_panes(top + 1, 0)
    if sheet.headers:
        worksheet.autofilter(top, 0, last, len(sheet.headers) - 1)


def _write_value(
    worksheet: Any, row: int, column: int, value: TableValue, formats: _Formats
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        worksheet.write_string(row, column, _cell_text(value), formats.text)
    elif isinstance(value, bool):
        worksheet.write_string(row, column, "是" if value else "否")
    elif isinstance(value, datetime):
        worksheet.write_datetime(row, column, value.replace(tzinfo=None), formats.moment)
    elif isinstance(value, date):
        worksheet.write_datetime(row, column, value, formats.day)
    elif abs(value) >= 10**EXACT_DIGITS:
        worksheet.write_string(
            row, column, str(value) if isinstance(value, int) else f"{value:f}", formats.text
        )
    else:
        worksheet.write_number(row, column, value)


def _cell_text(text: str) -> str:
    text = safe_text(text)
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - len(_CUT)] + _CUT


def _widths(headers: Sequence[str], sample: Sequence[Sequence[TableValue]]) -> list[float]:
    widths: list[float] = []
    for column, header in enumerate(headers):
        texts = [header, *[str(row[column] or "") for row in sample if column < len(row)]]
        widest = max(sum(2 if ord(sign) > 0x2E7F else 1 for sign in text) for text in texts)
        widths.append(min(_WIDEST, max(_NARROWEST, widest + 2)))
    return widths
