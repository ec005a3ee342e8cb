"""How a value is written on a page and in a workbook."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

NOTHING = "—"


def shown(value: object) -> str:
    """A value as a page shows it: a dash for nothing, 是/否, thousands, local time; markup stays."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return "是" if value else "否"
        case int() | float() | Decimal():
            return f"{value:,}"
        case datetime():
            return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case SafeString():
            return value
        case _:
            return str(value)


def written(value: object) -> str | int | float | date | None:
    """A value as a workbook cell holds it: numbers and dates stay what they are, markup goes."""
    match value:
        case bool():
            return "是" if value else "否"
        case None | int() | float():
            return value
        case Decimal():
            return float(value)
        case datetime():
            return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
        case date():
            return value
        case _:
            return strip_tags(str(value)) if isinstance(value, SafeString) else str(value)
