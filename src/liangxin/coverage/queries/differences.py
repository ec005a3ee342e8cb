"""Why a rate differs between two days: every organisation that moved stands in exactly one part."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liangxin.coverage.queries.lists import sliced_organisations
from liangxin.coverage.queries.state import SLICE_COVERAGE, Versions, covered_state
from liangxin.coverage.queries.table import (
    CoverageRow,
    cache_key,
    coverage_table,
    is_of_standing,
)
from liangxin.coverage.terms import Base, Part, Slice, Standing
from liangxin.kernel.keeping import kept
from liangxin.kernel.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class CoverageDifference:
    """Coverage by Party organisations on two days, and the parts that lead from one to the other."""

    before: CoverageRow
    after: CoverageRow
    parts: Mapping[Part, int]

    @property
    def is_complete(self) -> bool:
        """Whether the parts lead exactly from the first day's counts to the second's."""
        covered = self.before.count(Slice.ORGANISATION) + sum(
            sign * self.parts[part] for part, sign in COVERED_BY.items()
        )
        base = self.before.count(Slice.BASE) + sum(
            sign * self.parts[part] for part, sign in BASE_BY.items()
        )
        return (covered, base) == (
            self.after.count(Slice.ORGANISATION),
            self.after.count(Slice.BASE),
        )


# What each part adds to the organisations covered, and to the base.
COVERED_BY = {Part.GAINED: 1, Part.LOST: -1, Part.ENTERED_COVERED: 1, Part.LEFT_COVERED: -1}
BASE_BY = {
    Part.ENTERED_COVERED: 1,
    Part.ENTERED_WITHOUT: 1,
    Part.LEFT_COVERED: -1,
    Part.LEFT_WITHOUT: -1,
}


# An organisation on the one day and on the other: covered, without, or (None) not in the base.
PART_OF: Mapping[tuple[bool | None, bool | None], Part] = {
    (False, True): Part.GAINED,
    (True, False): Part.LOST,
    (None, True): Part.ENTERED_COVERED,
    (None, False): Part.ENTERED_WITHOUT,
    (True, None): Part.LEFT_COVERED,
    (False, None): Part.LEFT_WITHOUT,
}


def coverage_difference(
    viewer: Viewer, *, since: date, until: date, base: Base
) -> CoverageDifference:
    """What lies between two days; kept until anything that may change it is written."""
    key = cache_key(
        "difference",
        viewer,
        at=until,
        parts=(base.code, since.isoformat()),
        by_standing=is_of_standing(base),
    )
    return kept(key, lambda: counted_difference(viewer, since=since, until=until, base=base))


def counted_difference(
    viewer: Viewer, *, since: date, until: date, base: Base
) -> CoverageDifference:
    """The same, counted anew: each day is read once, and the parts are what differs between the two."""
    before = _covered_on(viewer, at=since, base=base)
    after = _covered_on(viewer, at=until, base=base)
    parts = dict.fromkeys(Part, 0)
    for key in before.keys() | after.keys():
        part = PART_OF.get((before.get(key), after.get(key)))
        if part is not None:
            parts[part] += 1
    return CoverageDifference(
        before=coverage_table(viewer, at=since, base=base).total,
        after=coverage_table(viewer, at=until, base=base).total,
        parts=parts,
    )


def part_organisations(
    viewer: Viewer, *, since: date, until: date, base: Base, part: Part
) -> Versions:
    """The organisations of one part: as on `until`, or as on `since` for those that left the base."""

    def on(day: date, which: Slice) -> Versions:
        return sliced_organisations(viewer, at=day, base=base, which=which)

    def keys(day: date, which: Slice) -> Any:
        return on(day, which).order_by().values("organisation_id")

    match part:
        case Part.GAINED:
            return on(until, Slice.ORGANISATION).filter(
                organisation_id__in=keys(since, Slice.WITHOUT)
            )
        case Part.LOST:
            return on(until, Slice.WITHOUT).filter(
                organisation_id__in=keys(since, Slice.ORGANISATION)
            )
        case Part.ENTERED_COVERED:
            return on(until, Slice.ORGANISATION).exclude(
                organisation_id__in=keys(since, Slice.BASE)
            )
        case Part.ENTERED_WITHOUT:
            return on(until, Slice.WITHOUT).exclude(organisation_id__in=keys(since, Slice.BASE))
        case Part.LEFT_COVERED:
            return on(since, Slice.ORGANISATION).exclude(
                organisation_id__in=keys(until, Slice.BASE)
            )
        case Part.LEFT_WITHOUT:
            return on(since, Slice.WITHOUT).exclude(organisation_id__in=keys(until, Slice.BASE))
    raise ValueError(part)


def _covered_on(viewer: Viewer, *, at: date, base: Base) -> dict[int, bool]:
    """The organisations of the base on a day, and whether a Party organisation covers each."""
    found = covered_state(viewer, at=at, base=base).filter(standing=Standing.IN_BASE).order_by()
    covered = SLICE_COVERAGE[Slice.ORGANISATION]
    rows = found.values_list("organisation_id", "coverage")
    return {key: coverage in covered for key, coverage in rows.iterator()}
