"""A workbook once read: its sheets, their rows as Excel numbers them, and merged ranges."""

from collections.abc import Sequence
from dataclasses import dataclass

from liangxin.workbook.cells import Cell

MAX_ROWS = 300_000


class UnreadableFile(Exception):
    """The file cannot be read; `reason` and `mend` are sentences for the person who uploaded it."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(f"{reason}。{mend}")
        self.reason = reason
        self.mend = mend


@dataclass(frozen=True, slots=True)
class MergedRange:
    """A merged block of cells, rows and columns counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[i]` is Excel's row i + 1, and cell j of a row stands in column j from A."""

    name: str
    rows: Sequence[tuple[Cell, ...]]
    hidden: bool = False
    merged: tuple[MergedRange, ...] = ()


@dataclass(frozen=True)
class Book:
    """One file as it was read, with every sheet that can hold rows, hidden ones marked."""

    file_name: str
    sheets: tuple[Sheet, ...]


def too_many_rows(name: str = "") -> UnreadableFile:
    """Return the refusal of a sheet that holds more rows than MAX_ROWS."""
    return UnreadableFile(
        f"工作表{f'“{name}”' if name else ''}超过{MAX_ROWS:,}行，一次读不了这么多",
        f"请拆成几个文件，每个不超过{MAX_ROWS:,}行，再分别上传",
    )
