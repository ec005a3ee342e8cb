"""What the cells of one row say about each other."""

from collections.abc import Iterator, Mapping
from datetime import date

from liangxin.standards.id_number import age_on, sex
from liangxin.workbook.cleaners import Value

JOINING_AGE = 18
_SEXES = {"male": "男", "female": "女"}

Contradiction = tuple[str, str, str]  # column code, reason, mend


def contradictions(values: Mapping[str, Value]) -> Iterator[Contradiction]:
    """Yield each contradiction between the cleaned values of a row."""
    yield from _wrong_order(
        values, "joined_date", "full_date", "转正日期早于入党日期", "请核对入党日期和转正日期"
    )
    yield from _wrong_order(
        values, "start_date", "end_date", "届满日期早于选派日期", "请核对选派日期和届满日期"
    )
    yield from _half_position(values)
    number = values.get("id_number")
    if isinstance(number, str):
        yield from _against_id_number(values, number)


def _wrong_order(
    values: Mapping[str, Value], first: str, second: str, reason: str, mend: str
) -> Iterator[Contradiction]:
    earlier, later = values.get(first), values.get(second)
    if isinstance(earlier, date) and isinstance(later, date) and later < earlier:
        yield second, reason, mend


def _half_position(values: Mapping[str, Value]) -> Iterator[Contradiction]:
    """A longitude is nothing without its latitude; a refused cell already has its own reason."""
    if "lon" not in values or "lat" not in values:
        return
    for blank, other in (("lon", "lat"), ("lat", "lon")):
        if values[blank] is None and values[other] is not None:
            yield blank, "经度和纬度只填了一个", "请把另一个补上，或两个都留空"


def _against_id_number(values: Mapping[str, Value], number: str) -> Iterator[Contradiction]:
    told, joined = values.get("sex"), values.get("joined_date")
    if isinstance(told, str) and _SEXES[told] != sex(number):
        yield "sex", f"身份证号显示为{sex(number)}，与性别栏不符", "请核对身份证号和性别"
    if isinstance(joined, date) and age_on(number, at=joined) < JOINING_AGE:
        yield (
            "joined_date",
            f"按身份证号，入党时不满{JOINING_AGE}周岁",
            "请核对身份证号和入党日期",
        )
