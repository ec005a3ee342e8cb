"""What one cell of a sheet may hold, and how it reads as text."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

EXACT_DIGITS = 15  # Excel keeps no more digits of a number than this


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell whose formula has no usable result, such as #REF! or a formula never calculated."""

    text: str


Cell = str | int | float | bool | date | datetime | CellError | None


def cell_text(cell: Cell) -> str:
    """Return the cell as a person would read it: whole numbers bare, dates as 2021-03-05."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes").removesuffix(" 00:00")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return cell.text if isinstance(cell, CellError) else str(cell)


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
