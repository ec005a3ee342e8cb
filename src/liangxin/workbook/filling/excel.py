"""Filling an Excel template: values into cells, a marked row once for each item, the layout kept."""

from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.formula.translate import Translator

from liangxin.workbook.book import UnreadableFile
from liangxin.workbook.filling.content import NUMBER_FORMATS, Content, Rows, Unit, Value
from liangxin.workbook.filling.hostile import SAVE_AS
from liangxin.workbook.filling.placeholders import (
    is_marker,
    marker_of,
    names_in,
    replaced,
    sole_name,
)
from liangxin.workbook.filling.reading import Reading
from liangxin.workbook.filling.rows_moved import make_room
from liangxin.workbook.writing import safe_text

NONE_WORDS = "无"
LONGEST_CELL = 32_767
MOST_SHEET_ROWS = 1_048_576
GENERAL, TEXT = "General", "@"


class DoesNotFit(ValueError):
    """The content does not fit the file; the text says why, in Chinese."""


def read_excel(data: bytes) -> Reading:
    """The placeholders of a workbook; raises UnreadableFile."""
    workbook = _opened(data)
    reading = Reading()
    for sheet in workbook.worksheets:
        for row, cells in _text_rows(sheet):
            texts = [(_place(sheet, cell), str(cell.value)) for cell in cells]
            reading.add_row(texts)
            if marker_of([name for _, text in texts for name in names_in(text)]):
                _refuse_tall_merge(sheet, row, reading)
        for margin in _margins(sheet):
            reading.add_text(f"工作表“{sheet.title}”的页眉页脚", margin.text)
        if sheet._charts or sheet._images:
            reading.notes.append(f"工作表“{sheet.title}”里的图表和图片填报后可能不保留。")
    return reading


def fill_excel(data: bytes, content: Content, *, changes: Sequence[Sequence[Any]] = ()) -> bytes:
    """The workbook with every placeholder filled; `changes` become a last sheet. Raises DoesNotFit."""
    workbook = _opened(data)
    for sheet in workbook.worksheets:
        _fill_sheet(sheet, content)
        for margin in _margins(sheet):
            margin.text = replaced(margin.text, lambda name: _in_margin(content, name))
    if changes:
        _add_changes(workbook, changes)
    # Formulas keep no result of theirs: the program that opens the file works them out anew.
    workbook.calculation.fullCalcOnLoad = True
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def _opened(data: bytes) -> Any:
    try:
        return openpyxl.load_workbook(BytesIO(data))
    except Exception as error:  # openpyxl raises whatever its parsers meet in a broken file
        raise UnreadableFile("文件读不出来，可能已损坏", SAVE_AS) from error


def _text_rows(sheet: Any) -> list[tuple[int, list[Any]]]:
    """Rows with any braces, top down, with their cells of text from left to right."""
    rows: defaultdict[int, list[Any]] = defaultdict(list)
    for place in sorted(sheet._cells):
        cell = sheet._cells[place]
        if isinstance(cell.value, str) and ("{" in cell.value or "｛" in cell.value):
            rows[place[0]].append(cell)
    return sorted(rows.items())


def _margins(sheet: Any) -> list[Any]:
    """The parts of the headers and footers of a sheet that hold text."""
    kinds = [
        f"{pages}{place}" for pages in ("odd", "even", "first") for place in ("Header", "Footer")
    ]
    places = [getattr(sheet, kind) for kind in kinds]
    parts = [part for one in places for part in (one.left, one.center, one.right)]
    return [part for part in parts if part.text]


def _in_margin(content: Content, name: str) -> str:
    # An ampersand begins a code there.
    words: str = ILLEGAL_CHARACTERS_RE.sub("", content.value(name).words)
    return words.replace("&", "&&")


def _place(sheet: Any, cell: Any) -> str:
    return f"工作表“{sheet.title}”的 {cell.coordinate} 单元格"


def _refuse_tall_merge(sheet: Any, row: int, reading: Reading) -> None:
    for merged in sheet.merged_cells.ranges:
        if merged.min_row <= row <= merged.max_row and merged.min_row != merged.max_row:
            reading.wrong.append(
                f"工作表“{sheet.title}”第 {row} 行要按内容重复，不能与上下行合并（{merged.coord}）。"
            )


