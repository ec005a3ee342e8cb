"""What people settled in a draft, as the solver takes it: pins, groups kept, pairs apart, who may host."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from liangxin.coverage.models import BranchProposal, ProposedGroup
from liangxin.coverage.queries.candidates import PlannedOrganisation
from liangxin.coverage.queries.edit_rules import GroupState, Pair
from liangxin.coverage.queries.edit_state import apart_pairs, group_states
from liangxin.coverage.queries.proposal_summary import is_adopted
from liangxin.optimize.grouping.problem import NONE, GroupingProblem, Ints
from liangxin.optimize.grouping.replan import Star

Places = Mapping[int, int]  # index in the problem by key of the organisation


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A draft as people left it: groups by number, those adopted already, pairs, and who is to stay out."""

    groups: Mapping[int, GroupState]
    adopted: frozenset[int]
    joining: frozenset[int]  # numbers of groups that join a branch that stands; not in `groups`
    apart: frozenset[Pair]
    excluded: Mapping[int, str]
    organisations: frozenset[int]

    @property
    def open_groups(self) -> list[GroupState]:
        """The groups that may still be changed, by number."""
        return [state for number, state in self.groups.items() if number not in self.adopted]

    @property
    def kept(self) -> frozenset[int]:
        """Numbers of the groups that are carried over as they are."""
        return self.adopted | self.joining

    @property
    def last_number(self) -> int:
        return max({*self.groups, *self.joining}, default=0)


def settled(draft: BranchProposal) -> Settled:
    """Read a draft; six queries."""
    groups = ProposedGroup.objects.filter(proposal=draft)
    states = group_states(groups.filter(into_branch__isnull=True))
    left = list(draft.left_out.order_by("organisation_id"))
    units = {unit for state in states.values() for unit in state.units}
    return Settled(
        groups=states,
        adopted=frozenset(groups.filter(is_adopted()).values_list("number", flat=True)),
        joining=frozenset(
            groups.filter(into_branch__isnull=False).values_list("number", flat=True)
        ),
        apart=apart_pairs(draft),
        excluded={row.organisation_id: row.text for row in left if row.is_excluded},
        organisations=frozenset(units.union(row.organisation_id for row in left)),
    )


def with_settled(
    problem: GroupingProblem, told: Settled, *, placed: Sequence[PlannedOrganisation]
) -> GroupingProblem:
    """The problem with what people settled; units that the ledger no longer offers are passed over.

    Raises InvalidProblem where pins contradict the rules or one another.
    """
    places = {one.organisation_id: index for index, one in enumerate(placed)}
    pinned, may_host = problem.units.pinned.copy(), problem.units.may_host.copy()
    frozen = []
    for state in told.open_groups:
        units = [places[unit] for unit in state.units if unit in places]
        host = places.get(state.host)
        if is_kept_whole(state) and len(units) > 1:
            frozen.append(tuple(sorted(units)))
        elif host is not None:
            _pin(pinned, state, host=host, places=places)
        if host is not None and (state.is_host_chosen or is_kept_whole(state)):
            may_host[[unit for unit in units if unit != host]] = False
    pairs = [
        (places[first], places[second])
        for first, second in sorted(told.apart)
        if first in places and second in places
    ]
    return replace(
        problem,
        units=replace(problem.units, pinned=pinned, may_host=may_host),
        forbidden=np.array(pairs, dtype=np.int64).reshape(-1, 2),
        frozen=tuple(frozen),
    )


def earlier_stars(told: Settled, *, placed: Sequence[PlannedOrganisation]) -> list[Star]:
    """The draft's groups as the planner carries them over; units that the ledger lost are left away."""
    places = {one.organisation_id: index for index, one in enumerate(placed)}
    stars = []
    for state in told.open_groups:
        units = tuple(sorted(places[unit] for unit in state.units if unit in places))
        if units:
            stars.append(Star(units, places.get(state.host, NONE)))
    return stars


def is_kept_whole(state: GroupState) -> bool:
    """Whether the whole group stays: locked, or beyond a general rule for a reason that somebody wrote."""
    return state.is_locked or bool(state.exception)


def _pin(pinned: Ints, state: GroupState, *, host: int, places: Places) -> None:
    held = [places[unit] for unit in state.pinned if unit in places]
    if held:
        # A pinned unit and the host share a number: so it is "in the group of that host" that it stays.
        pinned[[*held, host]] = state.number
