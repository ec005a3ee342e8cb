"""Refusing OpenDocument sheets whose repeated cells would swell beyond all measure."""

import re
from pathlib import Path
from zipfile import ZipFile

from liangxin.workbook.book import UnreadableFile

_MARK = re.compile(
    rb"<table:(table-row|table-cell|covered-table-cell|table)\b([^>]*)>|</table:table-row>"
)
_ROWS = re.compile(rb"number-rows-repeated=\"(\d+)\"")
_COLUMNS = re.compile(rb"number-columns-repeated=\"(\d+)\"")
_VALUE = b"office:value-type"


def refuse_swollen_ods(path: Path, *, max_cells: int) -> None:
    """Raise UnreadableFile where the cells up to the farthest filled one are more than max_cells."""
    with ZipFile(path) as archive:
        content = archive.read("content.xml")
    if _largest_area(content) > max_cells:
        raise UnreadableFile(
            "表格里有大片重复或空白的单元格，解开后大得不正常",
            "请只复制名单本身到新表，另存为 .xlsx 后再上传",
        )


def _largest_area(content: bytes) -> int:
    largest = row = filled_row = filled_column = column = repeat = 0
    row_filled = False
    for mark in _MARK.finditer(content):
        name, attributes = mark.group(1), mark.group(2) or b""
        if name == b"table":
            largest = max(largest, filled_row * filled_column)
            row = filled_row = filled_column = 0
        elif name == b"table-row":
            column, row_filled = 0, False
            repeat = _repeat(_ROWS, attributes)
            row += repeat
        elif name is not None:
            column += _repeat(_COLUMNS, attributes)
            if _VALUE in attributes:
                row_filled = True
                filled_column = max(filled_column, column)
        if row_filled:
            filled_row = row
    return max(largest, filled_row * filled_column)


def _repeat(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found.group(1)) if found else 1
