"""How many Party members work where, among how many employed; for the Party chain alone.

Only what is recorded counts: nothing here tells who might be, or might become, a member.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When

from liangxin.coverage.queries.groups import group_titles
from liangxin.coverage.queries.members import needing_transfer
from liangxin.coverage.queries.rules import coverage_rules
from liangxin.coverage.queries.state import (
    GROUP_FIELDS,
    SLICE_COVERAGE,
    Versions,
    covered_state,
    group_condition,
)
from liangxin.coverage.queries.table import cache_key
from liangxin.coverage.terms import Base, Group, Grouping, GrowthSlice, Slice, Standing
from liangxin.kernel.keeping import kept
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Employment, PartyMembership
from liangxin.registry.queries import true_at
from liangxin.registry.queries.people import members, working_at
from liangxin.registry.terms import ENTERPRISE_KINDS

WORK = "organisation__employments__"
MEMBERSHIP = f"{WORK}person__memberships__"


@dataclass(frozen=True, kw_only=True)
class GrowthRow:
    """One group: members (full and probationary) and staff of the organisations whose staff is known."""

    key: str
    title: str
    organisations: int = 0
    staff: int = 0
    members: int = 0
    unstaffed: int = 0

    @property
    def share(self) -> float | None:
        """Members among staff; None where nobody is employed."""
        return self.members / self.staff if self.staff else None


@dataclass(frozen=True, kw_only=True)
class GrowthTable:
    """Members on the day `at` over `base`; `positions` counts all of them, `slices` organisations."""

    at: date
    base: Base
    by: Grouping
    rows: tuple[GrowthRow, ...]
    total: GrowthRow
    positions: Mapping[str, int]
    slices: Mapping[str, int]

    @property
    def every_member(self) -> int:
        return sum(self.positions.values())


def growth_table(viewer: Viewer, *, at: date, base: Base, by: Grouping) -> GrowthTable:
    """Members of the viewer's coverage scope on `at`; kept until anything is written to the ledger."""
    key = cache_key("growth", viewer, at=at, parts=(base.code, by.value))
    return kept(key, lambda: counted_growth(viewer, at=at, base=base, by=by))


def counted_growth(viewer: Viewer, *, at: date, base: Base, by: Grouping) -> GrowthTable:
    """The same, counted anew."""
    counts = _staff(viewer, at=at, base=base, by=by)
    positions: defaultdict[str, int] = defaultdict(int)
    for row in _members_by_group(viewer, at=at, base=base, by=by):
        positions[row["position"]] += row["count"]
        if row["is_staffed"]:
            counts[_key(row["group"])]["members"] += row["count"]
    titles = group_titles(by, keys=counts)
    return GrowthTable(
        at=at,
        base=base,
        by=by,
        rows=tuple(
            GrowthRow(key=key, title=title, **counts[key])
            for key, title in titles.items()
            if key in counts
        ),
        total=GrowthRow(key="", title="合计", **_summed(counts.values())),
        positions=dict(positions),
        slices={
            which.value: growth_organisations(viewer, at=at, base=base, which=which).count()
            for which in GrowthSlice
        },
    )


def growth_organisations(
    viewer: Viewer,
    *,
    at: date,
    base: Base,
    which: GrowthSlice | None = None,
    groups: Iterable[Group] = (),
) -> Versions:
    """Organisations of the base, those with most staff first; `which` keeps those of one figure."""
    found = covered_state(viewer, at=at, base=base).filter(standing=Standing.IN_BASE)
    if not may(viewer, Permission.SEE_PEOPLE):
        # Which firms have members, or none, is told to nobody else.
        return found.none()
    if which is not None:
        found = found.filter(growth_condition(which, at=at))
    for group in groups:
        found = found.filter(group_condition(group))
    return found.order_by(F("employees").desc(nulls_last=True), "name", "organisation_id")


def growth_condition(which: GrowthSlice, *, at: date) -> Q:
    """The rows of a stated queryset that the figure named by `which` counts."""
    rules = coverage_rules(at)
    firms = Q(kind__in=ENTERPRISE_KINDS)
    match which:
        case GrowthSlice.STAFFED:
            return Q(employees__isnull=False)
        case GrowthSlice.UNSTAFFED:
            return Q(employees__isnull=True)
        case GrowthSlice.SHOULD_HAVE_MEMBER:
            return firms & Q(employees__gte=rules.staff_for_member)
        case GrowthSlice.NO_MEMBER:
            return firms & Q(employees__gte=rules.staff_for_member) & ~_employing_members(at)
        case GrowthSlice.SHOULD_HAVE_PARTY:
            return firms & Q(employees__gte=rules.staff_for_organisation)
        case GrowthSlice.NO_PARTY:
            without = Q(coverage__in=SLICE_COVERAGE[Slice.WITHOUT])
            return firms & Q(employees__gte=rules.staff_for_organisation) & without
        case GrowthSlice.TRANSFER:
            return needing_transfer(at)


def growth_members(viewer: Viewer, *, at: date, base: Base) -> QuerySet[PartyMembership]:
    """The members who work in organisations of the base, by name, described as `members` are."""
    units = growth_organisations(viewer, at=at, base=base)
    return members(viewer, at=at).filter(working_at(units, at=at))


def _employing_members(at: date) -> Q:
    work = Employment.objects.filter(true_at(at), true_at(at, prefix="person__memberships__"))
    return Q(organisation_id__in=work.order_by().values("organisation_id"))


def _staff(
    viewer: Viewer, *, at: date, base: Base, by: Grouping
) -> defaultdict[str, dict[str, int]]:
    names = ("organisations", "staff", "members", "unstaffed")
    counts: defaultdict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(names, 0))
    found = growth_organisations(viewer, at=at, base=base).order_by()
    rows = found.annotate(group=F(GROUP_FIELDS[by])).values("group")
    for row in rows.annotate(every=Count("pk"), known=Count("employees"), staff=Sum("employees")):
        place = counts[_key(row["group"])]
        place["organisations"] += row["known"]
        place["unstaffed"] += row["every"] - row["known"]
        place["staff"] += row["staff"] or 0
    return counts


def _members_by_group(
    viewer: Viewer, *, at: date, base: Base, by: Grouping
) -> Iterable[dict[str, Any]]:
    found = growth_organisations(viewer, at=at, base=base).order_by()
    # One filter: apart, the two conditions would be met by different jobs of one organisation.
    found = found.filter(true_at(at, prefix=WORK), true_at(at, prefix=MEMBERSHIP))
    known = Case(When(employees__isnull=False, then=Value(1)), default=Value(0))
    named = found.annotate(
        group=F(GROUP_FIELDS[by]), position=F(f"{WORK}position"), is_staffed=known
    )
    counted = named.values("group", "position", "is_staffed").annotate(
        count=Count(f"{MEMBERSHIP}id", distinct=True)
    )
    return list(counted)


def _summed(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: defaultdict[str, int] = defaultdict(int)
    for part in parts:
        for name, count in part.items():
            total[name] += count
    return dict(total)


def _key(value: object) -> str:
    return "" if value is None else str(value)
