"""Harmless untidiness of real lists: it must be cleaned by an importer and never rejected."""

from collections.abc import Callable
from datetime import date
from random import Random

from liangxin.demo.records import Cell, Record

NOISY_SHARE = 0.12
_WIDE = {ord(" "): "\u3000"} | {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
EXCEL_EPOCH = date(1899, 12, 30)


def untidy(record: Record, rng: Random) -> None:
    """Make one cell of some records untidy, in place, without changing what it means."""
    if rng.random() >= NOISY_SHARE:
        return
    code = rng.choice(list(record))
    value = record[code]
    if value in ("", None):
        return
    if isinstance(value, date):
        record[code] = _odd_date(value, rng)
    elif code in _HABITS:
        record[code] = rng.choice(_HABITS[code])(str(value))


def _odd_date(value: date, rng: Random) -> Cell:
    forms: tuple[Cell, ...] = (
        f"{value.year}年{value.month}月{value.day}日",
        f"{value.year}.{value.month}.{value.day}",
        f"{value:%Y/%m/%d}",
        f"{value:%Y%m%d}",
        f"{value:%Y-%m-%d} ",
        (value - EXCEL_EPOCH).days,
    )
    return rng.choice(forms)


def wide(text: str) -> str:
    """Return the text in full-width characters."""
    return text.translate(_WIDE)


def _padded(text: str) -> str:
    return f" {text}  "


def _wide_padded(text: str) -> str:
    return f"\u3000{text}"


def _spread(text: str) -> str:
    return " ".join(text) if len(text) == 2 else text


def _spaced(text: str) -> str:
    return f"{text[:6]} {text[6:14]} {text[14:]}"


def _people(text: str) -> str:
    return f"{text}人"


def _thousands(text: str) -> str:
    return f"{float(text):,.2f}" if "." in text else f"{int(text):,}"


_TEXT = (_padded, _wide_padded)
_NUMBER = (_people, wide, _thousands, _padded)
_CODE = (wide, _spaced, _padded, str.lower)
_PERSON = (_spread, _padded, _wide_padded)
_HABITS: dict[str, tuple[Callable[[str], str], ...]] = {
    "name": _TEXT,
    "street": _TEXT,
    "site": _TEXT,
    "work_unit": _TEXT,
    "relation": _TEXT,
    "parent": _TEXT,
    "kind": _TEXT,
    "status": _TEXT,
    "stage": _TEXT,
    "uscc": _CODE,
    "work_unit_uscc": _CODE,
    "id_number": _CODE,
    "phone": (wide, _padded),
    "employees": _NUMBER,
    "revenue_wan": (wide, _thousands, _padded),
    "legal_representative": _PERSON,
    "secretary": _PERSON,
}
