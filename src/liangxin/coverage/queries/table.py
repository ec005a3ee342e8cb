"""Coverage counted: one total and its rows, all from the one definition of coverage."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, F, Value

from liangxin.coverage.queries.groups import group_titles
from liangxin.coverage.queries.state import (
    COVERAGE_ROLES,
    GROUP_FIELDS,
    SLICE_COVERAGE,
    Versions,
    covered_state,
)
from liangxin.coverage.terms import Base, BaseKind, Coverage, Grouping, Slice, Standing
from liangxin.kernel.keeping import kept
from liangxin.kernel.viewer import ScopeKind, Viewer
from liangxin.registry.queries.revisions import revision_for, standing_revision_for

ROWS_AT_ONCE = 5000


@dataclass(frozen=True)
class Share:
    """A rate with what it was divided by; `value` is None where nothing could be covered."""

    of: Slice
    count: int
    base: Slice
    base_count: int

    @property
    def value(self) -> float | None:
        return self.count / self.base_count if self.base_count else None


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """Counts of organisations in one group; `key` is '' where the group is not filled in."""

    key: str
    title: str
    single: int = 0
    joint: int = 0
    work: int = 0
    none: int = 0
    unknown: int = 0

    def count(self, which: Slice) -> int:
        """How many organisations the slice holds in this group."""
        if which is Slice.UNKNOWN:
            return self.unknown
        return sum(int(getattr(self, coverage.value)) for coverage in SLICE_COVERAGE[which])

    def share(self, of: Slice, *, among: Slice = Slice.BASE) -> Share:
        """The share of one slice among another."""
        return Share(of, self.count(of), among, self.count(among))

    @property
    def organisation_share(self) -> Share:
        return self.share(Slice.ORGANISATION)

    @property
    def single_share(self) -> Share:
        return self.share(Slice.SINGLE)

    @property
    def work_share(self) -> Share:
        """Work coverage among operating organisations without a Party organisation."""
        return self.share(Slice.WORK, among=Slice.WITHOUT)

    @property
    def either_share(self) -> Share:
        return self.share(Slice.EITHER)

    @property
    def gap_share(self) -> Share:
        return self.share(Slice.UNCOVERED)

    @property
    def gap(self) -> int:
        """Organisations that neither coverage reaches."""
        return self.none


@dataclass(frozen=True, kw_only=True)
class CoverageTable:
    """Coverage on the day `at` over `base`; `total` is the sum of `rows`."""

    at: date
    base: Base
    by: Grouping | None
    rows: tuple[CoverageRow, ...]
    total: CoverageRow

    def worst(self, number: int) -> tuple[CoverageRow, ...]:
        """Rows with the most organisations that neither coverage reaches."""
        ranked = sorted(self.rows, key=lambda row: (-row.gap, row.title, row.key))
        return tuple(row for row in ranked if row.gap)[:number]


def coverage_table(
    viewer: Viewer, *, at: date, base: Base, by: Grouping | None = None
) -> CoverageTable:
    """Coverage of the viewer's scope on `at`; kept until anything that may change it is written."""
    street = _only_street(viewer)
    if street and by in (None, Grouping.STREET):
        # Sites are asked for beside streets on most pages: one count answers both.
        sites = coverage_table(viewer, at=at, base=base, by=Grouping.SITE)
        return _as_one_street(sites, street=street, by=by)
    key = cache_key(
        "table",
        viewer,
        at=at,
        parts=(base.code, by.value if by else ""),
        by_standing=is_of_standing(base) and by is not Grouping.SIZE,
    )
    return kept(key, lambda: counted_table(viewer, at=at, base=base, by=by))


def _only_street(viewer: Viewer) -> str:
    """The key of the street that is the whole coverage scope of the viewer; '' where there is more."""
    scopes = viewer.scopes(*COVERAGE_ROLES)
    keys = [scope.key for scope in scopes if scope.kind is ScopeKind.STREET]
    return keys[0] if len(scopes) == len(keys) == 1 else ""


def _as_one_street(table: CoverageTable, *, street: str, by: Grouping | None) -> CoverageTable:
    if by is None:
        return replace(table, by=None, rows=(table.total,))
    title = group_titles(by, keys=(street,)).get(street, "")
    row = replace(table.total, key=street, title=title)
    return replace(table, by=by, rows=(row,) if table.rows else ())


def counted_table(
    viewer: Viewer, *, at: date, base: Base, by: Grouping | None = None
) -> CoverageTable:
    """The same, counted anew."""
    counts = _counts(viewer, at=at, base=base, by=by)
    titles = group_titles(by, keys=counts) if by else {"": "合计"}
    rows = tuple(
        CoverageRow(key=key, title=title, **counts[key])
        for key, title in titles.items()
        if key in counts
    )
    total = CoverageRow(key="", title="合计", **_summed(counts.values()))
    return CoverageTable(at=at, base=base, by=by, rows=rows if by else (total,), total=total)


def is_of_standing(base: Base) -> bool:
    """Whether a base is made up by what stands where alone, whatever else is told of an organisation."""
    return base.kind is BaseKind.OPERATING


def cache_key(
    kind: str, viewer: Viewer, *, at: date, parts: tuple[str, ...], by_standing: bool = False
) -> str:
    """A key that is new after every write that may change the viewer's figures, and differs between scopes.

    `by_standing`: the figure follows from what stands where, who covers it and who works there.
    """
    revision = standing_revision_for(viewer) if by_standing else revision_for(viewer)
    scopes = sorted(f"{s.kind.value}={s.key}" for s in viewer.scopes(*COVERAGE_ROLES))
    words = ("coverage", kind, str(revision), at.isoformat(), *parts, *scopes)
    return "/".join(words)


def _counts(
    viewer: Viewer, *, at: date, base: Base, by: Grouping | None
) -> Mapping[str, dict[str, int]]:
    found = covered_state(viewer, at=at, base=base).exclude(standing=Standing.OUTSIDE).order_by()
    found = found.annotate(group=F(GROUP_FIELDS[by]) if by else Value(""))
    counts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (group, standing, coverage), number in _numbers(viewer, found):
        state = coverage if standing == Standing.IN_BASE else Standing.UNKNOWN.value
        counts[_group_key(group)][state] += number
    return {key: dict(place) for key, place in counts.items()}


def _numbers(viewer: Viewer, found: Versions) -> Iterable[tuple[tuple[Any, str, str], int]]:
    names = ("group", "standing", "coverage")
    if viewer.sees_district():
        grouped = found.values_list(*names).annotate(count=Count("pk"))
        return [((group, standing, state), count) for group, standing, state, count in grouped]
    # Counted here: to group by it, SQLite would find out twice who is covered, which costs more than the
    # reading of a street.
    return Counter(found.values_list(*names).iterator(ROWS_AT_ONCE)).items()


def _group_key(value: object) -> str:
    return "" if value is None else str(value)


def _summed(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = dict.fromkeys((*Coverage.values, Standing.UNKNOWN.value), 0)
    for part in parts:
        for name, count in part.items():
            total[name] += count
    return total
