"""The catalogue of placeholders: every name a template can use, with its value for a viewer on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from liangxin.insight.queries.reports import as_seen_for, chinese_day, titled
from liangxin.insight.reports.collecting import Collector
from liangxin.insight.reports.figures import Part, figures
from liangxin.insight.reports.known import CONTEXT, GROUPS, Known
from liangxin.kernel.viewer import Scope, Viewer
from liangxin.workbook.filling import LIST


@dataclass(frozen=True)
class FigureNames:
    """A figure with its sides: (placeholder, value)."""

    title: str
    code: str
    unit: str
    value: str
    sides: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Catalogue:
    """Everything a placeholder can name."""

    figures: Sequence[FigureNames]
    context: Sequence[tuple[str, str]]
    groups: Sequence[str]
    lists: Sequence[tuple[str, str, Sequence[str]]]


def placeholder_catalogue(viewer: Viewer, *, scope: Scope | None, at: date) -> Catalogue:
    """All placeholders; the values are those of `scope`, none without one."""
    seen = as_seen_for(viewer, scope) if scope else None
    told = {
        "单位": titled(scope) if scope else "",
        "统计日期": chinese_day(at),
        "统计年份": str(at.year),
        "统计月份": str(at.month),
        "填报人": viewer.name,
    }
    collector = Collector(viewer=seen or viewer.holding_only(()), at=at, context=told)
    kinds = {kind.note: kind for kind in Known().lists.values()}
    return Catalogue(
        figures=[_named(collector, figure.title) for figure in figures()],
        context=[(name, told.get(name, "")) for name in CONTEXT],
        groups=list(GROUPS),
        lists=[(f"{LIST}{kind.name}", kind.note, kind.column_titles) for kind in kinds.values()],
    )


def _named(collector: Collector, title: str) -> FigureNames:
    side = collector.known.sides[title]
    parts = (Part.COUNT, Part.DENOMINATOR) if side.figure.unit == "%" else ()
    return FigureNames(
        title=title,
        code=side.figure.code,
        unit=side.figure.unit,
        value=collector.value(title).words,
        sides=[
            (f"{title}.{part.value}", collector.value(f"{title}.{part.value}").words)
            for part in parts
        ],
    )
