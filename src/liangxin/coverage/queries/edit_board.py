"""The working view of a draft: groups of a page with their units, and what people have settled so far."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from liangxin.coverage.models import (
    BranchProposal,
    LeftOutOrganisation,
    ProposedGroup,
    ProposedUnit,
)
from liangxin.coverage.queries.edits import kept_apart
from liangxin.coverage.queries.proposals import groups, left_out
from liangxin.kernel.viewer import Viewer


@dataclass(frozen=True)
class GroupCard:
    """A group with its units, the host first, and whether it may be changed."""

    group: ProposedGroup
    units: Sequence[ProposedUnit]

    @property
    def is_adopted(self) -> bool:
        return self.group.establishment_id is not None  # type: ignore[attr-defined]

    @property
    def is_open(self) -> bool:
        """Whether units may come and go."""
        return not (self.is_adopted or self.group.is_locked or self.group.into_branch_id)


@dataclass(frozen=True)
class ApartPair:
    """Two units that must not share a group, by name."""

    first: int
    second: int
    names: str


@dataclass(frozen=True, kw_only=True)
class SettledCounts:
    """How much of a draft people have settled, within the viewer's scope."""

    changed: int
    pinned: int
    locked: int
    excluded: int


def board_groups(
    viewer: Viewer, draft: BranchProposal, *, street: int | None, search: str, only: str
) -> QuerySet[ProposedGroup, Any]:
    """The groups asked for: of a street, by a number or a unit's name, changed or locked ones only."""
    found = groups(viewer, draft)
    if street is not None:
        here = ProposedUnit.objects.filter(proposal=draft, street_id=street).order_by()
        found = found.filter(pk__in=here.values("group_id"))
    if search:
        named = ProposedUnit.objects.filter(proposal=draft, name__icontains=search).order_by()
        wanted = Q(pk__in=named.values("group_id"))
        if search.isdecimal() and len(search) < 7:
            wanted |= Q(number=int(search))
        found = found.filter(wanted)
    match only:
        case "changed":
            return found.filter(copied_from__isnull=True)
        case "settled":
            pinned = ProposedUnit.objects.filter(proposal=draft, is_pinned=True).order_by()
            return found.filter(Q(is_locked=True) | Q(pk__in=pinned.values("group_id")))
        case _:
            return found


def cards(found: Sequence[ProposedGroup]) -> list[GroupCard]:
    """Groups with their units; one query."""
    units: defaultdict[int, list[ProposedUnit]] = defaultdict(list)
    rows = ProposedUnit.objects.filter(group_id__in=[group.pk for group in found])
    for row in rows.order_by("group_id", "-is_host", "way_m", "name", "organisation_id"):
        units[row.group_id].append(row)
    return [GroupCard(group, units[group.pk]) for group in found]


def apart_by_name(viewer: Viewer, draft: BranchProposal) -> list[ApartPair]:
    """Pairs that must not share a group, of which the viewer sees both units."""
    pairs = [(pair.first_id, pair.second_id) for pair in kept_apart(draft)]
    if not pairs:
        return []
    keys = {key for pair in pairs for key in pair}
    seen = groups(viewer, draft).order_by().values("pk")
    rows = ProposedUnit.objects.filter(group_id__in=seen, organisation_id__in=keys).order_by()
    names = dict(rows.values_list("organisation_id", "name"))
    left = left_out(viewer, draft).order_by().filter(organisation_id__in=keys)
    names |= dict(left.values_list("organisation_id", "name"))
    return [
        ApartPair(first, second, f"“{names[first]}”与“{names[second]}”")
        for first, second in pairs
        if first in names and second in names
    ]


def settled_counts(viewer: Viewer, draft: BranchProposal) -> SettledCounts:
    """Four counts of what the viewer sees."""
    seen = groups(viewer, draft).order_by()
    pinned = ProposedUnit.objects.filter(group_id__in=seen.values("pk"), is_pinned=True)
    left = left_out(viewer, draft).order_by()
    return SettledCounts(
        changed=seen.filter(copied_from__isnull=True).count(),
        pinned=pinned.count(),
        locked=seen.filter(is_locked=True).count(),
        excluded=left.filter(is_excluded=True).count(),
    )


def board_left_out(
    viewer: Viewer, draft: BranchProposal, *, street: int | None, search: str
) -> QuerySet[LeftOutOrganisation, Any]:
    """Units in no group, of a street, by name."""
    found = left_out(viewer, draft)
    if street is not None:
        found = found.filter(street_id=street)
    # Searched for a group's number, the list would be empty for no reason.
    return found.filter(name__icontains=search) if search and not search.isdecimal() else found
