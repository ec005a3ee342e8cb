"""The common repair: any clustering made a lawful plan. `python repair.py FILE LABELS` prints its figures.

A star is a host and units that may reach it; a group costs its cheapest star. One procedure for all:

1. Cut. A cluster that is one lawful star is kept. From any other the cheapest star per member is taken
   again and again (each host with its nearest of the cluster, as few as make up the members); the
   rest is left.
2. Found. Units left found stars with one another in the same way, cheapest per member first, among
   their 60 nearest.
3. Join. Each unit left joins the group where that costs least, among those of its 60 nearest and, if
   none takes it, of all units: group and unit are parted anew into one or two lawful stars. Rounds
   go on until nobody joins.
4. Steps 2 and 3 are also tried the other way round; the cheaper plan stands.

Units still left that some group could take pay the penalty. The plan is held to `check.faults`.
"""

import json
import sys
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray
from ours import figures
from question import read_problem
from scipy.spatial import cKDTree

from liangxin.optimize.grouping.problem import GroupingProblem
from liangxin.optimize.grouping.solution import Group, LeftOut, LeftOutReason, Mode, Solution

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEAREST = 60
MOST_UNITS, LEAST_UNITS, LEAST_MEMBERS = 5, 2, 3


def main(file: str, labels: str) -> None:
    """Repair the clusters of one instance and print the plan's figures."""
    problem = read_problem(Path(file))
    clusters = np.load(labels)
    plans = [_repaired(problem, clusters, is_founding_first=first) for first in (True, False)]
    best = min(plans, key=lambda plan: plan.objective_mm)
    broken = sum(not _is_lawful(problem, cluster) for cluster in _members_of(clusters))
    numbers = {"clusters": len(_members_of(clusters)), "broken": broken}
    print(json.dumps({**numbers, **figures(problem, best)}))


def _members_of(labels: Ints) -> list[Ints]:
    order = np.argsort(labels, kind="stable")
    values, starts = np.unique(labels[order], return_index=True)
    parts = np.split(order, starts[1:])
    return [part for value, part in zip(values.tolist(), parts, strict=True) if value >= 0]


def _is_lawful(problem: GroupingProblem, cluster: Ints) -> bool:
    return bool(best_star(*_arrays(problem), cluster)[0] < np.inf)


def _arrays(problem: GroupingProblem) -> tuple[Floats, Ints, Floats]:
    units, rules = problem.units, problem.rules
    place = np.column_stack([units.x_m, units.y_m])
    code = np.column_stack([units.members, units.site, units.street, units.industry])
    radii = np.array([rules.street_radius_m, rules.industry_radius_m])
    return np.ascontiguousarray(place), np.ascontiguousarray(code.astype(np.int64)), radii


def _repaired(problem: GroupingProblem, clusters: Ints, *, is_founding_first: bool) -> Solution:
    arrays, size = _arrays(problem), len(problem.units)
    groups = Groups(size)
    for cluster in _members_of(clusters):
        cut(*arrays, cluster, *groups.arrays)
    near = cKDTree(arrays[0]).query(arrays[0], k=min(NEAREST, size))[1].astype(np.int64)
    near = near.reshape(size, -1)
    if is_founding_first:
        found_near(*arrays, near, *groups.arrays)
    join_near(*arrays, near, *groups.arrays)
    found_near(*arrays, near, *groups.arrays)
    everybody = np.arange(size)
    left = np.flatnonzero(groups.of < 0)
    while len(left):
        for unit in left.tolist():
            around = everybody[ways_from(*arrays, unit) < np.inf]
            found_around(*arrays, unit, around, *groups.arrays)
            join_around(*arrays, unit, around, *groups.arrays)
        before, left = len(left), np.flatnonzero(groups.of < 0)
        if len(left) == before:
            break
    return _solution(problem, groups)


class Groups:
    """Which group each unit is in (-1: none), and the units of each group (-1 where fewer than five)."""

    def __init__(self, size: int) -> None:
        self.of = np.full(size, -1, np.int64)
        self.rows = np.full((size, MOST_UNITS), -1, np.int64)
        self.count = np.zeros(1, np.int64)

    @property
    def arrays(self) -> tuple[Ints, Ints, Ints]:
        return self.of, self.rows, self.count


# ---- loops


