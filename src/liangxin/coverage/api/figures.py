"""Both rates with their denominators, and the organisations that each figure counts."""

from datetime import date
from typing import Any

from ninja import Query, Router, Schema
from pydantic import Field

from liangxin.coverage.queries import coverage_table, sliced_organisations, usual_base
from liangxin.coverage.terms import (
    Base,
    Coverage,
    Group,
    Grouping,
    Slice,
    parsed_base,
)
from liangxin.kernel.api import (
    REFUSED,
    ApiRequest,
    AtDay,
    Part,
    Window,
    day,
    operation,
    part_of,
)
from liangxin.kernel.catalogue import Measured, indicators
from liangxin.kernel.permissions import Permission

router = Router(tags=["两个覆盖"])
EVERY_FIGURE = tuple(Slice)


class RowOut(Schema):
    """One group; `counts` by the codes of slices, `shares` likewise (None where nothing could be covered)."""

    key: str
    title: str
    counts: dict[str, int]
    organisation_rate: float | None
    single_rate: float | None
    work_rate: float | None
    either_rate: float | None


class TableOut(Schema):
    at: date
    base: str
    base_title: str
    by: Grouping | None
    rows: list[RowOut]
    total: RowOut


class CoveredOut(Schema):
    """An organisation behind a figure, and how it is covered."""

    organisation_id: int
    name: str
    uscc: str | None
    street: str
    coverage: Coverage


class IndicatorOut(Schema):
    """A named figure of the catalogue; `value` is the share, or the count without a denominator."""

    code: str
    title: str
    unit: str
    at: date
    count: int
    denominator: int | None
    value: float | None


class CoverageAsked(AtDay):
    base: str = Field("", max_length=40, description="operating、san_you 或 min_staff:人数")


class TableAsked(CoverageAsked):
    by: Grouping | None = None


class ListAsked(Window, CoverageAsked):
    which: Slice = Slice.UNCOVERED
    by: Grouping | None = None
    key: str = Field("", max_length=40, description="所选分组中的一组；不写 by 时不用")


@router.get("/coverage", response={200: TableOut, **REFUSED})
@operation(Permission.SEE_COVERAGE)
def read_coverage(request: ApiRequest, asked: Query[TableAsked]) -> Any:
    """两个覆盖率，按所选分组。"""
    at = day(asked.at)
    base = _base(asked, at=at)
    table = coverage_table(request.viewer, at=at, base=base, by=asked.by)
    return {
        "at": at,
        "base": base.code,
        "base_title": base.title,
        "by": asked.by,
        "rows": [_row(row) for row in table.rows],
        "total": _row(table.total),
    }


@router.get("/coverage/organisations", response={200: Part[CoveredOut], **REFUSED})
@operation(Permission.SEE_COVERAGE)
def list_covered(request: ApiRequest, asked: Query[ListAsked]) -> Any:
    """一个数字背后的单位：与表中的数相等。"""
    at = day(asked.at)
    groups = (Group(asked.by, asked.key),) if asked.by else ()
    if asked.by in (Grouping.STREET, Grouping.SITE) and not _is_key(asked.key):
        raise UnknownGroup
    found = sliced_organisations(
        request.viewer, at=at, base=_base(asked, at=at), which=asked.which, groups=groups
    )
    return part_of(found, window=asked, at=at, shown=_covered)


@router.get("/indicators", response={200: list[IndicatorOut], **REFUSED})
@operation(Permission.SEE_COVERAGE)
def list_indicators(request: ApiRequest, asked: Query[CoverageAsked]) -> Any:
    """指标目录中的全部指标在某一天的数值。"""
    at = day(asked.at)
    return [
        {
            "code": one.code,
            "title": one.title,
            "unit": one.unit,
            **_measured(one.measure(request.viewer, at)),
        }
        for one in indicators()
    ]


class UnknownGroup(ValueError):
    """The key names no street and no site."""

    field = "key"

    def __init__(self) -> None:
        super().__init__("key 应是街道或楼宇的编号；没有填写的一组留空。")


def _is_key(text: str) -> bool:
    return text == "" or (text.isascii() and text.isdecimal() and len(text) <= 18)


def _base(asked: CoverageAsked, *, at: date) -> Base:
    return parsed_base(asked.base) if asked.base else usual_base(at)


def _row(row: Any) -> dict[str, Any]:
    return {
        "key": row.key,
        "title": row.title,
        "counts": {which.value: row.count(which) for which in EVERY_FIGURE},
        "organisation_rate": row.organisation_share.value,
        "single_rate": row.single_share.value,
        "work_rate": row.work_share.value,
        "either_rate": row.either_share.value,
    }


def _covered(version: Any) -> dict[str, Any]:
    return {
        "organisation_id": version.organisation_id,
        "name": version.name,
        "uscc": version.organisation.uscc,
        "street": str(version.street or ""),
        "coverage": version.coverage,
    }


def _measured(measured: Measured) -> dict[str, Any]:
    return {
        "at": measured.at,
        "count": measured.count,
        "denominator": measured.denominator,
        "value": measured.value,
    }
