"""Candidates as a grouping problem, and its solution as groups of the proposal."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from liangxin.coverage.models import (
    BranchProposal,
    LeftOutOrganisation,
    ProposedGroup,
    ProposedUnit,
)
from liangxin.coverage.planning.plane import Plane
from liangxin.coverage.planning.wording import StreetNames, group_sentence, left_out_sentence
from liangxin.coverage.queries.candidates import PlannedOrganisation, division
from liangxin.coverage.queries.hosting import may_host
from liangxin.coverage.queries.open_branches import OpenBranch
from liangxin.coverage.terms import GroupMode, LeftOutCode, PlanParameters
from liangxin.optimize.grouping.problem import NONE, Branches, GroupingProblem, Rules, Units
from liangxin.optimize.grouping.solution import Group, Mode, Solution

NO_POSITION = "台账中没有这家单位的位置，也没有所在楼宇园区的位置，无法测算路程。"


@dataclass(frozen=True)
class GroupedRows:
    """What is stored of a solution; units name their group by `group`, an unsaved object."""

    groups: list[ProposedGroup]
    units: list[ProposedUnit]
    left_out: list[LeftOutOrganisation]

    @property
    def new_groups(self) -> int:
        """How many groups are to become branches of their own."""
        return sum(group.into_branch_id is None for group in self.groups)

    @property
    def joining_units(self) -> int:
        """How many units join a branch that stands."""
        return sum(unit.group.into_branch_id is not None for unit in self.units)


def grouping_problem(
    placed: Sequence[PlannedOrganisation],
    *,
    parameters: PlanParameters,
    plane: Plane,
    no_hosts: Collection[int] = (),
    takers: Sequence[OpenBranch] = (),
) -> GroupingProblem:
    """The problem of organisations that all have a position; unit i is `placed[i]`.

    `no_hosts` are keys of organisations that may join a group but not host one; branch j of the problem is
    `takers[j]`, which units may join where it meets.

    Raises InvalidProblem where the parameters contradict each other.
    """
    count, barred = len(placed), frozenset(no_hosts)
    x_m, y_m = plane.metres([one.lon for one in placed], [one.lat for one in placed])
    units = Units(
        ids=tuple(str(one.organisation_id) for one in placed),
        members=np.array([one.members for one in placed], dtype=np.int64),
        x_m=x_m,
        y_m=y_m,
        site=_codes([one.site_id for one in placed]),
        street=_codes([one.street_id for one in placed]),
        industry=_codes([division(one.industry_code) for one in placed]),
        may_host=np.array([may_host(one, parameters, barred=barred) for one in placed], np.bool_),
        pinned=np.full(count, NONE, dtype=np.int64),
    )
    branches = _branches(takers, plane=plane)
    return GroupingProblem(units=units, rules=_rules(parameters, placed), branches=branches)


def grouped_rows(
    proposal: BranchProposal,
    solution: Solution,
    *,
    problem: GroupingProblem,
    placed: Sequence[PlannedOrganisation],
    streets: StreetNames,
    takers: Sequence[OpenBranch] = (),
) -> GroupedRows:
    """The rows of a solution, numbered from 1 in the order of the solution.

    `takers` are those that the problem was made with.
    """
    rows = GroupedRows([], [], [])
    prices = [None] * len(placed) if solution.prices is None else solution.prices.tolist()
    for number, group in enumerate(solution.groups, start=1):
        members = [placed[unit] for unit in group.units]
        sentence = group_sentence(problem, group, placed=placed, streets=streets)
        into = None if group.branch == NONE else takers[group.branch]
        row = _group_row(group, units=members, into=into, reason=sentence)
        row.proposal, row.number = proposal, number
        rows.groups.append(row)
        for place, one in enumerate(members):
            price_mm = prices[group.units[place]]
            rows.units.append(_unit_row(row, one, group=group, place=place, price_mm=price_mm))
    for left in solution.left_out:
        text = left_out_sentence(problem, left)
        code = LeftOutCode(left.reason.value)
        one, price_mm = placed[left.unit], prices[left.unit]
        rows.left_out.append(left_out_row(proposal, one, code=code, text=text, price_mm=price_mm))
    return rows


def left_out_row(
    proposal: BranchProposal,
    one: PlannedOrganisation,
    *,
    code: LeftOutCode,
    text: str,
    price_mm: float | None = None,
) -> LeftOutOrganisation:
    """One candidate that no group covers."""
    return LeftOutOrganisation(
        proposal=proposal,
        organisation_id=one.organisation_id,
        code=code,
        text=text,
        name=one.name,
        street_id=one.street_id,
        lon=one.lon if one.has_position else None,
        lat=one.lat if one.has_position else None,
        members=one.members,
        price_mm=price_mm,
    )


def walked_mm(group: Group, members: Sequence[int]) -> float:
    """Member-metres that the members of a group's units, told in their order, walk to one meeting."""
    return sum(one * way for one, way in zip(members, group.ways_m, strict=True))


