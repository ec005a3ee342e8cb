"""The unit a money column is written in."""

import re
from decimal import Decimal

_UNITS = {
    "亿元": Decimal(10_000),
    "千万元": Decimal(1_000),
    "百万元": Decimal(100),
    "十万元": Decimal(10),
    "万元": Decimal(1),
    "千元": Decimal("0.1"),
    "元": Decimal("0.0001"),
}
_UNIT = "(亿元|千万元|百万元|十万元|万元|千元|元)"
_IN_HEADER = re.compile(rf"[(（\[【|,，]\s*(?:单位[:：]?\s*)?(?:人民币)?{_UNIT}")
_IN_NOTE = re.compile(rf"单位\s*[:：][^。;；\n]{{0,8}}?{_UNIT}")


def money_scale(header: str, *, note: str = "") -> Decimal:
    """Return the factor that leads figures under this header to 万元.

    The header's own unit goes before one stated in the notes above the table (单位：元);
    where neither states one the figures are taken as 万元.
    """
    found = _IN_HEADER.search(header) or _IN_NOTE.search(note)
    return _UNITS[found.group(1)] if found else Decimal(1)


def unit_name(scale: Decimal) -> str:
    """Return the name of the unit a factor belongs to; raises KeyError for any other factor."""
    return {factor: unit for unit, factor in _UNITS.items()}[scale]
