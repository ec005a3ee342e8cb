"""A problem as the bare arrays that compiled loops take, with what is settled beforehand taken out."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from liangxin.optimize.grouping._kernels import Buckets, item_cost
from liangxin.optimize.grouping.problem import NONE, Flags, Floats, GroupingProblem, Ints
from liangxin.optimize.grouping.reachable import (
    buckets,
    near_anyone,
    near_settled,
    place_arrays,
    row_lists,
    rule_arrays,
)
from liangxin.optimize.grouping.settled import check_pinned, frozen_host


@dataclass(frozen=True, kw_only=True)
class Instance:
    """The units that are to be grouped, as items: a pinned set is one item, any other unit another.

    Units are renumbered item by item; `unit` maps back. Rows behind the units are existing branches.
    """

    unit: Ints  # index in the problem
    place: Floats
    code: Ints
    reach: Floats
    limit: Ints
    item_start: Ints
    item_size: Ints  # (items, 2): units, members
    penalty: Floats  # of leaving an item out
    branch_free: Ints  # (branches, 2): units, members
    base: Floats  # cost of its own item at each unit's place as a host
    forbidden_start: Ints
    forbidden_item: Ints
    host_street: Ints  # index of the limited street a unit stands in, NONE where unlimited
    street_room: Ints
    too_few_near: Flags  # of the problem's units
    settled_mm: float  # frozen groups and units that the settings leave no group

    @property
    def items(self) -> int:
        return len(self.item_start) - 1

    @property
    def hosts(self) -> int:
        return len(self.place)

    @cached_property
    def item_of_unit(self) -> Ints:
        """The item of each row, NONE behind the units."""
        items = np.repeat(np.arange(self.items), np.diff(self.item_start))
        return np.append(items, np.full(self.hosts - len(self.unit), NONE)).astype(np.int64)

    @cached_property
    def buckets(self) -> Buckets:
        """Who shares a site, a street, an industry with whom."""
        return buckets(self.place, self.code, self.reach)

    @cached_property
    def alike(self) -> Ints:
        """A number for each item, 0 and up, the same for single units that nothing tells apart."""
        first = self.item_start[:-1]
        special = (self.item_size[:, 0] > 1) | (np.diff(self.forbidden_start) > 0)
        own = np.where(special, np.arange(self.items) + 1, 0)[:, None]
        features = np.concatenate([self.place[first], self.code[first], own], axis=1)
        _, alike = np.unique(features, axis=0, return_inverse=True)
        return np.asarray(alike.ravel(), np.int64)

    @cached_property
    def unit_of_kind(self) -> Ints:
        """The first unit of some item of each number of `alike`."""
        _, first = np.unique(self.alike, return_index=True)
        return self.item_start[first]

    @property
    def priced_limit(self) -> Ints:
        """The limits as the bound asks for them: it counts a pinned set beside a host as one unit."""
        limit = self.limit.copy()
        if np.any(self.item_size[:, 0] > 1):
            limit[0] = 2
        return limit

    @property
    def extra_mm(self) -> float:
        return float(self.reach[5])


def flatten(problem: GroupingProblem) -> Instance:
    """Return the instance of a problem; raises InvalidProblem where a pinned set cannot stand."""
    near = near_anyone(problem)
    remaining = near.copy()
    remaining[[unit for group in problem.frozen for unit in group]] = False
    able = near_settled(problem, among=remaining)
    check_pinned(problem, near=near, able=able)
    unit, item_start = _items(problem.units.pinned, np.flatnonzero(able))
    place, code = place_arrays(problem)
    rows = np.concatenate([unit, len(problem.units) + np.arange(len(problem.branches))])
    place, code = place[rows], code[rows]
    reach, limit = rule_arrays(problem)
    frozen = [frozen_host(problem, group) for group in problem.frozen]
    host_street, street_room = _streets(problem, code, [host for host, _ in frozen])
    item_size = _item_sizes(code, item_start)
    forbidden_start, forbidden_item = _forbidden(problem, unit, item_start)
    return Instance(
        unit=unit,
        place=place,
        code=code,
        reach=reach,
        limit=limit,
        item_start=item_start,
        item_size=item_size,
        penalty=item_size[:, 0].astype(np.float64) * problem.rules.left_out_mm,
        branch_free=np.stack([problem.branches.free_units, problem.branches.free_members], axis=1),
        base=_own_costs(place, code, reach, item_start),
        forbidden_start=forbidden_start,
        forbidden_item=forbidden_item,
        host_street=host_street,
        street_room=street_room,
        too_few_near=~near,
        settled_mm=float((remaining & ~able).sum()) * problem.rules.left_out_mm
        + sum(cost for _, cost in frozen),
    )


def _items(pinned: Ints, units: Ints) -> tuple[Ints, Ints]:
    """Return the units item by item, items in the order of their first unit, and the items' starts."""
    first = np.arange(len(pinned))
    for number in np.unique(pinned[units][pinned[units] != NONE]):
        together = units[pinned[units] == number]
        first[together] = together[0]
    order = np.lexsort([units, first[units]])
    ordered = units[order]
    starts = np.flatnonzero(np.diff(first[ordered], prepend=-1))
    return ordered, np.append(starts, len(ordered)).astype(np.int64)


def _item_sizes(code: Ints, item_start: Ints) -> Ints:
    sums = np.concatenate([[0], np.cumsum(code[:, 0])])
    return np.stack([np.diff(item_start), sums[item_start[1:]] - sums[item_start[:-1]]], axis=1)


def _forbidden(problem: GroupingProblem, unit: Ints, item_start: Ints) -> tuple[Ints, Ints]:
    item = np.full(len(problem.units), NONE, np.int64)
    item[unit] = np.repeat(np.arange(len(item_start) - 1), np.diff(item_start))
    pairs = item[problem.forbidden]
    return row_lists(pairs[(pairs >= 0).all(axis=1)], len(item_start) - 1)


def _streets(problem: GroupingProblem, code: Ints, frozen_hosts: list[int]) -> tuple[Ints, Ints]:
    """Return the limited street of each host and how many new groups each may still have."""
    limits = dict(sorted(problem.rules.new_groups_per_street.items()))
    made = problem.units.street[frozen_hosts].tolist()
    index = {street: at for at, street in enumerate(limits)}
    room = [max(0, limit - made.count(street)) for street, limit in limits.items()]
    of_host = [index.get(street, NONE) for street in code[:, 2].tolist()]
    return np.array(of_host, np.int64), np.array(room, np.int64)


def _own_costs(place: Floats, code: Ints, reach: Floats, item_start: Ints) -> Floats:
    costs = np.zeros(len(place))
    for item in np.flatnonzero(np.diff(item_start) > 1).tolist():
        for host in range(item_start[item], item_start[item + 1]):
            costs[host] = item_cost(place, code, reach, item_start, item, host)
    return costs
