"""Reading CSV and other delimited text in the encodings Chinese offices save."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from pathlib import Path

from liangxin.workbook.book import MAX_ROWS, Sheet, UnreadableFile, too_many_rows
from liangxin.workbook.cells import Cell, text_cell

_DELIMITERS = ",\t;|"
_SAMPLE_ROWS = 50
_ENCODINGS = ("utf-8-sig", "gb18030")


def read_delimited(path: Path, *, name: str) -> Sheet:
    """Return the text file as one sheet; raises UnreadableFile where no encoding fits."""
    text = _decoded(path.read_bytes())
    rows: list[tuple[Cell, ...]] = []
    filled = 0
    for row in _records(text, delimiter=_delimiter(text)):
        cells = _cells(row)
        filled += bool(cells)
        if filled > MAX_ROWS:
            raise too_many_rows(name)
        rows.append(cells)
    return Sheet(name=name, rows=rows)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = _ENCODINGS
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(
        "文字编码认不出来，读出来会是乱码", "请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传"
    )


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts most of the first rows into most cells."""
    return max(_DELIMITERS, key=lambda mark: _cut_cells(text, delimiter=mark))


def _cut_cells(text: str, *, delimiter: str) -> int:
    sample = "\n".join(islice(StringIO(text), _SAMPLE_ROWS))
    widths = sorted(len(row) for row in _records(sample, delimiter=delimiter) if row)
    return widths[len(widths) // 2] if widths else 0


def _records(text: str, *, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise UnreadableFile(
            "文件里的引号或换行不成对，读不下去", "请用 Excel 打开，另存为 .xlsx 后再上传"
        ) from error


def _cells(row: list[str]) -> tuple[Cell, ...]:
    cells = tuple([text if text and text[0] not in "=#公" else _cell(text) for text in row])
    return cells if any(cells) else ()


def _cell(text: str) -> Cell:
    """Undo the ="0571" some programs write so that Excel keeps leading zeros."""
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text_cell(text)
