"""Collecting everything a template asks for, as one viewer sees it on one day."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from liangxin.coverage.queries import coverage_table, group_titles
from liangxin.coverage.terms import Base, Grouping
from liangxin.insight.reports.figures import Counted, Part, Side, counted, counted_by
from liangxin.insight.reports.known import CONTEXT, GROUPS, InGroup, Known
from liangxin.insight.reports.lists import NUMBER, Column, ListKind
from liangxin.kernel.catalogue import Indicator, Measured
from liangxin.kernel.viewer import Viewer
from liangxin.workbook.filling import LIST, Content, Rows, Unit, Value, is_marker
from liangxin.workbook.filling.content import Plain

OnList = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """A placeholder and the marker of its row, as a version of a template keeps them."""

    name: str
    marker: str = ""


@dataclass
class Collector:
    """Answers placeholders for `viewer` on `at`; each figure is measured once."""

    viewer: Viewer
    at: date
    context: Mapping[str, str]
    previous: Content | None = None
    measured: dict[str, Measured] = field(default_factory=dict)
    grouped: dict[tuple[str, Grouping], Mapping[str, Counted] | None] = field(default_factory=dict)

    @cached_property
    def known(self) -> Known:
        return Known()

    def collect(self, asked: Collection[Asked], *, on_list: OnList = lambda _: None) -> Content:
        """The whole content of a template."""
        values = {one.name: self.value(one.name) for one in asked if self._stands_alone(one)}
        tables = {}
        for marker in sorted({one.marker for one in asked if one.marker}):
            on_list(marker)
            names = [one.name for one in asked if one.marker == marker]
            tables[marker] = self.rows(marker, list(dict.fromkeys([marker, *names])))
        return Content({**values, **self._measured_for_next_time(asked)}, tables)

    def value(self, name: str) -> Value:
        """The value of a placeholder outside repeated rows."""
        if name in CONTEXT:
            return Value(self.context.get(name, ""))
        if (group := self.known.in_group(name)) is not None:
            return self._value_in_group(group)
        side = self.known.side(name)
        if side is None:
            return Value(None)
        if side.part in (Part.PREVIOUS, Part.DIFFERENCE):
            return self._compared(side)
        return counted(self._measured(side.figure)).value(side)

    def rows(self, marker: str, names: Sequence[str]) -> Rows:
        """The rows that stand for the row marked so."""
        kind = self.known.list_kind(marker)
        if kind is not None:
            return self._listed(kind, marker, names)
        return self._groups(GROUPS[marker], marker, names)

    def _stands_alone(self, one: Asked) -> bool:
        if is_marker(one.name):
            return False
        return not one.marker or not self.known.is_column(one.name, marker=one.marker)

    def _measured_for_next_time(self, asked: Collection[Asked]) -> Mapping[str, Value]:
        """The figures themselves beside 上期 and 增减: the next report compares itself with them."""
        compared = [
            side
            for one in asked
            if (side := self.known.side(one.name)) and side.part in (Part.PREVIOUS, Part.DIFFERENCE)
        ]
        return {side.figure.title: self.value(side.figure.title) for side in compared}

    def _measured(self, figure: Indicator) -> Measured:
        if figure.code not in self.measured:
            self.measured[figure.code] = figure.measure(self.viewer, self.at)
        return self.measured[figure.code]

    def _per_group(self, figure: Indicator, by: Grouping) -> Mapping[str, Counted] | None:
        key = (figure.code, by)
        if key not in self.grouped:
            self.grouped[key] = counted_by(self._measured(figure), by=by)
        return self.grouped[key]

    def _value_in_group(self, group: InGroup) -> Value:
        counts = self._per_group(group.side.figure, group.by)
        titles = group_titles(group.by, keys=[key for key in counts or () if key])
        key = next((key for key, title in titles.items() if title == group.title), None)
        if counts is None or key is None or key not in counts:
            return Value(None, group.side.unit)
        return counts[key].value(group.side)

    def _compared(self, side: Side) -> Value:
        names = (side.figure.title, side.figure.code)
        told = self.previous.values if self.previous else {}
        before = next((told[name].plain for name in names if name in told), None)
        if side.part is Part.PREVIOUS:
            return Value(before, side.unit)
        now = self.value(side.figure.title).plain
        if not isinstance(before, int | float) or not isinstance(now, int | float):
            return Value(None, side.unit)
        return Value(now - before, side.unit)

    def _groups(self, by: Grouping, marker: str, names: Sequence[str]) -> Rows:
        table = coverage_table(self.viewer, at=self.at, base=Base(), by=by)
        columns = [name for name in names if self.known.is_column(name, marker=marker)]
        rows: list[list[Plain]] = []
        for number, row in enumerate(table.rows, start=1):
            own: dict[str, Plain] = {marker: row.title, NUMBER: number}
            rows.append([own[n] if n in own else self._cell(n, by, row.key).plain for n in columns])
        sides = [self.known.side(name) for name in columns]
        return Rows(
            columns=tuple(columns),
            units=tuple(side.unit if side else Unit.TEXT for side in sides),
            keys=[f"{by.value}:{row.key}" for row in table.rows],
            titles=[row.title for row in table.rows],
            rows=rows,
        )

    def _cell(self, name: str, by: Grouping, key: str) -> Value:
        side = self.known.side(name)
        if side is None:
            return Value(None)
        counts = self._per_group(side.figure, by)
        if counts is None:
            return Value(None, side.unit)
        is_counted = side.figure.unit != "%"
        return counts.get(key, Counted(0, None if is_counted else 0)).value(side)

    def _listed(self, kind: ListKind, marker: str, names: Sequence[str]) -> Rows:
        offered = {column.title: column for column in kind.columns(self.viewer, self.at)}
        columns = [name for name in names if name in (marker, NUMBER) or name in offered]
        keys, titles, rows = [], [], []
        for number, row in enumerate(kind.rows(self.viewer, self.at), start=1):
            keys.append(kind.key(row))
            titles.append(kind.title(row))
            rows.append([_told(offered.get(name), row, number) for name in columns])
        units = tuple(offered[n].unit if n in offered else Unit.NUMBER for n in columns)
        return Rows(tuple(columns), units, keys, titles, rows)


def _told(column: Column | None, row: object, number: int) -> Plain:
    return number if column is None else column.value(row)


def list_name(marker: str) -> str:
    """A marker as the pages call it."""
    return f"{marker.removeprefix(LIST)}清单" if marker.startswith(LIST) else f"分{marker[2:]}"
