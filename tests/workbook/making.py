"""Sheets and files the workbook tests are made of."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from liangxin.standards.id_number import id_check_character
from liangxin.standards.uscc import uscc_check_character
from liangxin.workbook.book import MergedRange, Sheet
from liangxin.workbook.cells import Cell
from liangxin.workbook.cleaning import CleanRow, clean_rows
from liangxin.workbook.recognising import recognise

TODAY = date(2026, 11, 23)


def sheet(
    *rows: Sequence[Cell], name: str = "Sheet1", merged: tuple[MergedRange, ...] = ()
) -> Sheet:
    """Return a sheet of these rows."""
    return Sheet(name=name, rows=[tuple(row) for row in rows], merged=merged)


def cleaned(*rows: Sequence[Cell], kind_code: str | None = None) -> list[CleanRow]:
    """Return the records of a sheet of these rows, its header among them."""
    table = sheet(*rows)
    return list(clean_rows(table, recognise(table, kind_code=kind_code), today=TODAY))


def uscc(serial: int) -> str:
    """Return a correct code of an unassigned division."""
    first17 = f"91990000MA{serial:07d}"
    return first17 + uscc_check_character(first17)


def id_number(born: str, *, serial: int = 1) -> str:
    """Return a correct identity number of an unassigned area; an odd serial is a man's."""
    first17 = f"999999{born}{serial:03d}"
    return first17 + id_check_character(first17)


def saved_xlsx(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """Write rows as an ordinary xlsx file and return its path."""
    workbook = Workbook()
    worksheet = workbook.active
    assert worksheet is not None
    for row in rows:
        worksheet.append(list(row))
    workbook.save(path)
    return path
