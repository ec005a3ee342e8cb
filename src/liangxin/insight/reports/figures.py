"""The figures that a placeholder can name: catalogue indicators and the counts behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count, F

from liangxin.coverage.queries import share_measure
from liangxin.coverage.terms import Base, Grouping, Slice
from liangxin.insight.queries.report_lists import standing_party_organisations
from liangxin.kernel.catalogue import Indicator, Measured, indicators
from liangxin.kernel.viewer import Viewer
from liangxin.workbook.filling import Unit, Value

GROUP_FIELDS = {
    Grouping.STREET: "street_id",
    Grouping.SITE: "site_id",
    Grouping.INDUSTRY: "industry_section",
    Grouping.SIZE: "size_class",
}


class Part(StrEnum):
    """Which side of a figure a placeholder asks for."""

    VALUE = ""
    COUNT = "分子"
    DENOMINATOR = "分母"
    PREVIOUS = "上期"
    DIFFERENCE = "增减"


PART_CODES = {
    "": Part.VALUE,
    "count": Part.COUNT,
    "denominator": Part.DENOMINATOR,
    "previous": Part.PREVIOUS,
    "difference": Part.DIFFERENCE,
    **{part.value: part for part in Part},
}


@dataclass(frozen=True)
class Side:
    """A figure and the side of it that is asked for."""

    figure: Indicator
    part: Part

    @property
    def unit(self) -> Unit:
        """Shares are shares, whatever is counted is a number."""
        is_share = self.figure.unit == "%" and self.part not in (Part.COUNT, Part.DENOMINATOR)
        return Unit.SHARE if is_share else Unit.NUMBER


@dataclass(frozen=True)
class Counted:
    """How many, of how many; `denominator` None where the figure is a bare count."""

    count: int
    denominator: int | None

    def value(self, side: Side) -> Value:
        """The side of the figure that stands on its own; that of another time is not known here."""
        if side.part is Part.COUNT:
            return Value(self.count, Unit.NUMBER)
        if side.part is Part.DENOMINATOR:
            return Value(self.denominator, Unit.NUMBER)
        if side.figure.unit != "%":
            return Value(self.count, Unit.NUMBER)
        return Value(self.count / self.denominator if self.denominator else None, Unit.SHARE)


def figures() -> tuple[Indicator, ...]:
    """Every figure a placeholder can name, indicators first."""
    slices = tuple(
        Indicator(
            code=f"coverage.count.{which.value}",
            title=str(which.label),
            unit="家",
            measure=share_measure(which, among=None, base=Base()),
        )
        for which in Slice
    )
    standing = Indicator("registry.party_organisations", "党组织数", "个", _party_organisations)
    return (*indicators(), *slices, standing)


def sides() -> Mapping[str, Side]:
    """Every name a figure goes by: its title or code, with a part after a dot."""
    named: dict[str, Side] = {}
    for figure in figures():
        for name in (figure.title, figure.code, f"indicator.{figure.code.partition('.')[2]}"):
            for text, part in PART_CODES.items():
                named[f"{name}.{text}" if text else name] = Side(figure, part)
    return named


def counted(measured: Measured) -> Counted:
    """The two counts of a measured figure."""
    return Counted(measured.count, measured.denominator)


def counted_by(measured: Measured, *, by: Grouping) -> Mapping[str, Counted] | None:
    """The same for each group by its key; None where what is counted is in no such groups."""
    counts = _per_group(measured.counted, by=by)
    if counts is None:
        return None
    if measured.among is None:
        return {key: Counted(count, None) for key, count in counts.items()}
    among = _per_group(measured.among, by=by) or {}
    keys = {**among, **counts}
    return {key: Counted(counts.get(key, 0), among.get(key, 0)) for key in keys}


def _per_group(rows: object, *, by: Grouping) -> Mapping[str, int] | None:
    field = GROUP_FIELDS[by]
    model = rows.model  # type: ignore[attr-defined]
    if field not in {column.attname for column in model._meta.concrete_fields}:
        return None
    found = rows.order_by().values(group=F(field)).annotate(number=Count("pk"))  # type: ignore[attr-defined]
    return {"" if row["group"] is None else str(row["group"]): row["number"] for row in found}


def _party_organisations(viewer: Viewer, at: date) -> Measured:
    found = standing_party_organisations(viewer, at=at)
    return Measured(at=at, count=found.count(), counted=found)
