"""Rows that are no records: totals, notes, section titles, repeated headers, examples."""

import re
from collections.abc import Mapping, Sequence

from liangxin.workbook.book import Sheet
from liangxin.workbook.cells import Cell, cell_text

_TOTALS = re.compile(
    r"\s*(?:本页|本表|总|全区|全街道)?\s*(?:合\s*计|总\s*计|小\s*计|累\s*计|共\s*计)"
    r"\s*[:：]?\s*[\d,，.]*\s*[家户人个名条]?\s*"
)
_COUNTED_TOTAL = re.compile(r"\s*(?:总|一)?共\s*[\d,，]+\s*[家户人个名条处]\s*[。.]?\s*")
_NOTES = re.compile(
    r"\s*(?:注|备注|说明|填表说明|填报说明|注意|附注|填表人|填报人|制表人?|制表单位|审核人?|复核人?|经办人|填表日期|填报日期|"
    r"填报时间|填报单位|填表单位|报送单位|单位负责人|负责人|联系人|联系电话|打印日期|打印时间|数据来源|截止日期|日期|签字|盖章)"
    r"(?:\s*[（(][^（）()]*[)）])?\s*\d*[:：].*|.*(?:以下空白|此行以下无正文).*|\s*第\s*\d+\s*页.*",
    re.DOTALL,
)
_SECTION = re.compile(r"\s*(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)]).+")
_EXAMPLES = frozenset(
    ("示例", "例", "样例", "填写示例", "填表示例", "（示例）", "(示例)", "例：", "示例：")
)
_COUNTED = ("甲", "栏次", "序号1")
_LEAST_COUNTED = 3
_SECTION_COLUMNS = 3
_TOTAL_WITHIN = 4  # 合计 stands in the name column, which may follow a number and a street


def left_out_reason(row: tuple[Cell, ...], *, headers: Sequence[Mapping[int, str]]) -> str | None:
    """Return why a filled row is no record, in Chinese, or None where it is one.

    `headers` are, for each header row, the texts of the recognised columns by their index.
    """
    first = next((cell for cell in row if cell is not None), None)
    if isinstance(first, str):
        reason = _by_first_text(first, row)
        if reason:
            return reason
    if any(_is_total(cell) for cell in row[:_TOTAL_WITHIN]):
        return "合计行"
    return _by_whole_row(row, headers)


def section_rows(sheet: Sheet, *, below: int) -> frozenset[int]:
    """Return the numbers of rows under index `below` that hold one text merged over columns."""
    spread = (
        block.top
        for block in sheet.merged
        if below < block.top < len(sheet.rows) and block.right - block.left >= _SECTION_COLUMNS - 1
    )
    return frozenset(top + 1 for top in spread if _filled(sheet.rows[top]) == 1)


def _is_total(cell: Cell) -> bool:
    return type(cell) is str and "计" in cell[:6] and bool(_TOTALS.fullmatch(cell))


def _by_first_text(text: str, row: tuple[Cell, ...]) -> str | None:
    if _is_total(text) or _COUNTED_TOTAL.fullmatch(text):
        return "合计行"
    if text.strip() in _EXAMPLES:
        return "示例行"
    if _NOTES.fullmatch(text):
        return "表尾说明"
    if _SECTION.fullmatch(text) and _filled(row) == 1:
        return "分段标题"
    return None


def _by_whole_row(row: tuple[Cell, ...], headers: Sequence[Mapping[int, str]]) -> str | None:
    if any(_repeats(row, header) for header in headers):
        return "重复的表头"
    return "栏次行" if _counts_columns(row) else None


def _repeats(row: tuple[Cell, ...], header: Mapping[int, str]) -> bool:
    same = sum(
        1
        for index, text in header.items()
        if index < len(row) and type(row[index]) is str and row[index] == text
    )
    return same >= min(2, len(header))


def _counts_columns(row: tuple[Cell, ...]) -> bool:
    """Tell whether a row only numbers the columns: 1 2 3 4, after 甲 or 栏次 perhaps."""
    first = next((cell for cell in row if cell is not None), None)
    if first != 1 and first != "1" and first not in _COUNTED:
        return False
    texts = [
        cell_text(cell)
        for cell in row
        if cell is not None and cell not in ("甲", "乙", "丙", "栏次")
    ]
    return len(texts) >= _LEAST_COUNTED and texts == [str(n + 1) for n in range(len(texts))]


def _filled(row: tuple[Cell, ...]) -> int:
    return sum(1 for cell in row if cell is not None and cell_text(cell).strip())