def _fill_sheet(sheet: Any, content: Content) -> None:
    repeated = []
    for row, cells in _text_rows(sheet):
        marker = marker_of([name for cell in cells for name in names_in(cell.value)])
        if marker:
            repeated.append((row, marker))
            continue
        for cell in cells:
            _fill_cell(cell, cell.value, content)
    # From below, so that no row moves before it is filled; what was filled is never read again.
    for row, marker in reversed(repeated):
        _repeat_row(sheet, row, content, content.tables.get(marker))


def _fill_cell(cell: Any, text: str, content: Content) -> None:
    if names_in(text):
        name = sole_name(text)
        if name:
            _write(cell, content.value(name))
        else:
            _write_text(cell, replaced(text, lambda one: content.value(one).words))


def _repeat_row(sheet: Any, row: int, content: Content, table: Rows | None) -> None:
    count = len(table.rows) if table else 0
    model = [cell for (line, _), cell in sorted(sheet._cells.items()) if line == row]
    texts = [(cell, cell.value) for cell in model]
    if table is None or not count:
        _empty_row(texts, content)
        return
    if sheet.max_row + count > MOST_SHEET_ROWS:
        raise DoesNotFit(f"工作表“{sheet.title}”放不下 {count} 行。")
    make_room(sheet, row, count - 1)
    for number in range(count):
        for cell, text in texts:
            target = cell if number == 0 else _copied(sheet, cell, row + number)
            _fill_repeated(target, text, content, (table, number))


def _copied(sheet: Any, cell: Any, row: int) -> Any:
    target = sheet.cell(row=row, column=cell.column)
    if cell.has_style:
        target._style = copy(cell._style)
    return target


def _fill_repeated(cell: Any, text: Any, content: Content, at: tuple[Rows, int]) -> None:
    table, number = at
    if type(cell).__name__ == "MergedCell" or text is None:
        return
    if not isinstance(text, str):
        cell.value = text
        return
    if text.startswith("=") and not names_in(text):
        origin = f"{cell.column_letter}{cell.row - number}"
        cell.value = Translator(text, origin=origin).translate_formula(cell.coordinate)
        return

    def value(name: str) -> Value:
        return table.value(number, name) or content.value(name)

    name = sole_name(text)
    if name:
        _write(cell, value(name))
    else:
        _write_text(cell, replaced(text, lambda one: value(one).words))


def _empty_row(texts: list[tuple[Any, Any]], content: Content) -> None:
    for cell, text in texts:
        if isinstance(text, str) and (names := names_in(text)):
            is_first = any(is_marker(name) for name in names)
            known = all(name in content.values for name in names)
            if known:
                _fill_cell(cell, text, content)
            else:
                _write_text(cell, NONE_WORDS if is_first else "")


def _write(cell: Any, value: Value) -> None:
    if value.plain is None or isinstance(value.plain, str) or cell.number_format == TEXT:
        _write_text(cell, value.words)
        return
    number = value.plain
    if cell.number_format == GENERAL:
        cell.number_format = NUMBER_FORMATS.get(value.unit, GENERAL)
    elif value.unit is Unit.SHARE and "%" not in cell.number_format:
        number = number * 100  # a form whose heading says 覆盖率(%) has plain numbers below
    cell.value = number


def _write_text(cell: Any, text: str) -> None:
    text = ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL]
    cell.value = text or None
    if not text:
        return
    # Else openpyxl would write what begins with = as a formula, and a firm could be named one.
    cell.data_type = "s"
    if safe_text(text) != text:
        cell.quotePrefix = True  # stays text also when somebody edits the cell


def _add_changes(workbook: Any, rows: Sequence[Sequence[Any]]) -> None:
    sheet = workbook.create_sheet("变化情况")
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(row=number, column=column)
            if isinstance(value, Value):
                _write(cell, value)
            elif isinstance(value, str):
                _write_text(cell, value)
    for letter, width in zip("ABCDE", (34, 26, 16, 16, 16), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
