"""How far the filled cells of a sheet's XML reach, by a true parser: slow, but not to be fooled."""

import re
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

_PLACE = re.compile(r"([A-Za-z]*)(\d*)")


@dataclass
class Extent:
    """The last filled row and column, counted from 1, and how many cells are filled."""

    last_row: int = 0
    last_column: int = 0
    filled_cells: int = 0


class _Extents:
    """Follows rows and cells as the parser meets them; cells may say where they stand, or not."""

    def __init__(self) -> None:
        self.extent = Extent()
        self._row = 0
        self._column = 0
        self._is_counted = True

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                told = attributes.get("r", "").strip()
                self._row = int(told) if told.isdecimal() else self._row + 1
                self._column = 0
            case "c":
                self._place(attributes.get("r", "").strip())
                self._is_counted = False
            case "v" | "is" | "f" if not self._is_counted:
                self._count()

    def _place(self, told: str) -> None:
        letters, digits = _PLACE.match(told).groups()  # type: ignore[union-attr]
        self._row = int(digits) if digits else self._row
        self._column = column_number(letters.upper()) if letters else self._column + 1

    def _count(self) -> None:
        # A cell with a value, text or formula holds something; empty cells that only bear a colour do not matter.
        self._is_counted = True
        self.extent.filled_cells += 1
        self.extent.last_row = max(self.extent.last_row, self._row)
        self.extent.last_column = max(self.extent.last_column, self._column)


def measured_extent(stream: IO[bytes]) -> Extent:
    """Measure one sheet. Raises expat.ExpatError for XML that is not well formed."""
    found = _Extents()
    parser = expat.ParserCreate()
    parser.StartElementHandler = found.start
    parser.ParseFile(stream)
    return found.extent


def column_number(letters: str) -> int:
    """The number of a column from 1: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
