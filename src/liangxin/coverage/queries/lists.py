"""The organisations behind each figure: the same queryset that was counted, filtered."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from liangxin.coverage.queries.reasons import TRANSFER, with_reason, with_transfer_needed
from liangxin.coverage.queries.state import Versions, covered_state, in_group, sliced
from liangxin.coverage.terms import Base, Grouping, ReasonCode, Slice
from liangxin.kernel.viewer import Viewer


@dataclass(frozen=True)
class Group:
    """One row of a coverage table; `key` is '' where the group is not filled in."""

    by: Grouping
    key: str


def sliced_organisations(
    viewer: Viewer,
    *,
    at: date,
    base: Base,
    which: Slice = Slice.BASE,
    groups: tuple[Group, ...] = (),
) -> Versions:
    """The organisations that a cell of the coverage table counts, by name."""
    found = sliced(covered_state(viewer, at=at, base=base), which)
    for group in groups:
        found = in_group(found, by=group.by, key=group.key)
    return found.select_related("organisation", "street", "site").order_by(
        "name", "organisation_id"
    )


def uncovered_organisations(viewer: Viewer, *, at: date, base: Base) -> Versions:
    """Organisations that neither coverage reaches."""
    return sliced_organisations(viewer, at=at, base=base, which=Slice.UNCOVERED)


def organisations_without_party(viewer: Viewer, *, at: date, base: Base) -> Versions:
    """Organisations without a Party organisation, each with its `reason`."""
    found = sliced_organisations(viewer, at=at, base=base, which=Slice.WITHOUT)
    return with_reason(found, viewer, at=at)


def reason_counts(viewer: Viewer, *, at: date, base: Base) -> dict[str, int]:
    """How many organisations without a Party organisation have each reason, and need a transfer."""
    found = organisations_without_party(viewer, at=at, base=base).order_by()
    rows = found.values("reason").annotate(count=Count("pk")).order_by()
    counts = {row["reason"]: row["count"] for row in rows}
    away = with_transfer_needed(found, viewer, at=at).count()
    return {code.value: counts.get(code.value, 0) for code in ReasonCode} | {TRANSFER: away}
