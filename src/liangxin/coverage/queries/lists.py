"""The organisations behind each figure: the same queryset that was counted, filtered."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from liangxin.coverage.queries.members import member_counts
from liangxin.coverage.queries.reasons import reason_condition, require_chain
from liangxin.coverage.queries.rules import coverage_rules
from liangxin.coverage.queries.state import (
    SLICE_COVERAGE,
    Versions,
    covered_state,
    covered_state_of,
    group_condition,
    slice_condition,
)
from liangxin.coverage.queries.table import (
    cache_key,
    coverage_table,
    is_of_standing,
)
from liangxin.coverage.terms import Base, Coverage, Group, Grouping, ReasonCode, Slice, Standing
from liangxin.kernel.keeping import kept
from liangxin.kernel.viewer import Viewer


def sliced_organisations(
    viewer: Viewer,
    *,
    at: date,
    base: Base,
    which: Slice = Slice.BASE,
    groups: tuple[Group, ...] = (),
) -> Versions:
    """The organisations that a cell of the coverage table counts, by name."""
    found = covered_state(viewer, at=at, base=base).filter(slice_condition(which))
    for group in groups:
        found = found.filter(group_condition(group))
    return found.select_related("organisation", "street", "site").order_by(
        "name", "organisation_id"
    )


def uncovered_organisations(viewer: Viewer, *, at: date, base: Base) -> Versions:
    """Organisations that neither coverage reaches."""
    return sliced_organisations(viewer, at=at, base=base, which=Slice.UNCOVERED)


def organisations_without_party(
    viewer: Viewer, *, at: date, base: Base, reason: ReasonCode | None = None
) -> Versions:
    """Organisations without a Party organisation; with `reason` only those that have it."""
    found = sliced_organisations(viewer, at=at, base=base, which=Slice.WITHOUT)
    if reason is None:
        return found
    return found.filter(reason_condition(reason, viewer=viewer, at=at))


@dataclass(frozen=True, kw_only=True)
class ReasonCounts:
    """How many organisations wait for each next step; the four overlap only in `transfer`.

    The first two and `transfer` are among those without a Party organisation; `guide` counts
    those without full members that no work coverage reaches either.
    """

    own_branch: int
    join: int
    guide: int
    transfer: int


def reason_counts(viewer: Viewer, *, at: date, base: Base) -> ReasonCounts:
    """The next steps of the viewer's scope, counted; kept until the ledger is written to."""
    key = cache_key("reasons", viewer, at=at, parts=(base.code,), by_standing=is_of_standing(base))
    return kept(key, lambda: counted_reasons(viewer, at=at, base=base))


def counted_reasons(viewer: Viewer, *, at: date, base: Base) -> ReasonCounts:
    """The same, counted anew but for the table it is a part of."""
    require_chain(viewer)
    # Everything from the few that employ members: each pass over everybody costs as much as this alone.
    members = member_counts(viewer, at=at)
    rows = covered_state_of(viewer, list(members), at=at, base=base).order_by()
    stood = rows.filter(standing=Standing.IN_BASE).values_list("organisation_id", "coverage")
    # Chosen here: as a condition, SQLite would build the sets of who is covered a second time.
    staffed = {key: state for key, state in stood if state in SLICE_COVERAGE[Slice.WITHOUT]}
    least = coverage_rules(at).branch_min_full
    own_branch = sum(members[key].full >= least for key in staffed)
    uncovered = coverage_table(viewer, at=at, base=base, by=Grouping.STREET).total.none
    return ReasonCounts(
        own_branch=own_branch,
        join=len(staffed) - own_branch,
        guide=uncovered - Counter(staffed.values())[Coverage.NONE.value],
        transfer=sum(members[key].elsewhere > 0 for key in staffed),
    )
