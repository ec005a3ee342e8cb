"""Looking through the XML of an xlsx sheet for what the fast reader does not tell.

The reader gives neither error values nor formulas that were never calculated (both come as
empty cells), and it lays out one block as large as the farthest cells demand.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile

from liangxin.workbook.cells import UNCALCULATED, CellError
from liangxin.workbook.sheet_extent import column_number, measured_extent

_CHUNK = 1 << 20
_TAIL = 65_536
_RELATIONS = "xl/_rels/workbook.xml.rels"
_NOT_CALCULATED = CellError(UNCALCULATED)

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
# Any cell not plainly said to lie in the first 52 columns and 200,000 rows, however it is written.
_FAR = re.compile(rb"<(?:[\w.-]+:)?c(?! r=\"A?[A-Z](?:1\d{5}|\d{1,5})\")[\s/>]")
_ERROR = re.compile(
    rb"<c\b(?=[^>]*\st=\"e\")[^>]*\sr=\"([A-Z]{1,3})(\d{1,7})\"[^>]*>"
    rb"(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>([^<]*)</v>"
)
_UNCALCULATED = re.compile(
    rb"<c\b(?![^>]*\st=\"str\")[^>]*\sr=\"([A-Z]{1,3})(\d{1,7})\"[^>]*>"
    rb"(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>"
)


@dataclass
class SheetScan:
    """What a sheet's XML says: cells that failed by (row, column) from 0, and its extent."""

    errors: dict[tuple[int, int], CellError] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0
    filled_cells: int = 0

    @property
    def area(self) -> int:
        """Cells the reader would lay out, where far cells were met; 0 otherwise."""
        return self.last_row * self.last_column


def scan_sheets(path: Path) -> Mapping[str, SheetScan]:
    """Return a scan of each sheet's XML, by the path of the sheet inside the file."""
    with ZipFile(path) as archive:
        relations = b"".join(
            archive.read(name).lower() for name in archive.namelist() if name.lower() == _RELATIONS
        )
        # A sheet may lie under any name: what looks like one is looked through, wherever it is.
        return {
            name: _scan(archive, name)
            for name in archive.namelist()
            if name.lower().endswith(".xml") or Path(name.lower()).name.encode() in relations
        }


def sheet_paths(path: Path) -> tuple[str, ...]:
    """Return the path inside the file of each sheet, in the workbook's order ("" where unknown)."""
    with ZipFile(path) as archive:
        workbook = archive.read("xl/workbook.xml")
        try:
            relations = archive.read("xl/_rels/workbook.xml.rels")
        except KeyError:
            relations = b""
    targets = {entry.get("Id"): entry.get("Target", "") for entry in _tags(_RELATION, relations)}
    ids = [_relation_id(entry) for entry in _tags(_SHEET, workbook)]
    return tuple(_inside(targets.get(identifier, "")) for identifier in ids)


def _tags(pattern: re.Pattern[bytes], xml: bytes) -> Iterator[dict[str, str]]:
    for tag in pattern.findall(xml):
        pairs = _ATTRIBUTE.findall(tag)
        yield {name.decode(): (one or other).decode() for name, one, other in pairs}


def _relation_id(entry: Mapping[str, str]) -> str:
    return next((value for name, value in entry.items() if name.endswith(":id")), "")


def _inside(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _scan(archive: ZipFile, name: str) -> SheetScan:
    scan = SheetScan()
    is_far = False
    for piece in _pieces(archive, name):
        is_far = is_far or bool(_FAR.search(piece))
        if b't="e"' in piece:
            for column, row, text in _ERROR.findall(piece):
                scan.errors[_place(column, row)] = CellError(text.decode("utf-8", "replace"))
        if b"<f" in piece:
            for column, row in _UNCALCULATED.findall(piece):
                scan.errors[_place(column, row)] = _NOT_CALCULATED
    if is_far:
        with archive.open(name) as stream:
            extent = measured_extent(stream)
        scan.last_row, scan.last_column = extent.last_row, extent.last_column
        scan.filled_cells = extent.filled_cells
    return scan


def _pieces(archive: ZipFile, name: str) -> Iterator[bytes]:
    """Yield the XML in pieces of about a megabyte, cut before a cell begins."""
    rest = b""
    with archive.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            piece = rest + chunk
            cut = piece.rfind(b"<c ")
            # Never inside the beginning of a tag, or a cell in an odd form would not be seen.
            cut = cut if cut > 0 else piece.rfind(b"<", max(0, len(piece) - _TAIL))
            cut = cut if cut > 0 else len(piece)
            yield piece[:cut]
            rest = piece[cut:]
    yield rest


def _place(column: bytes, row: bytes) -> tuple[int, int]:
    return int(row) - 1, column_number(column.decode()) - 1
