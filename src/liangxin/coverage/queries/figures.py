"""A coverage table as it is shown: every figure with the address of the list it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from liangxin.coverage.queries.table import CoverageRow, CoverageTable, Share
from liangxin.coverage.terms import Base, Group, ReasonCode, Slice

# An address cannot hold an empty choice: a list would take it for no choice at all.
NOT_FILLED_IN_KEY = "-"
EVERY = slice(None)


@dataclass(frozen=True)
class Column:
    """One column: a count of `of`, or its share among `among`."""

    title: str
    of: Slice
    among: Slice | None = None
    is_wide: bool = False


BRIEF = (
    Column("基数", Slice.BASE),
    Column("组织覆盖率", Slice.ORGANISATION, Slice.BASE),
    Column("工作覆盖率", Slice.WORK, Slice.WITHOUT),
    Column("均未覆盖", Slice.UNCOVERED),
)
FULL = (
    Column("基数", Slice.BASE),
    Column("组织覆盖", Slice.ORGANISATION),
    Column("组织覆盖率", Slice.ORGANISATION, Slice.BASE),
    Column("单独组建", Slice.SINGLE, is_wide=True),
    Column("单独组建率", Slice.SINGLE, Slice.BASE, is_wide=True),
    Column("联合组建", Slice.JOINT, is_wide=True),
    Column("没有党组织", Slice.WITHOUT, is_wide=True),
    Column("工作覆盖", Slice.WORK),
    Column("工作覆盖率", Slice.WORK, Slice.WITHOUT),
    Column("任一覆盖率", Slice.EITHER, Slice.BASE),
    Column("均未覆盖", Slice.UNCOVERED),
    Column("状态不明", Slice.UNKNOWN, is_wide=True),
)


@dataclass(frozen=True)
class Cell:
    """One figure; `query` is the query string of its list."""

    column: Column
    count: int
    share: Share | None
    query: str

    @property
    def value(self) -> float | int | None:
        return self.share.value if self.share else self.count


@dataclass(frozen=True)
class ShownRow:
    """One group with its figures; `query` opens its organisations that nothing covers."""

    row: CoverageRow
    cells: tuple[Cell, ...]
    query: str


@dataclass(frozen=True)
class ShownTable:
    """A coverage table ready for a page."""

    table: CoverageTable
    columns: tuple[Column, ...]
    rows: tuple[ShownRow, ...]
    total: ShownRow


def shown_table(
    table: CoverageTable, *, columns: tuple[Column, ...] = FULL, rows: slice = EVERY
) -> ShownTable:
    """Figures and addresses of `table`, largest gaps first, those of `rows` among them."""
    ranked = sorted(table.rows, key=lambda row: (not row.key, -row.none, row.title))
    shown = tuple(_shown_row(row, table=table, columns=columns) for row in ranked[rows])
    total = _shown_row(table.total, table=table, columns=columns, is_total=True)
    return ShownTable(table, columns, shown, total)


def list_query(
    *,
    at: date,
    base: Base,
    which: Slice,
    groups: Sequence[Group] = (),
    reason: ReasonCode | str = "",
) -> str:
    """The query string under which the list page shows exactly these organisations."""
    asked = {"at": at.isoformat(), "base": base.code, "which": which.value}
    asked |= {group.by.value: group.key or NOT_FILLED_IN_KEY for group in groups}
    if reason:
        asked["reason"] = str(reason)
    return urlencode(asked)


def _shown_row(
    row: CoverageRow, *, table: CoverageTable, columns: tuple[Column, ...], is_total: bool = False
) -> ShownRow:
    groups = () if is_total or table.by is None else (Group(table.by, row.key),)

    def query(which: Slice) -> str:
        return list_query(at=table.at, base=table.base, which=which, groups=groups)

    cells = tuple(
        Cell(
            column=column,
            count=row.count(column.of),
            share=row.share(column.of, among=column.among) if column.among else None,
            query=query(column.of),
        )
        for column in columns
    )
    return ShownRow(row, cells, query(Slice.UNCOVERED))
