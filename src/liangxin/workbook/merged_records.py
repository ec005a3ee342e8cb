"""One record written over several rows: the name in a merged cell, one unit a row beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from liangxin.workbook.book import MergedRange, Sheet
from liangxin.workbook.cells import Cell, cell_text, is_blank
from liangxin.workbook.recognising import Recognition

_LONGEST_RUN = 1000


@dataclass(frozen=True)
class MergedRecord:
    """A record on rows `first` and `followers` (Excel's numbers), which list units in `column`."""

    first: int
    followers: tuple[int, ...]
    column: int

    def whole_row(self, sheet: Sheet) -> tuple[Cell, ...]:
        """Return the first row with the units of every row in its cell, one a line."""
        rows = [sheet.rows[number - 1] for number in (self.first, *self.followers)]
        units = [cell_text(row[self.column]) for row in rows if self.column < len(row)]
        joined = "\n".join(unit for unit in units if unit.strip())
        cells = rows[0] + (None,) * (self.column + 1 - len(rows[0]))
        return (*cells[: self.column], joined or None, *cells[self.column + 1 :])


def merged_records(sheet: Sheet, recognition: Recognition) -> Mapping[int, MergedRecord]:
    """Return the records that stand on several rows, by their first row.

    Only lists with a column of several units have them (covered, served), and only where the rows
    say the same in every other column: rows that differ stay records of their own.
    """
    kind = recognition.kind
    if kind is None or not sheet.merged:
        return {}
    indices = {match.code: match.index for match in recognition.columns if match.code}
    lists = [indices[c.code] for c in kind.columns if c.type == "names" and c.code in indices]
    name = indices.get(kind.columns[0].code)
    if name is None or len(lists) != 1:
        return {}
    found = (
        _record(sheet, block, column=lists[0], others=set(indices.values()) - {lists[0]})
        for block in sheet.merged
        if block.left == block.right == name and block.top > recognition.header_end
    )
    return {record.first: record for record in found if record is not None}


def _record(
    sheet: Sheet, block: MergedRange, *, column: int, others: set[int]
) -> MergedRecord | None:
    bottom = min(block.bottom, len(sheet.rows) - 1)
    if not 0 < bottom - block.top <= _LONGEST_RUN:
        return None
    top = sheet.rows[block.top]
    for number in range(block.top + 1, bottom + 1):
        if not all(_adds_nothing(sheet.rows[number], top, index) for index in others):
            return None
    return MergedRecord(block.top + 1, tuple(range(block.top + 2, bottom + 2)), column)


def _adds_nothing(row: tuple[Cell, ...], top: tuple[Cell, ...], index: int) -> bool:
    if index >= len(row) or is_blank(row[index]):
        return True
    return index < len(top) and row[index] == top[index]