@njit(cache=True)
def way(place, code, radii, unit, host):
    """Metres from a unit to a host; infinite where it may not reach it."""
    if unit == host or code[unit, 1] == code[host, 1] >= 0:
        return 0.0
    metres = np.hypot(place[unit, 0] - place[host, 0], place[unit, 1] - place[host, 1])
    if code[unit, 2] == code[host, 2] >= 0 and metres <= radii[0]:
        return metres
    if code[unit, 3] == code[host, 3] >= 0 and metres <= radii[1]:
        return metres
    return np.inf


@njit(cache=True)
def ways_from(place, code, radii, unit):
    """Metres from a unit to every other."""
    metres = np.empty(len(place))
    for host in range(len(place)):
        metres[host] = way(place, code, radii, unit, host)
    return metres


@njit(cache=True)
def best_star(place, code, radii, units):
    """Return the cost of the units as one group (infinite where unlawful) and its host."""
    best, chosen, members = np.inf, -1, 0
    for unit in units:
        members += code[unit, 0]
    if len(units) < LEAST_UNITS or len(units) > MOST_UNITS or members < LEAST_MEMBERS:
        return best, chosen
    for host in units:
        cost = 0.0
        for unit in units:
            cost += code[unit, 0] * way(place, code, radii, unit, host)
        if cost < best:
            best, chosen = cost, host
    return best, chosen


@njit(cache=True)
def best_parting(place, code, radii, units):
    """Return the least cost of the units as one or two groups, and the units of the first (bits)."""
    whole = (1 << len(units)) - 1
    best, first = best_star(place, code, radii, units)[0], whole
    for bits in range(1, whole, 2):  # the first unit is always in the first part
        size = 0
        for at in range(len(units)):
            size += (bits >> at) & 1
        if size < LEAST_UNITS or len(units) - size < LEAST_UNITS:
            continue
        one, other = np.empty(size, np.int64), np.empty(len(units) - size, np.int64)
        in_one = in_other = 0
        for at in range(len(units)):
            if (bits >> at) & 1:
                one[in_one] = units[at]
                in_one += 1
            else:
                other[in_other] = units[at]
                in_other += 1
        cost = best_star(place, code, radii, one)[0]
        if cost < best:
            cost += best_star(place, code, radii, other)[0]
            if cost < best:
                best, first = cost, bits
    return best, first


@njit(cache=True)
def smallest_star(place, code, radii, host, among):
    """Return a host with its nearest of the units given, as few as make up the members, and its cost."""
    metres = np.empty(len(among))
    for at in range(len(among)):
        metres[at] = np.inf
        if among[at] != host:
            metres[at] = way(place, code, radii, among[at], host)
    star, members, cost = [host], code[host, 0], 0.0
    for at in np.argsort(metres, kind="mergesort"):
        if metres[at] == np.inf or members >= LEAST_MEMBERS or len(star) == MOST_UNITS:
            break
        star.append(among[at])
        members += code[among[at], 0]
        cost += code[among[at], 0] * metres[at]
    if members < LEAST_MEMBERS or len(star) < LEAST_UNITS:
        return np.inf, np.zeros(0, np.int64)
    return cost / members, np.array(star)


@njit(cache=True)
def write(units, of, rows, group):
    """Put units into a group's row."""
    rows[group] = -1
    for at in range(len(units)):
        rows[group, at] = units[at]
        of[units[at]] = group


@njit(cache=True)
def found(units, of, rows, count):
    """Begin a group of the units."""
    write(units, of, rows, count[0])
    count[0] += 1


@njit(cache=True)
def cut(place, code, radii, cluster, of, rows, count):
    """Step 1 of one cluster."""
    if best_star(place, code, radii, cluster)[0] < np.inf:
        found(cluster, of, rows, count)
        return
    while True:
        free = cluster[of[cluster] < 0]
        best, chosen = np.inf, np.zeros(0, np.int64)
        for host in free:
            cost, star = smallest_star(place, code, radii, host, free)
            if cost < best:
                best, chosen = cost, star
        if best == np.inf:
            return
        found(chosen, of, rows, count)


@njit(cache=True)
def found_near(place, code, radii, near, of, rows, count):
    """Step 2, in passes: prices of stars are taken once a pass, those still free are founded in order."""
    while True:
        left = np.flatnonzero(of < 0)
        price = np.full(len(left), np.inf)
        for at in range(len(left)):
            around = near[left[at]]
            price[at] = smallest_star(place, code, radii, left[at], around[of[around] < 0])[0]
        before = count[0]
        for at in np.argsort(price, kind="mergesort"):
            if price[at] == np.inf:
                break
            if of[left[at]] >= 0:
                continue
            around = near[left[at]]
            cost, star = smallest_star(place, code, radii, left[at], around[of[around] < 0])
            if cost <= price[at]:  # else its neighbours are gone; the next pass prices it anew
                found(star, of, rows, count)
        if count[0] == before:
            return


