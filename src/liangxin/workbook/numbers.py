"""Numbers in the ways Chinese offices write them."""

import re
import unicodedata
from decimal import Decimal

from liangxin.workbook.cell_text import is_blank_word, told_text
from liangxin.workbook.cells import Cell
from liangxin.workbook.refusals import Refused

MOST_PEOPLE = 1_000_000
MOST_WAN = Decimal(1_000_000_000)
LONGITUDES = (73.0, 136.0)
LATITUDES = (3.0, 54.0)
_COUNT = re.compile(r"共?(-?\d+(?:\.\d+)?)(万)?(?:人|名|个|家|户|位|员)?")
_MONEY = re.compile(r"[¥￥]?(-?\d+(?:\.\d+)?)(亿元|亿|万元|万|元)?")
_MONEY_UNITS = {
    "亿元": Decimal(10_000),
    "亿": Decimal(10_000),
    "万元": Decimal(1),
    "万": Decimal(1),
    "元": Decimal("0.0001"),
}
_CENT = Decimal("0.0001")
_DEGREES = re.compile(r"(?:[东北]经?纬?|[en])?(\d{1,3}(?:\.\d+)?)[°度]?[en]?")
_SEXAGESIMAL = re.compile(
    r"(?:[东北]经?纬?|[en])?(\d{1,3})[°度](\d{1,2}(?:\.\d+)?)['′分](?:(\d{1,2}(?:\.\d+)?)[\"″秒]?)?[en]?"
)


def read_count(cell: Cell) -> int | None:
    """Return a whole number of people or things from 0 to a million, or None; raises Refused."""
    if type(cell) is int:
        return _sane_count(Decimal(cell))
    text = _plain(cell)
    if text is None:
        return None
    found = _COUNT.fullmatch(text)
    if not found:
        raise Refused(f"“{text}”不是一个数", "请只填数字，例如120")
    return _sane_count(Decimal(found.group(1)) * (10_000 if found.group(2) else 1))


def read_money_wan(cell: Cell, *, scale: Decimal = Decimal(1)) -> Decimal | None:
    """Return a sum in 万元 to four places, or None; a unit in the cell goes before `scale`."""
    text = _plain(cell)
    if text is None:
        return None
    found = _MONEY.fullmatch(text)
    if not found:
        raise Refused(f"“{text}”不是一个金额", "请只填数字，例如1200.5")
    amount = Decimal(found.group(1)) * _MONEY_UNITS.get(found.group(2), scale)
    if amount < 0:
        raise Refused("金额是负数", "请核对后改正；没有收入请填0")
    if amount > MOST_WAN:
        raise Refused(f"金额折合{amount:,.0f}万元，大得不合常理", "请核对金额和单位（万元还是元）")
    return amount.quantize(_CENT)


def read_degrees(cell: Cell, *, within: tuple[float, float], title: str) -> float | None:
    """Return a longitude or latitude in degrees that lies in China's range, or None."""
    text = _plain(cell)
    if text is None:
        return None
    degrees = _degrees(text)
    low, high = within
    if degrees is None:
        raise Refused(f"“{text}”不是{title}", "请填以度为单位的小数，例如120.123456")
    if not low <= degrees <= high:
        raise Refused(
            f"{title}{degrees:g}不在{low:g}到{high:g}之间", "请核对经纬度，看是否填反或漏了小数点"
        )
    return degrees


def _degrees(text: str) -> float | None:
    found = _DEGREES.fullmatch(text)
    if found:
        return float(found.group(1))
    found = _SEXAGESIMAL.fullmatch(text)
    if found:
        degrees, minutes, seconds = (float(part or 0) for part in found.groups())
        return degrees + minutes / 60 + seconds / 3600
    return None


def _plain(cell: Cell) -> str | None:
    text = told_text(cell)
    if text is None or is_blank_word(text):
        return None
    text = unicodedata.normalize("NFKC", text).lower()
    return text.replace(",", "").replace(" ", "").replace("−", "-").replace("′′", "″")


def _sane_count(number: Decimal) -> int:
    if number != number.to_integral_value():
        raise Refused(f"“{number.normalize():f}”不是整数", "请填整数")
    if number < 0:
        raise Refused("人数（数量）是负数", "请核对后改正")
    if number > MOST_PEOPLE:
        raise Refused(f"{number:,}超过{MOST_PEOPLE:,}，大得不合常理", "请核对后改正")
    return int(number)