def _group_row(
    group: Group, *, units: Sequence[PlannedOrganisation], into: OpenBranch | None, reason: str
) -> ProposedGroup:
    host = None if into else units[group.units.index(group.host)]
    return ProposedGroup(
        host_id=host.organisation_id if host else None,
        into_branch_id=into.key if into else None,
        street_id=into.street_id if into else host.street_id if host else None,
        mode=_mode(group.mode),
        units_count=len(units),
        members=group.members,
        to_transfer=sum(one.to_transfer for one in units),
        cost_mm=walked_mm(group, [one.members for one in units]),
        longest_way_m=group.longest_way_m,
        is_cross_street=len({one.street_id for one in units}) > 1,
        reason=reason,
    )


def _unit_row(
    row: ProposedGroup,
    one: PlannedOrganisation,
    *,
    group: Group,
    place: int,
    price_mm: float | None,
) -> ProposedUnit:
    if one.lon is None or one.lat is None:  # the problem takes placed organisations only
        raise AssertionError(one.organisation_id)
    return ProposedUnit(
        proposal=row.proposal,
        group=row,
        organisation_id=one.organisation_id,
        is_host=group.units[place] == group.host,
        mode=_mode(group.modes[place]),
        way_m=group.ways_m[place],
        name=one.name,
        street_id=one.street_id,
        site_name=one.site_name,
        industry_code=one.industry_code,
        lon=one.lon,
        lat=one.lat,
        members=one.members,
        to_transfer=one.to_transfer,
        price_mm=price_mm,
    )


def _rules(parameters: PlanParameters, placed: Sequence[PlannedOrganisation]) -> Rules:
    streets = {one.street_id for one in placed if one.street_id is not None}
    limit = parameters.new_per_street
    return Rules(
        street_radius_m=parameters.street_radius_m,
        industry_radius_m=parameters.industry_radius_m,
        left_out_mm=parameters.left_out_mm,
        min_members=parameters.min_members,
        max_members=parameters.max_members,
        max_units=parameters.max_units,
        largest_units=parameters.largest_units,
        extra_unit_mm=parameters.extra_unit_mm,
        street_weight=parameters.street_weight,
        industry_weight=parameters.industry_weight,
        new_groups_per_street=dict.fromkeys(sorted(streets), limit) if limit else {},
    )


def _branches(takers: Sequence[OpenBranch], *, plane: Plane) -> Branches:
    hosts = [one.host for one in takers]
    x_m, y_m = plane.metres([one.lon for one in hosts], [one.lat for one in hosts])
    return Branches(
        ids=tuple(one.name for one in takers),
        x_m=x_m,
        y_m=y_m,
        site=_codes([one.site_id for one in hosts]),
        street=_codes([one.street_id for one in hosts]),
        industry=_codes([division(one.industry_code) for one in hosts]),
        free_units=_codes([one.free_units for one in takers]),
        free_members=_codes([one.free_members for one in takers]),
    )


def _mode(mode: Mode) -> GroupMode:
    return GroupMode(mode.value)


def _codes(keys: Sequence[int | None]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([NONE if key is None else key for key in keys], dtype=np.int64)
