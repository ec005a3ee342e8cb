"""Making room below a row of a sheet: everything below moves down, and whatever spans it grows."""

import re
from copy import copy
from typing import Any

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.merge import MergedCellRange

_CELL = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d{1,7})")


def make_room(sheet: Any, row: int, extra: int) -> None:
    """Insert `extra` rows below `row`, each of its height and merged alike; formulas follow.

    A range that ends in the row, as of a sum below it, grows over the new rows.
    """
    if extra <= 0:
        return
    _move_cells(sheet, row, extra)
    _move_heights(sheet, row, extra)
    _move_merged(sheet, row, extra)
    _move_formulas(sheet, row, extra)
    _move_areas(sheet, row, extra)


def _move_cells(sheet: Any, row: int, extra: int) -> None:
    for place in sorted((one for one in sheet._cells if one[0] > row), reverse=True):
        cell = sheet._cells.pop(place)
        cell.row += extra
        sheet._cells[cell.row, place[1]] = cell


def _move_heights(sheet: Any, row: int, extra: int) -> None:
    lines = sheet.row_dimensions
    for number in sorted((one for one in lines if one > row), reverse=True):
        line = lines.pop(number)
        line.index = number + extra
        lines[number + extra] = line
    height = lines[row].height if row in lines else None
    if height is not None:
        for number in range(row + 1, row + extra + 1):
            lines[number].height = height


def _move_merged(sheet: Any, row: int, extra: int) -> None:
    moved = []
    for merged in list(sheet.merged_cells.ranges):
        bounds = merged.bounds
        moved.append(_moved_range(bounds, row, extra))
        if bounds[1] == bounds[3] == row:
            left, _, right, _ = bounds
            moved += [(left, number, right, number) for number in range(row + 1, row + extra + 1)]
    # Added one by one each would be compared with all before it.
    sheet.merged_cells.ranges = type(sheet.merged_cells.ranges)(
        MergedCellRange(sheet, _coordinates(bounds)) for bounds in moved
    )


def _moved_range(bounds: tuple[int, int, int, int], row: int, extra: int) -> tuple[int, ...]:
    left, top, right, bottom = bounds
    if top > row:
        return left, top + extra, right, bottom + extra
    if bottom > row:
        return left, top, right, bottom + extra
    return bounds


def _grown(text: str, row: int, extra: int) -> str:
    """An area (A1:C3) after the insertion; one that ends in the row takes the new ones in."""
    left, top, right, bottom = CellRange(text.replace("$", "")).bounds
    if top > row:
        top += extra
    if bottom >= row:
        bottom += extra
    return _coordinates((left, top, right, bottom))


def _coordinates(bounds: tuple[int, ...]) -> str:
    left, top, right, bottom = bounds
    return str(CellRange(min_col=left, min_row=top, max_col=right, max_row=bottom).coord)


def _move_formulas(sheet: Any, row: int, extra: int) -> None:
    for other in sheet.parent.worksheets:
        for cell in other._cells.values():
            is_model = other is sheet and cell.row == row
            text = cell.value
            if isinstance(text, str) and cell.data_type == "f" and not is_model:
                cell.value = _moved_formula(text, row, extra, (sheet.title, other is sheet))


def _moved_formula(text: str, row: int, extra: int, about: tuple[str, bool]) -> str:
    title, is_own = about
    parts = Tokenizer(text)
    for token in parts.items:
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            place, sign, area = token.value.rpartition("!")
            named = place.strip("'").replace("''", "'")
            if (not sign and is_own) or (sign and named == title):
                token.value = f"{place}{sign}{_moved_reference(area, row, extra)}"
    return f"={''.join(token.value for token in parts.items)}"


def _moved_reference(area: str, row: int, extra: int) -> str:
    first, colon, last = area.partition(":")
    if not colon:
        return _moved_part(first, row, extra, is_end=False)
    return f"{_moved_part(first, row, extra, is_end=False)}:{_moved_part(last, row, extra, is_end=True)}"


def _moved_part(text: str, row: int, extra: int, *, is_end: bool) -> str:
    match = _CELL.fullmatch(text)
    if not match:
        return text
    number = int(match.group(2))
    moves = number > row or (is_end and number == row)
    return f"{match.group(1)}{number + extra if moves else number}"


def _move_areas(sheet: Any, row: int, extra: int) -> None:
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = _grown(sheet.auto_filter.ref, row, extra)
    if sheet.print_area:
        parts = str(sheet.print_area).split(",")
        sheet.print_area = ",".join(_grown(part.rpartition("!")[2], row, extra) for part in parts)
    for rule in sheet.data_validations.dataValidation:
        rule.sqref = _grown_ranges(rule.sqref, row, extra)
    styled = ConditionalFormattingList()
    for place in sheet.conditional_formatting:
        for rule in place.rules:
            styled.add(str(_grown_ranges(place.sqref, row, extra)), copy(rule))
    sheet.conditional_formatting = styled
    for stop in sheet.row_breaks.brk:
        if stop.id >= row:
            stop.id += extra


def _grown_ranges(ranges: Any, row: int, extra: int) -> Any:
    return MultiCellRange(" ".join(_grown(one.coord, row, extra) for one in ranges.ranges))
