"""A workbook of rejected rows: as they came, with reason and mend, ready to be imported again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from liangxin.workbook.cleaning import Fault
from liangxin.workbook.money_units import unit_name
from liangxin.workbook.recognising import ColumnMatch, Recognition
from liangxin.workbook.writing import TableSheet, TableValue, write_xlsx

REASON, MEND, ROW_NUMBER = "退回原因", "修改办法", "原行号"
_NOTE = "改好后可直接上传本表，最后三列不用删除；含个人信息的，用后请及时删除，不得转传"


@dataclass(frozen=True)
class RejectedRow:
    """One rejected row: its number in the file it came in, its cells as text, its faults."""

    number: int
    raw: Sequence[str]
    faults: Sequence[Fault]


@dataclass(frozen=True)
class RejectedSheet:
    """The rejected rows of one sheet, with the headers, title and notes they go out under."""

    title: str
    headers: Sequence[str]
    rows: Iterable[RejectedRow]
    notes: Sequence[str] = ()


def rejected_sheet(recognition: Recognition, *, rows: Iterable[RejectedRow]) -> RejectedSheet:
    """Return the sheet to write for rows of a recognised one, so that it is recognised alike.

    A unit that stood above the table goes along as a note: without it 元 would be read as 万元.
    """
    title = recognition.kind.title if recognition.kind else "退回的行"
    return RejectedSheet(title, _headers(recognition.columns), rows, _notes(recognition.columns))


def rejected_workbook(target: Path | BinaryIO, sheets: Iterable[RejectedSheet]) -> None:
    """Write rejected rows as they came, with columns 退回原因, 修改办法 and 原行号 at the end."""
    write_xlsx(target, (_table(sheet) for sheet in sheets))


def _table(sheet: RejectedSheet) -> TableSheet:
    width = len(sheet.headers)
    return TableSheet(
        title=sheet.title,
        headers=(*sheet.headers, REASON, MEND, ROW_NUMBER),
        rows=(_cells(row, width) for row in sheet.rows),
        notes=(_NOTE, *sheet.notes),
    )


def _cells(row: RejectedRow, width: int) -> tuple[TableValue, ...]:
    raw = (*row.raw, *[""] * width)[:width]
    reasons = "；".join(dict.fromkeys(_reason(fault) for fault in row.faults))
    mends = "；".join(dict.fromkeys(fault.mend for fault in row.faults))
    return (*raw, reasons, mends, row.number)


def _reason(fault: Fault) -> str:
    return f"{fault.header}：{fault.reason}" if fault.header else fault.reason


def _headers(columns: Sequence[ColumnMatch]) -> tuple[str, ...]:
    headers = [""] * (max((column.index for column in columns), default=-1) + 1)
    for column in columns:
        headers[column.index] = column.header
    return tuple(headers)


def _notes(columns: Sequence[ColumnMatch]) -> tuple[str, ...]:
    return tuple(f"单位：{unit_name(column.scale)}" for column in columns if column.scale != 1)
