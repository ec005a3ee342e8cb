"""The text of a cell on its way to a value, with the blanks offices write instead of nothing."""

import re

from liangxin.workbook.cells import Cell, CellError, cell_text, compact
from liangxin.workbook.refusals import Refused

_BLANK_MARKS = frozenset(
    ["/", "\\", "-", "--", "---", "—", "——", "／", "null", "none", "n/a", "na", "nan", "﹣", "－"]
)
_BLANK_WORDS = frozenset(
    ["无", "暂无", "没有", "不详", "未知", "待定", "空", "未填", "无数据", "不清楚"]
)
_GUARDED = tuple("=+-@")  # our exports put an apostrophe before what Excel would calculate
_TEXT_MARKS = "'‘’`"  # typed so that Excel keeps a long number as text; a csv shows them
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?e\+?\d{2}", re.IGNORECASE)


def told_text(cell: Cell) -> str | None:
    """Return the cell's text without space around it, or None for a blank or a mere dash.

    Raises Refused for a formula that has no result.
    """
    if isinstance(cell, str):
        text = cell.strip()
        if text[:1] == "'" and text[1:2] in _GUARDED:
            text = text[1:]
        return None if not text or (len(text) < 5 and text.lower() in _BLANK_MARKS) else text
    if isinstance(cell, CellError):
        raise Refused(
            f"公式没有得出结果（{cell.text}）",
            "请在 Excel 里重新计算；或复制这一列，用“选择性粘贴—数值”代替公式",
        )
    return None if cell is None else cell_text(cell)


def is_blank_word(text: str) -> bool:
    """Tell whether a text says that there is nothing to say, such as 无 or 不详."""
    return len(text) < 5 and compact(text) in _BLANK_WORDS


def code_text(cell: Cell) -> str | None:
    """Return the text of a long number, or None; refuses one whose last digits Excel has lost."""
    text = told_text(cell)
    if text is None or is_blank_word(text):
        return None
    if isinstance(cell, float) or _SCIENTIFIC.fullmatch(text):
        raise Refused(
            "号码被 Excel 当成了数字，后几位已经丢失",
            "请先把这一列的单元格格式设为“文本”，再重新填写完整的号码",
        )
    return text.lstrip(_TEXT_MARKS) or None
