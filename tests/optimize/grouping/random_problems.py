"""Tiny random problems with every option, and the cost of their best plan by trying all partings."""

from collections.abc import Iterator
from itertools import combinations
from math import inf

import numpy as np

from liangxin.optimize.grouping.problem import NONE, Branches, GroupingProblem, Rules, Units


def random_problem(seed: int, *, most_units: int = 10, has_options: bool = True) -> GroupingProblem:
    """A problem of three to `most_units` units within two kilometres; some options are often on."""
    random = np.random.default_rng(seed)
    size = int(random.integers(3, most_units + 1))
    site = random.integers(NONE, 4, size)
    x_m, y_m = random.integers(0, 20, size) * 100.0, random.integers(0, 20, size) * 100.0
    for code in range(4):
        x_m[site == code], y_m[site == code] = code * 300.0, code * 200.0

    def sometimes(share: float) -> bool:
        return bool(has_options and random.random() < share)

    pinned = np.full(size, NONE)
    if sometimes(0.3):
        pinned[random.choice(size, 2, replace=False)] = 7
    pairs = random.integers(0, size, (3, 2)) if sometimes(0.5) else np.zeros((0, 2), np.int64)
    free = np.flatnonzero(pinned == NONE)
    frozen = tuple(random.choice(free, 2, replace=False).tolist()) if len(free) > 4 else ()
    largest = 6 if sometimes(0.3) else 5
    limits = {0: int(random.integers(0, 3))} if sometimes(0.3) else {}
    return GroupingProblem(
        units=Units(
            ids=tuple(f"U{at}" for at in range(size)),
            members=random.integers(1, 3, size),
            x_m=x_m,
            y_m=y_m,
            site=site,
            street=random.integers(NONE, 2, size),
            industry=random.integers(NONE, 3, size),
            may_host=random.random(size) < 0.8 if sometimes(0.4) else np.ones(size, np.bool_),
            pinned=pinned,
        ),
        rules=Rules(
            left_out_mm=float(random.choice([500.0, 20000.0])),
            min_members=int(random.integers(2, 5)) if sometimes(0.3) else 3,
            max_members=6 if sometimes(0.2) else 50,
            min_units=3 if sometimes(0.2) else 2,
            max_units=4 if sometimes(0.3) else 5,
            largest_units=largest,
            industry_weight=float(random.choice([0.5, 1.0, 2.0])),
            new_groups_per_street=limits,
        ),
        branches=_branch(random) if sometimes(0.4) else Branches(),
        forbidden=pairs[pairs[:, 0] != pairs[:, 1]],
        frozen=(frozen,) if frozen and sometimes(0.3) else (),
    )


def _branch(random: np.random.Generator) -> Branches:
    return Branches(
        ids=("支部甲",),
        x_m=np.array([float(random.integers(0, 2000))]),
        y_m=np.array([float(random.integers(0, 2000))]),
        site=np.array([int(random.integers(NONE, 4))]),
        street=np.array([int(random.integers(0, 2))]),
        industry=np.array([int(random.integers(0, 3))]),
        free_units=np.array([int(random.integers(0, 4))]),
        free_members=np.array([int(random.integers(0, 6))]),
    )


