"""Who may reach whom, over all pairs: the arrays of a problem and which units any group could take."""

import numpy as np

from liangxin.optimize.grouping._kernels import ROW, SQUARES, Buckets, groupable, way
from liangxin.optimize.grouping.problem import Flags, Floats, GroupingProblem, Ints

WIDER_M = 1e-3  # so that rounding puts nobody within the radius a square too far
MOST_SQUARES = 1 << 29  # in a row, so that keys fit


def place_arrays(problem: GroupingProblem) -> tuple[Floats, Ints]:
    """Return (x, y) and (members, site, street, industry, may host) of units, then of branches."""
    units, branches = problem.units, problem.branches
    place = np.concatenate(
        [
            np.stack([units.x_m, units.y_m], axis=1),
            np.stack([branches.x_m, branches.y_m], axis=1),
        ]
    ).astype(np.float64)
    none = np.zeros(len(branches), np.int64)
    columns = (
        (units.members, none),
        (units.site, branches.site),
        (units.street, branches.street),
        (units.industry, branches.industry),
        (units.may_host, none + 1),
    )
    code = np.stack([np.concatenate(pair).astype(np.int64) for pair in columns], axis=1)
    return place, code


def rule_arrays(problem: GroupingProblem) -> tuple[Floats, Ints]:
    """Return (radii, weights, extra cost) and (fewest, usual, hardest units; fewest, most members)."""
    rules = problem.rules
    reach = np.array(
        [
            rules.street_radius_m,
            rules.industry_radius_m,
            rules.site_weight,
            rules.street_weight,
            rules.industry_weight,
            rules.extra_unit_mm,
        ]
    )
    most = min(rules.max_members, max(int(problem.units.members.sum()), rules.min_members))
    limit = np.array(
        [rules.min_units, rules.max_units, rules.largest_units, rules.min_members, most], np.int64
    )
    return reach, limit


def buckets(place: Floats, code: Ints, reach: Floats) -> Buckets:
    """Return who shares a site, a street, an industry with whom, each in the order of its squares."""
    of = np.full((len(code), 3), -1, np.int64)
    square = np.zeros((len(code), 3), np.int64)
    starts, inside, keys, count, placed = [np.zeros(1, np.int64)], [], [], 0, 0
    for kind in range(3):
        column = code[:, kind + 1]
        known = np.flatnonzero(column >= 0)
        if kind > 0:
            square[:, kind] = _squares(place, radius_m=float(reach[kind - 1]))
        values, which = np.unique(column[known], return_inverse=True)
        of[known, kind] = count + which
        order = known[np.lexsort([square[known, kind], which])]
        inside.append(order)
        keys.append(square[order, kind])
        starts.append(placed + np.cumsum(np.bincount(which, minlength=len(values))))
        count, placed = count + len(values), placed + len(order)
    units = np.concatenate(inside)
    return np.concatenate(starts), units, of, np.concatenate(keys), square, place[units], place


def _squares(place: Floats, *, radius_m: float) -> Ints:
    """Return the key of each place's square; squares are a little wider than the part of a radius."""
    if not len(place):
        return np.zeros(0, np.int64)
    span_m = float(np.ptp(place, axis=0).max())
    width_m = max(radius_m / SQUARES + WIDER_M, span_m / MOST_SQUARES)
    x, y = np.floor((place - place.min(axis=0)) / width_m).astype(np.int64).T
    return np.asarray((x + SQUARES) * ROW + y + SQUARES, np.int64)


def near_anyone(problem: GroupingProblem) -> Flags:
    """Say of each unit whether reach, sizes and free places allow any group that holds it."""
    everyone = np.ones(len(problem.units), np.bool_)
    return _possible(problem, among=everyone, hosts=everyone, forbidden=np.zeros((0, 2), np.int64))


def near_settled(problem: GroupingProblem, *, among: Flags) -> Flags:
    """The same among the units given, with who may host and which hosts are forbidden to whom."""
    return _possible(
        problem, among=among, hosts=problem.units.may_host, forbidden=problem.forbidden
    )


def _possible(problem: GroupingProblem, *, among: Flags, hosts: Flags, forbidden: Ints) -> Flags:
    place, code = place_arrays(problem)
    reach, limit = rule_arrays(problem)
    rows = np.flatnonzero(among)
    new_row = np.full(len(problem.units), -1, np.int64)
    new_row[rows] = np.arange(len(rows))
    pairs = new_row[forbidden]
    found = groupable(
        code[rows],
        hosts[rows],
        reach,
        limit,
        buckets(place[rows], code[rows], reach),
        *row_lists(pairs[(pairs >= 0).all(axis=1)], len(rows)),
    )
    possible = np.zeros(len(problem.units), np.bool_)
    possible[rows[found]] = True
    return possible | (among & _near_branch(problem, place, code, reach))


def _near_branch(problem: GroupingProblem, place: Floats, code: Ints, reach: Floats) -> Flags:
    """Say of each unit whether an existing branch with free places is within its reach."""
    size, branches = len(problem.units), problem.branches
    near = np.zeros(size, np.bool_)
    for branch in range(len(branches)):
        if branches.free_units[branch] < 1:
            continue
        fits = code[:size, 0] <= branches.free_members[branch]
        for unit in np.flatnonzero(fits & ~near).tolist():
            near[unit] = way(place, code, reach, unit, size + branch) < np.inf
    return near


def row_lists(pairs: Ints, rows: int) -> tuple[Ints, Ints]:
    """Return starts and partners, both ways, of pairs of rows."""
    both = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
    start = np.searchsorted(both[:, 0], np.arange(rows + 1))
    return start.astype(np.int64), np.ascontiguousarray(both[:, 1])
