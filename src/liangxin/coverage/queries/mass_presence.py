"""Trade unions and Youth League organisations among the base, and how far the guides are loaded."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, Value, When

from liangxin.coverage.queries.groups import group_titles
from liangxin.coverage.queries.state import (
    GROUP_FIELDS,
    Versions,
    covered_state,
    group_condition,
    organisations_of,
    stated,
)
from liangxin.coverage.queries.table import cache_key
from liangxin.coverage.terms import Base, Group, Grouping, MassSlice, Standing
from liangxin.kernel.keeping import kept
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import MassPresence, Posting
from liangxin.registry.queries import true_at
from liangxin.registry.queries.guides import guides
from liangxin.registry.terms import GuideRole, MassKind

EVERY = Q()


@dataclass(frozen=True, kw_only=True)
class MassRow:
    """Counts of organisations in one group; `nobody`: neither of both, and no guide either."""

    key: str
    title: str
    base: int = 0
    union: int = 0
    league: int = 0
    neither: int = 0
    nobody: int = 0

    @property
    def union_share(self) -> float | None:
        return self.union / self.base if self.base else None

    @property
    def league_share(self) -> float | None:
        return self.league / self.base if self.base else None


@dataclass(frozen=True, kw_only=True)
class MassTable:
    """Union and League presence on the day `at` over `base`; `total` is the sum of `rows`."""

    at: date
    base: Base
    by: Grouping
    rows: tuple[MassRow, ...]
    total: MassRow


@dataclass(frozen=True, kw_only=True)
class GuideLoad:
    """Guides of one role: what they serve against the numbers named for them in the roster."""

    role: GuideRole
    people: int
    served: int
    capacity: int
    unnamed: int  # people for whom the roster names no number; not part of `capacity`
    over: int
    full: int
    free: int


def mass_table(viewer: Viewer, *, at: date, base: Base, by: Grouping) -> MassTable:
    """Presence in the viewer's coverage scope on `at`; kept until the ledger is written to."""
    key = cache_key("mass", viewer, at=at, parts=(base.code, by.value))
    return kept(key, lambda: counted_mass(viewer, at=at, base=base, by=by))


def counted_mass(viewer: Viewer, *, at: date, base: Base, by: Grouping) -> MassTable:
    """The same, counted anew."""
    found = with_presence(mass_organisations(viewer, at=at, base=base).order_by(), at=at)
    grouped = found.annotate(group=F(GROUP_FIELDS[by]))
    names = ("base", "union", "league", "neither", "nobody")
    counts: defaultdict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(names, 0))
    told = grouped.values("group", "has_union", "has_league", "has_guide")
    for row in told.annotate(count=Count("pk")):
        key = "" if row["group"] is None else str(row["group"])
        for name, holds in _facts(row).items():
            counts[key][name] += row["count"] if holds else 0
    titles = group_titles(by, keys=counts)
    rows = tuple(
        MassRow(key=key, title=title, **counts[key])
        for key, title in titles.items()
        if key in counts
    )
    summed = {name: sum(place[name] for place in counts.values()) for name in names}
    return MassTable(
        at=at, base=base, by=by, rows=rows, total=MassRow(key="", title="合计", **summed)
    )


def mass_organisations(
    viewer: Viewer,
    *,
    at: date,
    base: Base,
    which: MassSlice | None = None,
    groups: Iterable[Group] = (),
) -> Versions:
    """Organisations of the base, those with most staff first; `which` keeps those of one figure."""
    found = covered_state(viewer, at=at, base=base).filter(standing=Standing.IN_BASE)
    if which is not None:
        found = found.filter(mass_condition(which, at=at))
    for group in groups:
        found = found.filter(group_condition(group))
    return found.order_by(F("employees").desc(nulls_last=True), "name", "organisation_id")


def mass_condition(which: MassSlice, *, at: date) -> Q:
    """The rows of versions that the figure named by `which` counts."""
    union, league = _standing(MassKind.UNION, at=at), _standing(MassKind.LEAGUE, at=at)
    match which:
        case MassSlice.UNION:
            return union
        case MassSlice.NO_UNION:
            return ~union
        case MassSlice.LEAGUE:
            return league
        case MassSlice.NO_LEAGUE:
            return ~league
        case MassSlice.NEITHER:
            return ~union & ~league
        case MassSlice.NOBODY:
            return ~union & ~league & ~_guided(at)


def with_presence(found: Versions, *, at: date, among: Collection[int] | None = None) -> Versions:
    """Tell of each version on `at` whether it has a union, a League organisation, a guide.

    `among` names the organisations of all these versions, if they are few.
    """
    of = Q() if among is None else Q(organisation_id__in=among)
    rows: Versions = found.annotate(
        has_union=_yes_no(_standing(MassKind.UNION, at=at, of=of)),
        has_league=_yes_no(_standing(MassKind.LEAGUE, at=at, of=of)),
        has_guide=_yes_no(_guided(at, of=of)),
    )
    return rows


def with_presence_anew(rows: Versions, keys: Collection[int], *, at: date, base: Base) -> Versions:
    """The versions of a few keys, told of as before, without working out who else has what."""
    among = organisations_of(keys)
    return with_presence(stated(rows, at=at, base=base, among=among), at=at, among=among)


def guide_loads(viewer: Viewer, *, at: date) -> tuple[GuideLoad, ...]:
    """Load against capacity of the guides whom the viewer may see, by role."""
    # Any: the rows carry a number that the type of the model does not name.
    found: QuerySet[Any] = guides(viewer, at=at).order_by()
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in found.values("role", "load", "capacity"):
        rows[row["role"]].append(row)
    return tuple(_load(role, rows[role.value]) for role in GuideRole if rows[role.value])


def _load(role: GuideRole, rows: list[Mapping[str, Any]]) -> GuideLoad:
    named = [row for row in rows if row["capacity"] is not None]
    over = sum(row["load"] > row["capacity"] for row in named)
    full = sum(row["load"] == row["capacity"] for row in named)
    return GuideLoad(
        role=role,
        people=len(rows),
        served=sum(row["load"] for row in rows),
        capacity=sum(row["capacity"] for row in named),
        unnamed=len(rows) - len(named),
        over=over,
        full=full,
        free=len(rows) - over - full,
    )


def _facts(row: Mapping[str, Any]) -> dict[str, bool]:
    neither = not (row["has_union"] or row["has_league"])
    return {
        "base": True,
        "union": bool(row["has_union"]),
        "league": bool(row["has_league"]),
        "neither": neither,
        "nobody": neither and not row["has_guide"],
    }


def _standing(kind: MassKind, *, at: date, of: Q = EVERY) -> Q:
    present = MassPresence.objects.filter(true_at(at), of, kind=kind).order_by()
    return Q(organisation_id__in=present.values("organisation_id"))


def _guided(at: date, *, of: Q = EVERY) -> Q:
    posted = Posting.objects.filter(true_at(at), of).order_by()
    return Q(organisation_id__in=posted.values("organisation_id"))


def _yes_no(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
