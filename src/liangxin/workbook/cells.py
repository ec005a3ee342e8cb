"""What one cell of a sheet may hold, and how it reads as text."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

EXACT_DIGITS = 15  # Excel keeps no more digits of a number than this


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell whose formula has no usable result, such as #REF! or a formula never calculated."""

    text: str


UNCALCULATED = "公式没有计算结果"
_ERROR_TEXTS = frozenset(
    ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"]
    + [UNCALCULATED]
)

Cell = str | int | float | bool | date | datetime | CellError | None


def cell_text(cell: Cell) -> str:
    """Return the cell as a person would read it: whole numbers bare, dates as 2021-03-05.

    A number longer than Excel keeps is given as 9.11235E+17, so that it never passes for exact.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes").removesuffix(" 00:00")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return cell.text if isinstance(cell, CellError) else str(cell)


def _number_text(number: float) -> str:
    if abs(number) >= 10**EXACT_DIGITS:
        return f"{number:.5E}"
    return f"{number:.0f}" if number.is_integer() else repr(number)


def text_cell(text: str) -> Cell:
    """Return the cell a text stands for: None for nothing, an error for #REF! and its like."""
    if text in _ERROR_TEXTS:
        return CellError(text)
    return text or None


def row_texts(row: tuple[Cell, ...]) -> tuple[str, ...]:
    """Return every cell of a row as text."""
    return tuple([cell if type(cell) is str else cell_text(cell) for cell in row])


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell holds nothing but space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def is_blank_row(row: tuple[Cell, ...]) -> bool:
    """Tell whether a row holds nothing but space."""
    return all(cell is None or is_blank(cell) for cell in row)


def compact(text: str) -> str:
    """Return text half-width, in lower case and without any space: what spellings are compared by."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def column_letter(index: int) -> str:
    """Return Excel's name of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
