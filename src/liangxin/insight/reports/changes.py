"""What changed since the last report of the same template: figures, and what came and went in lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from liangxin.insight.reports.collecting import list_name
from liangxin.workbook.filling import LIST, Content, Rows, Unit, Value


@dataclass(frozen=True)
class FigureChange:
    """A figure then and now; `difference` is None where either is not known."""

    name: str
    before: Value
    after: Value
    is_of_group: bool = False

    @property
    def difference(self) -> Value:
        before, after = self.before.plain, self.after.plain
        if not isinstance(before, int | float) or not isinstance(after, int | float):
            return Value(None, self.after.unit)
        return Value(round(after - before, 6), self.after.unit)

    @property
    def words(self) -> str:
        """The difference with its sign; shares differ by percentage points."""
        plain = self.difference.plain
        if not isinstance(plain, int | float):
            return "—"
        if self.after.unit is Unit.SHARE:
            return f"{plain * 100:+.1f} 个百分点" if plain else "不变"
        return f"{plain:+,}" if plain else "不变"


@dataclass(frozen=True)
class ListChange:
    """What a list has gained and lost, by name."""

    name: str
    before: int
    after: int
    added: Sequence[str]
    gone: Sequence[str]
    is_list: bool = True


@dataclass(frozen=True)
class Changes:
    """Everything that differs or could: every figure, and each list."""

    figures: Sequence[FigureChange]
    lists: Sequence[ListChange]


def changes(before: Content, after: Content) -> Changes:
    """Compare two reports; figures that the earlier one did not hold are left out."""
    figures = [
        FigureChange(name, before.values[name], value)
        for name, value in after.values.items()
        if name in before.values and value.unit is not Unit.TEXT
    ]
    lists = []
    for marker, table in after.tables.items():
        earlier = before.tables.get(marker)
        if earlier is None:
            continue
        figures += _group_changes(earlier, table) if not marker.startswith(LIST) else []
        lists.append(_list_change(marker, earlier, table))
    return Changes(figures, lists)


def changes_sheet(found: Changes, *, before: str, after: str) -> list[list[Any]]:
    """The rows of the sheet 变化情况; `before` and `after` name the two days."""
    rows: list[list[Any]] = [["变化情况"], [f"{before} 与 {after} 比较"], []]
    rows.append(["数字", "", before, after, "增减"])
    rows += [[one.name, "", one.before, one.after, one.words] for one in found.figures]
    for one in found.lists:
        rows += [[], [one.name, "", Value(one.before, Unit.NUMBER), Value(one.after, Unit.NUMBER)]]
        rows += [["新增", title] for title in one.added]
        rows += [["减少", title] for title in one.gone]
    return rows


def _group_changes(before: Rows, after: Rows) -> list[FigureChange]:
    place = {key: number for number, key in enumerate(before.keys)}
    return [
        FigureChange(f"{after.titles[number]}：{column}", told, now, is_of_group=True)
        for number, key in enumerate(after.keys)
        if key in place
        for column in after.columns
        if (now := after.value(number, column)) is not None
        and now.unit is not Unit.TEXT
        and column != "序号"
        and (told := before.value(place[key], column)) is not None
    ]


def _list_change(marker: str, before: Rows, after: Rows) -> ListChange:
    then, now = set(before.keys), set(after.keys)
    return ListChange(
        name=list_name(marker),
        is_list=marker.startswith(LIST),
        before=len(before.keys),
        after=len(after.keys),
        added=[t for key, t in zip(after.keys, after.titles, strict=True) if key not in then],
        gone=[t for key, t in zip(before.keys, before.titles, strict=True) if key not in now],
    )
