"""The texts that stand over each column, from one to three header rows, merged or not."""

from collections.abc import Sequence
from functools import lru_cache

from liangxin.workbook.book import MergedRange, Sheet
from liangxin.workbook.cells import Cell, cell_text, compact

Levels = tuple[str, ...]
MAX_COLUMNS = 300


def header_levels(sheet: Sheet, start: int, end: int) -> tuple[Levels, ...]:
    """Return for each column the texts over it, outermost first, for header rows start to end.

    A merged group title belongs to every column under it; where the file knows no merged cells,
    to the blank cells on its right that have a title of their own beneath.
    """
    rows = [_texts(sheet, number) for number in range(start, end + 1)]
    width = max((len(row) for row in rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    for above, below in zip(rows, rows[1:], strict=False):
        if not sheet.merged:
            _spread(above, below)
    return tuple(_distinct(tuple(column)) for column in zip(*rows, strict=True))


def joined(levels: Levels) -> str:
    """Return the header as it is shown: its levels with a bar between them."""
    return "|".join(levels)


@lru_cache(maxsize=4096)
def header_key(header: str) -> str:
    """Return what a remembered mapping knows a header by."""
    return compact(header)


def _texts(sheet: Sheet, number: int) -> list[str]:
    row: Sequence[Cell] = sheet.rows[number] if number < len(sheet.rows) else ()
    texts = [" ".join(cell_text(cell).split()) for cell in row[:MAX_COLUMNS]]
    for block in sheet.merged:
        if block.top <= number <= block.bottom and block.right > block.left:
            _fill(texts, block, sheet)
    return texts


def _fill(texts: list[str], block: MergedRange, sheet: Sheet) -> None:
    top = sheet.rows[block.top] if block.top < len(sheet.rows) else ()
    value = cell_text(top[block.left]) if block.left < len(top) else ""
    right = min(block.right, MAX_COLUMNS - 1)
    texts.extend([""] * (right + 1 - len(texts)))
    for column in range(block.left, right + 1):
        texts[column] = " ".join(value.split())


def _spread(above: list[str], below: list[str]) -> None:
    if sum(1 for text in above if text) < 2:
        return  # a lone text is a title over the whole table, no group
    for column in range(1, len(above)):
        grouped = below[column] and below[column - 1]
        if not above[column] and grouped and above[column - 1] != below[column - 1]:
            above[column] = above[column - 1]


def _distinct(levels: Levels) -> Levels:
    kept: list[str] = []
    for text in "|".join(levels).split("|"):
        if text and (not kept or kept[-1] != text):
            kept.append(text)
    return tuple(kept)
