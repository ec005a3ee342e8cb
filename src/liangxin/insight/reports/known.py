"""What a placeholder means, by its name; nothing else is ever looked up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from liangxin.coverage.terms import Grouping
from liangxin.insight.reports.figures import Part, Side, sides
from liangxin.insight.reports.lists import NUMBER, ListKind, list_kinds
from liangxin.workbook.filling import LIST, Reading, is_marker

CONTEXT = (
    "报表名称",
    "单位",
    "统计日期",
    "统计年份",
    "统计月份",
    "填报人",
    "填报日期",
    "上期日期",
)
GROUPS = {
    "每个街道": Grouping.STREET,
    "每个楼宇园区": Grouping.SITE,
    "每个行业": Grouping.INDUSTRY,
    "每个规模": Grouping.SIZE,
}
# One named group: {{街道:甲街道 组织覆盖率}}.
PREFIXES = {
    "街道": Grouping.STREET,
    "street": Grouping.STREET,
    "行业": Grouping.INDUSTRY,
    "industry": Grouping.INDUSTRY,
    "规模": Grouping.SIZE,
    "size": Grouping.SIZE,
}
HERE_ONLY = (Part.VALUE, Part.COUNT, Part.DENOMINATOR)
MOST_SUGGESTED = 3


@dataclass(frozen=True)
class InGroup:
    """A figure of one named group."""

    by: Grouping
    title: str
    side: Side


class Known:
    """Every placeholder there is, for one look at a template."""

    def __init__(self) -> None:
        self.sides: Mapping[str, Side] = sides()
        self.lists: Mapping[str, ListKind] = list_kinds()

    def side(self, name: str) -> Side | None:
        """The figure a name stands for."""
        return self.sides.get(name)

    def in_group(self, name: str) -> InGroup | None:
        """The figure of a named group: 街道:甲街道 组织覆盖率."""
        prefix, colon, rest = name.partition(":")
        title, _, figure = rest.rpartition(" ")
        side = self.sides.get(figure)
        if not colon or prefix not in PREFIXES or not title or side is None:
            return None
        return InGroup(PREFIXES[prefix], title, side) if side.part in HERE_ONLY else None

    def list_kind(self, marker: str) -> ListKind | None:
        """The list a marker stands for."""
        return self.lists.get(marker.removeprefix(LIST)) if marker.startswith(LIST) else None

    def is_known(self, name: str) -> bool:
        """Whether a name means something anywhere in a template."""
        return name in CONTEXT or name in self.sides or self.in_group(name) is not None

    def is_known_marker(self, marker: str) -> bool:
        """Whether a row can be repeated for it."""
        return marker in GROUPS or self.list_kind(marker) is not None

    def is_column(self, name: str, *, marker: str) -> bool:
        """Whether a row repeated for `marker` has a value of its own by this name."""
        if name in (NUMBER, marker):
            return True
        kind = self.list_kind(marker)
        if kind is not None:
            return name in kind.column_titles
        side = self.sides.get(name)
        return marker in GROUPS and side is not None and side.part in HERE_ONLY

    def names(self, *, marker: str = "") -> list[str]:
        """What could have been meant, for suggestions."""
        kind = self.list_kind(marker)
        columns = kind.column_titles if kind else ()
        titles = [name for name, side in self.sides.items() if name.startswith(side.figure.title)]
        markers = [*GROUPS, *(f"{LIST}{name}" for name in self.lists)]
        return [*columns, *CONTEXT, *titles, NUMBER, *markers]


def faults(reading: Reading, *, streets: Iterable[str]) -> list[str]:
    """Everything wrong with a template, each with its place and what may have been meant, in Chinese."""
    known = Known()
    told = [
        f"{one.place}：花括号没有成对（“{one.text}”），占位符要写成 {{{{名称}}}}。"
        for one in reading.loose
    ]
    for one in reading.found:
        if is_marker(one.name):
            is_right = known.is_known_marker(one.name) and one.marker != ""
        else:
            is_right = known.is_column(one.name, marker=one.marker) or known.is_known(one.name)
        if not is_right:
            told.append(f"{one.place}：{_unknown(one.name, one.marker, known)}")
    told += _unknown_streets(reading, known, set(streets))
    return [*reading.wrong, *told]


def _unknown(name: str, marker: str, known: Known) -> str:
    if is_marker(name) and known.is_known_marker(name):
        return f"“{name}”只能放在表格的一行里。"
    if any(name in kind.column_titles for kind in known.lists.values()):
        return f"“{name}”是清单的列，所在行要有清单标记，例如 {{{{清单:未覆盖}}}}。"
    near = get_close_matches(name, known.names(marker=marker), n=MOST_SUGGESTED, cutoff=0.3)
    words = "、".join(f"{{{{{one}}}}}" for one in near)
    return f"没有占位符“{name}”。" + (
        f"最接近的是：{words}。" if near else "请对照占位符目录改正。"
    )


def _unknown_streets(reading: Reading, known: Known, streets: set[str]) -> list[str]:
    told = []
    for one in reading.found:
        group = known.in_group(one.name)
        if group and group.by is Grouping.STREET and group.title not in streets:
            near = get_close_matches(group.title, sorted(streets), n=MOST_SUGGESTED, cutoff=0.3)
            words = f"最接近的是：{'、'.join(near)}。" if near else ""
            told.append(f"{one.place}：本区没有街道“{group.title}”。{words}")
    return told
