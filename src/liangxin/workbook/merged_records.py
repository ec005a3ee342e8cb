"""One record written over several rows, a unit in each, the name merged or written out again."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from liangxin.workbook.book import MergedRange, Sheet
from liangxin.workbook.cells import Cell, cell_text, compact, is_blank
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


@dataclass(frozen=True)
class _Layout:
    """Where a list with a column of units holds the name, the units and everything else."""

    name: int
    units: int
    others: tuple[int, ...]


def merged_records(sheet: Sheet, recognition: Recognition) -> Mapping[int, MergedRecord]:
    """Return the records that stand on several rows, by their first row.

    Only lists with a column of several units have them (covered, served), and only where the rows
    say the same in every other column: rows that differ stay records of their own.
    """
    layout = _layout(recognition)
    if layout is None:
        return {}
    below = recognition.header_end
    blocks = (
        _record(sheet, block, layout)
        for block in sheet.merged
        if block.left == block.right == layout.name and block.top > below
    )
    records = [record for record in blocks if record is not None]
    taken = {number for r in records for number in (r.first, *r.followers)}
    records += _repeated_records(sheet, layout, below=below, taken=taken)
    return {record.first: record for record in records}


def _layout(recognition: Recognition) -> _Layout | None:
    kind = recognition.kind
    if kind is None:
        return None
    indices = {match.code: match.index for match in recognition.columns if match.code}
    units = [indices[c.code] for c in kind.columns if c.type == "names" and c.code in indices]
    name = indices.get(kind.columns[0].code)
    if name is None or len(units) != 1:
        return None
    others = tuple(sorted(index for index in indices.values() if index != units[0]))
    return _Layout(name, units[0], others)


def _repeated_records(
    sheet: Sheet, layout: _Layout, *, below: int, taken: Collection[int]
) -> Iterator[MergedRecord]:
    """Rows written out in full for each unit: alike in all but the units, which all differ."""
    rows: dict[tuple[str, ...], dict[str, int]] = {}
    for number, row in enumerate(sheet.rows[below + 1 :], start=below + 2):
        unit = _plain(row, layout.units)
        if unit and number not in taken and _plain(row, layout.name):
            told = tuple(_plain(row, index) for index in layout.others)
            rows.setdefault(told, {}).setdefault(unit, number)
    for numbers in rows.values():
        first, *followers = numbers.values()
        if followers:
            yield MergedRecord(first, tuple(followers), layout.units)


def _plain(row: tuple[Cell, ...], index: int) -> str:
    return compact(cell_text(row[index])) if index < len(row) else ""


def _record(sheet: Sheet, block: MergedRange, layout: _Layout) -> MergedRecord | None:
    bottom = min(block.bottom, len(sheet.rows) - 1)
    if not 0 < bottom - block.top <= _LONGEST_RUN:
        return None
    top = sheet.rows[block.top]
    for number in range(block.top + 1, bottom + 1):
        if not all(_adds_nothing(sheet.rows[number], top, index) for index in layout.others):
            return None
    return MergedRecord(block.top + 1, tuple(range(block.top + 2, bottom + 2)), layout.units)


def _adds_nothing(row: tuple[Cell, ...], top: tuple[Cell, ...], index: int) -> bool:
    if index >= len(row) or is_blank(row[index]):
        return True
    return index < len(top) and row[index] == top[index]
