"""For each type of column, the function that turns a cell into a value or refuses it."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from liangxin.standards.id_number import id_number_fault, normalise_id_number
from liangxin.standards.industries import find_industry
from liangxin.standards.phone import normalise_phone, phone_fault
from liangxin.standards.uscc import normalise_uscc, uscc_fault
from liangxin.workbook.cell_text import code_text, is_blank_word, told_text
from liangxin.workbook.cells import Cell, compact
from liangxin.workbook.dates import read_date
from liangxin.workbook.kinds import Column
from liangxin.workbook.numbers import (
    LATITUDES,
    LONGITUDES,
    read_count,
    read_degrees,
    read_money_wan,
)
from liangxin.workbook.plain_names import plain_name
from liangxin.workbook.refusals import Refused

Value = str | int | float | bool | date | Decimal | tuple[str, ...] | None
Cleaner = Callable[[Cell], Value]

LONGEST_NAME = 200
LONGEST_TEXT = 500
_REMEMBERED = 20_000
_REPEATING = frozenset(("text", "date", "past_date", "integer", "yes_no", "choice", "industry"))
_YES = frozenset(
    [
        "是",
        "有",
        "√",
        "✓",
        "✔",
        "☑",
        "y",
        "yes",
        "true",
        "t",
        "1",
        "对",
        "已建",
        "已建立",
        "已成立",
        "建立",
        "已有",
        "有的",
        "具备",
        "已",
    ]
)
_NO = frozenset(
    [
        "否",
        "无",
        "×",
        "✗",
        "✘",
        "✕",
        "x",
        "n",
        "no",
        "false",
        "f",
        "0",
        "没有",
        "未建",
        "未建立",
        "未成立",
        "未",
        "不是",
        "不具备",
        "尚未建立",
        "没",
    ]
)
_BRACKETED = re.compile(r"\([^()]*\)")
_SEPARATORS = re.compile(r"[、；;，,\r\n|]+")
_NUMBERING = re.compile(r"^(?:[(（]?\d{1,3}[)）.．]|[①-⑳])\s*(?=[^\d])")
_CODE_AND_NAME = re.compile(r"([A-Ta-t]?\d{0,4})[\s\-—_:：.、|/]*(\D*)")


def cleaner(
    column: Column, *, today: date, header: str = "", scale: Decimal = Decimal(1)
) -> Cleaner:
    """Return the function that cleans this column's cells; it raises Refused.

    Equal texts of columns that repeat themselves are worked out once.
    """
    clean = _cleaner(column, today=today, header=header, scale=scale)
    if column.type in _REPEATING:
        clean = _remembering(clean)
    return _demanding(clean) if column.required else clean


def _cleaner(column: Column, *, today: date, header: str, scale: Decimal) -> Cleaner:
    month = "年月" in (header or column.title) and "年月日" not in header
    by_type: Mapping[str, Cleaner] = {
        "text": lambda cell: clean_text(cell, longest=LONGEST_TEXT),
        "name": lambda cell: clean_text(cell, longest=LONGEST_NAME),
        "names": clean_names,
        "uscc": clean_uscc,
        "id_number": lambda cell: clean_id_number(cell, today=today),
        "phone": clean_phone,
        "date": lambda cell: read_date(cell, month_is_enough=month),
        "past_date": lambda cell: clean_past_date(cell, today=today, month_is_enough=month),
        "integer": read_count,
        "money_wan": lambda cell: read_money_wan(cell, scale=scale),
        "yes_no": clean_yes_no,
        "choice": lambda cell: clean_choice(cell, column=column),
        "industry": clean_industry,
        "longitude": lambda cell: read_degrees(cell, within=LONGITUDES, title="经度"),
        "latitude": lambda cell: read_degrees(cell, within=LATITUDES, title="纬度"),
    }
    return by_type[column.type]


def _demanding(clean: Cleaner) -> Cleaner:
    def demand(cell: Cell) -> Value:
        value = clean(cell)
        if value is None or value == ():
            raise Refused("必填项没有填", "请补上这一格")
        return value

    return demand


def _remembering(clean: Cleaner) -> Cleaner:
    known: dict[str, Value] = {}

    def remember(cell: Cell) -> Value:
        if type(cell) is not str:  # 1, 1.0 and True are one key of a dict
            return clean(cell)
        if cell in known:
            return known[cell]
        value = clean(cell)
        if len(known) < _REMEMBERED:
            known[cell] = value
        return value

    return remember


def clean_text(cell: Cell, *, longest: int = LONGEST_TEXT) -> str | None:
    """Return free text in one way of writing, or None."""
    text = told_text(cell)
    if text is None or is_blank_word(text):
        return None
    text = plain_name(text)
    if len(text) > longest:
        raise Refused(f"有{len(text)}个字，超过{longest}个字", "请改短，或检查是否填错了列")
    return text or None


def clean_names(cell: Cell) -> tuple[str, ...]:
    """Return the names (or codes) a cell lists, each once, in their order."""
    text = told_text(cell)
    if text is None or is_blank_word(text):
        return ()
    parts = (plain_name(_NUMBERING.sub("", part.strip())) for part in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))


def clean_uscc(cell: Cell) -> str | None:
    """Return a correct unified social credit code, or None."""
    text = code_text(cell)
    if text is None:
        return None
    fault = uscc_fault(text)
    if fault:
        raise Refused(fault, "请对照营业执照或登记证书核对18位代码；暂时没有可以留空")
    return normalise_uscc(text)


def clean_id_number(cell: Cell, *, today: date) -> str | None:
    """Return a correct identity number, or None."""
    text = code_text(cell)
    if text is None:
        return None
    fault = id_number_fault(text, today=today)
    if fault:
        raise Refused(fault, "请对照身份证核对18位号码")
    return normalise_id_number(text)


def clean_phone(cell: Cell) -> str | None:
    """Return a telephone number, or None."""
    text = code_text(cell)
    if text is None:
        return None
    fault = phone_fault(text)
    if fault:
        raise Refused(fault, "请填一个手机号，或带区号的座机号如0571-88000000")
    return normalise_phone(text)


def clean_past_date(cell: Cell, *, today: date, month_is_enough: bool = False) -> date | None:
    """Return a date that is not after today, or None."""
    day = read_date(cell, month_is_enough=month_is_enough)
    if day is not None and day > today:
        raise Refused(f"日期{day.isoformat()}晚于今天", "请核对年、月、日后改正")
    return day


def clean_yes_no(cell: Cell) -> bool | None:
    """Return True or False for the many ways to say yes and no, or None."""
    if isinstance(cell, bool):
        return cell
    text = told_text(cell)
    if text is None:
        return None
    word = compact(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    if is_blank_word(text):
        return None
    raise Refused(f"“{text}”看不出是“是”还是“否”", "请填“是”或“否”（也可填“有”“无”）")


def clean_choice(cell: Cell, *, column: Column) -> str | None:
    """Return our code for one of the column's choices, or None."""
    text = told_text(cell)
    if text is None:
        return None
    word = compact(text)
    code = column.choices.get(word) or column.choices.get(_BRACKETED.sub("", word))
    if code is None and not is_blank_word(text):
        allowed = "、".join(column.choice_titles.values())
        raise Refused(f"“{text}”不是认识的{column.title}", f"请填其中一种：{allowed}")
    return code


def clean_industry(cell: Cell) -> str | None:
    """Return the GB/T 4754-2017 code of an industry given by code, by name or by both."""
    text = told_text(cell)
    if text is None or is_blank_word(text):
        return None
    found = find_industry(text) or _industry_in_parts(text)
    if found is None:
        raise Refused(
            f"“{text}”不在国民经济行业分类（GB/T 4754-2017）里",
            "请填行业代码（如5211）或分类里的标准名称（如批发和零售业）",
        )
    return found


def _industry_in_parts(text: str) -> str | None:
    parts = _CODE_AND_NAME.fullmatch(text.strip())
    if not parts:
        return None
    code, name = parts.groups()
    return (find_industry(code) if code else None) or (find_industry(name) if name else None)
