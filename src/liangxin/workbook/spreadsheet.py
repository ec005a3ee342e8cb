"""Reading xlsx, xls, et and ods workbooks into sheets."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine as calamine

from liangxin.workbook.book import MAX_ROWS, MergedRange, Sheet, UnreadableFile, too_many_rows
from liangxin.workbook.cells import EXACT_DIGITS, Cell, CellError, text_cell
from liangxin.workbook.file_format import FileFormat, password_protected
from liangxin.workbook.ods_scan import refuse_swollen_ods
from liangxin.workbook.xlsx_scan import SheetScan, scan_sheets, sheet_paths

MAX_SHEETS = 100
MAX_CELLS = 12_000_000  # one block of this size takes the reader about 400 MB
_MAX_MERGE_CELLS = 2_000_000
_BROKEN = ("工作簿已损坏，打不开", "请用 Excel 或 WPS 打开后另存一份新的 .xlsx，再上传")


def read_spreadsheet(path: Path, *, form: FileFormat) -> tuple[Sheet, ...]:
    """Return every worksheet of a workbook; raises UnreadableFile for one that is unfit."""
    if form is FileFormat.ODS:
        refuse_swollen_ods(path, max_cells=MAX_CELLS)
    scans = _scans(path) if form is FileFormat.XLSX else {}
    try:
        return _sheets(path, scans)
    except calamine.PasswordError as error:
        raise password_protected() from error
    except calamine.CalamineError as error:
        raise UnreadableFile(*_BROKEN) from error
    except BaseException as error:  # a panic of the reader is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableFile(*_BROKEN) from error


def _scans(path: Path) -> dict[int, SheetScan]:
    try:
        by_path = scan_sheets(path)
        paths = sheet_paths(path)
    except Exception as error:  # zipfile raises a dozen kinds of error for a broken member
        raise UnreadableFile(*_BROKEN) from error
    for scan in by_path.values():
        _refuse_swollen(scan)
    return {place: by_path[name] for place, name in enumerate(paths) if name in by_path}


def _refuse_swollen(scan: SheetScan) -> None:
    if scan.area <= MAX_CELLS:
        return
    if scan.filled_cells > MAX_ROWS:
        raise too_many_rows()
    raise UnreadableFile(
        f"表格最远的内容在第{scan.last_row}行、第{scan.last_column}列，中间大片空白",
        "请删除表格下方和右侧零散的内容，只留名单本身，保存后再上传",
    )


def _sheets(path: Path, scans: Mapping[int, SheetScan]) -> tuple[Sheet, ...]:
    with calamine.CalamineWorkbook.from_path(path) as workbook:
        metadata = workbook.sheets_metadata
        if len(metadata) > MAX_SHEETS:
            raise UnreadableFile(
                f"工作簿有{len(metadata)}张工作表，超过{MAX_SHEETS}张", "请拆成几个文件再上传"
            )
        return tuple(
            _sheet(workbook, place, entry, scans.get(place, SheetScan()))
            for place, entry in enumerate(metadata)
            if entry.typ is calamine.SheetTypeEnum.WorkSheet
        )


def _sheet(
    workbook: calamine.CalamineWorkbook,
    place: int,
    entry: calamine.SheetMetadata,
    scan: SheetScan,
) -> Sheet:
    source = workbook.get_sheet_by_index(place)
    rows = _rows(source, entry.name)
    _mark_errors(rows, scan.errors)
    merged = tuple(
        MergedRange(top, left, bottom, right)
        for (top, left), (bottom, right) in source.merged_cell_ranges or ()
    )
    _fill_down(rows, merged)
    hidden = entry.visible is not calamine.SheetVisibleEnum.Visible
    return Sheet(name=entry.name, rows=rows, hidden=hidden, merged=merged)


def _rows(source: calamine.CalamineSheet, name: str) -> list[tuple[Cell, ...]]:
    if source.start is None:
        return []
    pad: tuple[Cell, ...] = (None,) * source.start[1]
    rows: list[tuple[Cell, ...]] = []
    filled = 0
    for values in source.iter_rows():
        if not any(value != "" for value in values):
            rows.append(())
            continue
        filled += 1
        if filled > MAX_ROWS:
            raise too_many_rows(name)
        rows.append(pad + _cells(values))
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cells(values: Iterable[Any]) -> tuple[Cell, ...]:
    return tuple(
        [v if type(v) is str and v and v[0] != "#" else _cell(v) for v in values],
    )


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return text_cell(value)
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 10**EXACT_DIGITS
        return int(value) if whole else value
    if isinstance(value, (time, timedelta)):
        return str(value)
    return value if isinstance(value, (bool, int, date, datetime)) else str(value)


def _mark_errors(rows: list[tuple[Cell, ...]], errors: Mapping[tuple[int, int], CellError]) -> None:
    for (row, column), error in errors.items():
        if row >= len(rows):
            rows.extend([()] * (row + 1 - len(rows)))
        cells = rows[row] + (None,) * (column + 1 - len(rows[row]))
        rows[row] = (*cells[:column], error, *cells[column + 1 :])


def _fill_down(rows: list[tuple[Cell, ...]], merged: Iterable[MergedRange]) -> None:
    """Give each row of a vertically merged cell its value; rows blank otherwise stay blank."""
    budget = _MAX_MERGE_CELLS
    for block in merged:
        bottom = min(block.bottom, len(rows) - 1)
        budget -= max(0, bottom - block.top)
        if budget < 0 or bottom <= block.top or block.left >= len(rows[block.top]):
            continue
        value = rows[block.top][block.left]
        for number in range(block.top + 1, bottom + 1):
            rows[number] = _with_cell(rows[number], block.left, value)


def _with_cell(row: tuple[Cell, ...], column: int, value: Cell) -> tuple[Cell, ...]:
    if not any(cell is not None for cell in row):
        return row
    cells = row + (None,) * (column + 1 - len(row))
    return (*cells[:column], value, *cells[column + 1 :])