@njit(cache=True)
def found_around(place, code, radii, unit, around, of, rows, count):
    """Found one star at a unit left, among the units given."""
    if of[unit] < 0:
        cost, star = smallest_star(place, code, radii, unit, around[of[around] < 0])
        if cost < np.inf:
            found(star, of, rows, count)


@njit(cache=True)
def join_near(place, code, radii, near, of, rows, count):
    """Step 3 among near units, in rounds."""
    while True:
        joined = 0
        for unit in np.flatnonzero(of < 0):
            joined += join_around(place, code, radii, unit, near[unit], of, rows, count)
        if joined == 0:
            return


@njit(cache=True)
def join_around(place, code, radii, unit, around, of, rows, count):
    """Join the cheapest group that one of the units given stands in; 1 where one takes the unit."""
    if of[unit] >= 0:
        return 0
    best, best_group, best_bits = np.inf, -1, 0
    last = -1
    for other in around:
        group = of[other]
        if group < 0 or group == last or way(place, code, radii, unit, other) == np.inf:
            continue
        last = group
        row = rows[group][rows[group] >= 0]
        cost, bits = best_parting(place, code, radii, np.append(row, unit))
        cost -= best_star(place, code, radii, row)[0]
        if cost < best:
            best, best_group, best_bits = cost, group, bits
    if best_group < 0:
        return 0
    units = np.append(rows[best_group][rows[best_group] >= 0], unit)
    is_first = (best_bits >> np.arange(len(units))) & 1
    write(units[is_first == 1], of, rows, best_group)
    if not is_first.all():
        found(units[is_first == 0], of, rows, count)
    return 1


# ---- the plan


def _solution(problem: GroupingProblem, groups: Groups) -> Solution:
    arrays = _arrays(problem)
    rows = (np.sort(row[row >= 0]) for row in groups.rows[: groups.count[0]])
    made = tuple(sorted((_group(problem, arrays, row) for row in rows), key=lambda g: g.units))
    outside = np.flatnonzero(groups.of < 0).tolist()
    left_out = tuple(LeftOut(unit, _reason(arrays, unit)) for unit in outside)
    fined = sum(out.reason is not LeftOutReason.TOO_FEW_NEAR for out in left_out)
    travel_mm = sum(group.cost_mm for group in made)
    return Solution(
        groups=made,
        left_out=left_out,
        objective_mm=travel_mm + fined * problem.rules.left_out_mm,
        bound_mm=0.0,
        seconds=0.0,
        seed=0,
        effort=1.0,
        is_reproducible=True,
    )


def _group(problem: GroupingProblem, arrays: tuple[Floats, Ints, Floats], units: Ints) -> Group:
    cost_mm, host = best_star(*arrays, units)
    ways_m = [float(way(*arrays, unit, host)) for unit in units]
    modes = [_mode(problem, int(unit), int(host), m) for unit, m in zip(units, ways_m, strict=True)]
    return Group(
        units=tuple(units.tolist()),
        host=int(host),
        modes=tuple(modes),
        ways_m=tuple(ways_m),
        members=int(problem.units.members[units].sum()),
        cost_mm=float(cost_mm),
    )


def _mode(problem: GroupingProblem, unit: int, host: int, way_m: float) -> Mode:
    units = problem.units
    if unit == host or units.site[unit] == units.site[host] >= 0:
        return Mode.SITE
    is_street = units.street[unit] == units.street[host] >= 0
    return Mode.STREET if is_street and way_m <= problem.rules.street_radius_m else Mode.INDUSTRY


def _reason(arrays: tuple[Floats, Ints, Floats], unit: int) -> LeftOutReason:
    """Three units, or two with three members, around any host make a group: every unit has a member."""
    members = arrays[1][:, 0]
    around = np.flatnonzero(ways_from(*arrays, unit) < np.inf)
    others = around[around != unit]
    if len(others) > 1:
        return LeftOutReason.TOO_FAR
    for other in others.tolist():
        beyond = np.count_nonzero(ways_from(*arrays, other) < np.inf)
        if members[unit] + members[other] >= LEAST_MEMBERS or beyond > LEAST_UNITS:
            return LeftOutReason.TOO_FAR
    return LeftOutReason.TOO_FEW_NEAR


if __name__ == "__main__":
    main(*sys.argv[1:])