class AllPartings:
    """The least objective over every lawful plan, by trying them all; shares no code with the solver."""

    def __init__(self, problem: GroupingProblem, *, free_of_charge: frozenset[int]) -> None:
        self.problem, self.rules = problem, problem.rules
        self.free_of_charge = free_of_charge
        pairs = problem.forbidden.tolist()
        self.forbidden = {frozenset(pair) for pair in pairs}
        self.frozen = {unit for group in problem.frozen for unit in group}

    def least(self) -> float:
        """Return the least cost; the frozen groups are part of it."""
        made, cost = dict(self.rules.new_groups_per_street), 0.0
        for group in self.problem.frozen:
            host, part = min(self._frozen(group), key=lambda found: found[1])
            cost += part
            street = int(self.problem.units.street[host])
            if street in made:
                made[street] = max(0, made[street] - 1)
        left = frozenset(range(len(self.problem.units))) - self.frozen
        return cost + self._best(left, tuple(sorted(made.items())), branch_is_open=True)

    def _best(
        self, left: frozenset[int], room: tuple[tuple[int, int], ...], *, branch_is_open: bool
    ) -> float:
        if not left:
            return 0.0
        first = min(left)
        best = self._fine(first) + self._best(left - {first}, room, branch_is_open=branch_is_open)
        for units in self._sets_with(first, left):
            for host in units:
                cost = self._group_cost(units, host)
                after = self._after(room, int(self.problem.units.street[host]))
                if cost < best and after is not None:
                    rest = self._best(left - set(units), after, branch_is_open=branch_is_open)
                    best = min(best, cost + rest)
            cost = self._branch_cost(units) if branch_is_open else inf
            if cost < best:
                best = min(best, cost + self._best(left - set(units), room, branch_is_open=False))
        return best

    def _fine(self, unit: int) -> float:
        return 0.0 if unit in self.free_of_charge else self.rules.left_out_mm

    def _sets_with(self, first: int, left: frozenset[int]) -> Iterator[tuple[int, ...]]:
        others = sorted(left - {first})
        for more in range(self.rules.largest_units):
            for chosen in combinations(others, more):
                units = (first, *chosen)
                if self._is_allowed(units):
                    yield units

    def _is_allowed(self, units: tuple[int, ...]) -> bool:
        numbers = self.problem.units.pinned
        for number in {int(numbers[unit]) for unit in units} - {NONE}:
            if not set(np.flatnonzero(numbers == number).tolist()) <= set(units):
                return False
        pairs = (frozenset(pair) for pair in combinations(units, 2))
        return not any(pair in self.forbidden for pair in pairs)

    def _after(
        self, room: tuple[tuple[int, int], ...], street: int
    ) -> tuple[tuple[int, int], ...] | None:
        if dict(room).get(street, 1) <= 0:
            return None
        return tuple((code, count - (code == street)) for code, count in room)

    def _group_cost(self, units: tuple[int, ...], host: int) -> float:
        rules, members = self.rules, int(self.problem.units.members[list(units)].sum())
        if not rules.min_units <= len(units) <= rules.largest_units:
            return inf
        if not rules.min_members <= members <= rules.max_members:
            return inf
        if not self.problem.units.may_host[host]:
            return inf
        extra = max(0, len(units) - rules.max_units) * rules.extra_unit_mm
        return extra + self._travel(units, self.problem.units, host)

    def _branch_cost(self, units: tuple[int, ...]) -> float:
        branches = self.problem.branches
        members = int(self.problem.units.members[list(units)].sum())
        if not len(branches) or len(units) > branches.free_units[0]:
            return inf
        if members > branches.free_members[0]:
            return inf
        return self._travel(units, branches, 0)

    def _travel(self, units: tuple[int, ...], ends: Units | Branches, end: int) -> float:
        total = 0.0
        for unit in units:
            if ends is not self.problem.units or unit != end:
                total += float(self.problem.units.members[unit]) * self._way(unit, ends, end)
        return total

    def _way(self, unit: int, ends: Units | Branches, end: int) -> float:
        units, rules = self.problem.units, self.rules
        metres = float(np.hypot(units.x_m[unit] - ends.x_m[end], units.y_m[unit] - ends.y_m[end]))
        if units.site[unit] == ends.site[end] != NONE:
            return 0.0
        ways = [inf]
        if units.street[unit] == ends.street[end] != NONE and metres <= rules.street_radius_m:
            ways.append(metres * rules.street_weight)
        if units.industry[unit] == ends.industry[end] != NONE and metres <= rules.industry_radius_m:
            ways.append(metres * rules.industry_weight)
        return min(ways)

    def _frozen(self, group: tuple[int, ...]) -> Iterator[tuple[int, float]]:
        units, rules = self.problem.units, self.rules
        for host in [unit for unit in group if units.may_host[unit]] or group:
            cost = max(0, len(group) - rules.max_units) * rules.extra_unit_mm
            for unit in group:
                if unit != host:
                    way = self._way(unit, units, host)
                    straight = np.hypot(
                        units.x_m[unit] - units.x_m[host], units.y_m[unit] - units.y_m[host]
                    )
                    way = way if way < inf else float(straight) * rules.industry_weight
                    cost += float(units.members[unit]) * way
            yield host, cost


def scattered(size: int, *, seed: int) -> Units:
    """Units strewn over three kilometres in two streets and five trades, each at a place of its own."""
    random = np.random.default_rng(seed)
    return Units(
        ids=tuple(f"U{at}" for at in range(size)),
        members=random.integers(1, 3, size),
        x_m=random.uniform(0, 3000, size),
        y_m=random.uniform(0, 3000, size),
        site=np.full(size, NONE),
        street=random.integers(0, 2, size),
        industry=random.integers(0, 5, size),
        may_host=np.ones(size, np.bool_),
        pinned=np.full(size, NONE),
    )
