"""Turning the rows of a recognised sheet into values, each bad cell with its reason and mend."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from liangxin.workbook.book import Sheet
from liangxin.workbook.cells import Cell, cell_text, is_blank_row, row_texts
from liangxin.workbook.cleaners import Cleaner, Value, cleaner
from liangxin.workbook.left_out_rows import left_out_reason, section_rows
from liangxin.workbook.merged_records import merged_records
from liangxin.workbook.recognising import ColumnMatch, Recognition
from liangxin.workbook.refusals import Refused
from liangxin.workbook.row_checks import contradictions

__all__ = [
    "CleanRow",
    "Fault",
    "LeftOutRow",
    "NotRecognised",
    "Value",
    "clean_rows",
    "left_out_rows",
]


class NotRecognised(ValueError):
    """Rows were asked of a sheet whose kind of list is unknown."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One bad cell: where it stands, what it holds, why it is refused and what mends it."""

    column: str
    letter: str
    header: str
    value: str
    reason: str
    mend: str


@dataclass(frozen=True, slots=True)
class CleanRow:
    """One record: Excel's row number, values by column code, faults, and the row as it came.

    A recognised column that is blank has the value None (names: an empty tuple); a refused cell
    has no value, and a column the sheet lacks has none either.
    """

    number: int
    values: dict[str, Value]
    faults: tuple[Fault, ...]
    raw: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """A filled row that is no record (a total, a note, a repeated header), and why."""

    number: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class _Step:
    """One column's part in cleaning a row."""

    index: int
    code: str
    clean: Cleaner
    match: ColumnMatch


def clean_rows(sheet: Sheet, recognition: Recognition, *, today: date) -> Iterator[CleanRow]:
    """Yield every record under the header in its order; raises NotRecognised.

    Blank rows, totals, notes, section titles and repeated headers are passed over, and rows that
    only go on with a merged record are taken into its first: they are what left_out_rows tells.
    """
    steps = _steps(recognition, today=today)
    reason_at = _left_out_reasons(sheet, recognition)
    records = merged_records(sheet, recognition)
    for number, row in _body(sheet, recognition):
        if reason_at(number, row) is not None:
            continue
        whole = records[number].whole_row(sheet) if number in records else row
        yield _clean_row(number, whole, steps)


def left_out_rows(sheet: Sheet, recognition: Recognition) -> Iterator[LeftOutRow]:
    """Yield every filled row under the header that clean_rows passes over, and why."""
    reason_at = _left_out_reasons(sheet, recognition)
    for number, row in _body(sheet, recognition):
        reason = reason_at(number, row)
        if reason is not None:
            texts = (cell_text(cell).strip() for cell in row)
            yield LeftOutRow(number, reason, " ".join(text for text in texts if text)[:200])


def _left_out_reasons(
    sheet: Sheet, recognition: Recognition
) -> Callable[[int, tuple[Cell, ...]], str | None]:
    headers = _headers(sheet, recognition)
    sections = section_rows(sheet, below=recognition.header_end)
    records = merged_records(sheet, recognition).values()
    firsts = {number: record.first for record in records for number in record.followers}

    def reason_at(number: int, row: tuple[Cell, ...]) -> str | None:
        if number in firsts:
            return f"并入第{firsts[number]}行"
        return "分段标题" if number in sections else left_out_reason(row, headers=headers)

    return reason_at


def _body(sheet: Sheet, recognition: Recognition) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    for index in range(recognition.header_end + 1, len(sheet.rows)):
        row = sheet.rows[index]
        if row and not is_blank_row(row):
            yield index + 1, row


def _steps(recognition: Recognition, *, today: date) -> tuple[_Step, ...]:
    kind = recognition.kind
    if kind is None:
        raise NotRecognised("the sheet's kind of list is unknown")
    return tuple(
        _Step(
            match.index,
            match.code,
            cleaner(kind.column(match.code), today=today, header=match.header, scale=match.scale),
            match,
        )
        for match in recognition.columns
        if match.code is not None
    )


def _headers(sheet: Sheet, recognition: Recognition) -> Sequence[Mapping[int, str]]:
    """Return the texts of each header row over the recognised columns, the lowest row first."""
    indices = [match.index for match in recognition.columns if match.code is not None]
    rows = sheet.rows[recognition.header_start : recognition.header_end + 1]
    texts = (
        {
            index: text
            for index in indices
            if index < len(row) and isinstance(text := row[index], str)
        }
        for row in reversed(rows)
    )
    return [row for row in texts if row]


def _clean_row(number: int, row: tuple[Cell, ...], steps: tuple[_Step, ...]) -> CleanRow:
    values: dict[str, Value] = {}
    faults: list[Fault] = []
    width = len(row)
    for step in steps:
        cell = row[step.index] if step.index < width else None
        try:
            values[step.code] = step.clean(cell)
        except Refused as refusal:
            faults.append(_fault(step.match, cell, refusal.reason, refusal.mend))
    for code, reason, mend in contradictions(values):
        match = next(step.match for step in steps if step.code == code)
        cell = row[match.index] if match.index < width else None
        faults.append(_fault(match, cell, reason, mend))
    return CleanRow(number, values, tuple(faults), row_texts(row))


def _fault(match: ColumnMatch, cell: Cell, reason: str, mend: str) -> Fault:
    return Fault(match.code or "", match.letter, match.header, cell_text(cell), reason, mend)
