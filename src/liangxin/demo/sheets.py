"""Writes rows into xlsx sheets and GB18030 CSV files and says which row each one became."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Protocol

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from liangxin.demo.layouts import Head, Layout
from liangxin.demo.records import Cell


class RowSink(Protocol):
    """Takes rows from top to bottom."""

    def head(self, layout: Layout) -> None:
        """Write the title and the header of a list."""

    def row(self, cells: Sequence[Cell]) -> int:
        """Write one row and return its number as Excel shows it."""


class CsvSink:
    """One CSV file: a title row, one header row, dates as text."""

    def __init__(self, path: Path) -> None:
        self._stream = path.open("w", encoding="gb18030", newline="")
        self._writer = csv.writer(self._stream)
        self._rows = 0

    def head(self, layout: Layout) -> None:
        """Write the title and the header of a list."""
        self.row([layout.title])
        self.row([head.title for head in layout.heads])

    def row(self, cells: Sequence[Cell]) -> int:
        """Write one row and return its number as Excel shows it."""
        self._writer.writerow([_plain(cell) for cell in cells])
        self._rows += 1
        return self._rows

    def close(self) -> None:
        """Write what is buffered and close the file."""
        self._stream.close()


def _plain(cell: Cell) -> str | int | float:
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else cell


@contextmanager
def csv_file(path: Path) -> Iterator[CsvSink]:
    """Open a CSV file for one list."""
    sink = CsvSink(path)
    try:
        yield sink
    finally:
        sink.close()


class XlsxSheet:
    """One sheet of a workbook written in constant memory, so rows only ever go down."""

    def __init__(self, sheet: Worksheet, *, heading: Format, day: Format) -> None:
        self._sheet = sheet
        self._heading = heading
        self._day = day
        self._rows = 0

    def head(self, layout: Layout) -> None:
        """Write a merged title, a blank row, and a header of one or two rows with merged groups."""
        last = len(layout.heads) - 1
        self._sheet.set_column(0, last, 16)
        self._sheet.merge_range(0, 0, 0, last, layout.title, self._heading)
        self._rows = 2
        if layout.is_grouped:
            self._grouped_head(layout.heads)
        else:
            self._head_row([head.title for head in layout.heads])

    def row(self, cells: Sequence[Cell]) -> int:
        """Write one row and return its number as Excel shows it."""
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                if cell:
                    self._sheet.write_string(self._rows, column, cell)
            elif isinstance(cell, date):
                self._sheet.write_datetime(self._rows, column, cell, self._day)
            elif cell is not None:
                self._sheet.write_number(self._rows, column, cell)
        self._rows += 1
        return self._rows

    def _head_row(self, titles: Sequence[str]) -> None:
        for column, title in enumerate(titles):
            self._sheet.write_string(self._rows, column, title, self._heading)
        self._rows += 1

    def _grouped_head(self, heads: Sequence[Head]) -> None:
        """Write groups over titles; a column without a group spans both rows."""
        top = self._rows
        self._head_row([head.group or head.title for head in heads])
        self._head_row([head.title if head.group else "" for head in heads])
        for group, run in groupby(enumerate(heads), key=lambda pair: pair[1].group):
            columns = [column for column, _ in run]
            if group:
                self._sheet.merge.append([top, columns[0], top, columns[-1]])
            else:
                # merge_range() would go back to the upper row, already on disk by now.
                self._sheet.merge += [[top, column, top + 1, column] for column in columns]


class XlsxBook:
    """One workbook with a sheet per list."""

    def __init__(self, path: Path) -> None:
        self._book = xlsxwriter.Workbook(path, {"constant_memory": True})
        self._heading = self._book.add_format({"bold": True, "align": "center", "border": 1})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})

    def sheet(self, title: str) -> XlsxSheet:
        """Add a sheet; the one before it must be complete."""
        sheet = self._book.add_worksheet(title)
        return XlsxSheet(sheet, heading=self._heading, day=self._day)

    def close(self) -> None:
        """Write the workbook to its file."""
        self._book.close()


@contextmanager
def xlsx_book(path: Path) -> Iterator[XlsxBook]:
    """Open a workbook that is written when the block ends."""
    book = XlsxBook(path)
    try:
        yield book
    finally:
        book.close()
