"""Who may reach whom, over all pairs: the arrays of a problem and which units any group could take."""

import numpy as np

from liangxin.optimize.grouping._kernels import groupable, way
from liangxin.optimize.grouping.problem import Flags, Floats, GroupingProblem, Ints


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


def buckets(code: Ints) -> tuple[Ints, Ints, Ints]:
    """Return starts and members of the buckets of equal site, street, industry, and who is in which."""
    of = np.full((len(code), 3), -1, np.int64)
    start, inside, count = [np.zeros(1, np.int64)], [], 0
    for kind in range(3):
        column = code[:, kind + 1]
        known = np.flatnonzero(column >= 0)
        values, which = np.unique(column[known], return_inverse=True)
        of[known, kind] = count + which
        inside.append(known[np.argsort(which, kind="stable")])
        before = sum(map(len, inside[:-1]))
        start.append(before + np.cumsum(np.bincount(which, minlength=len(values))))
        count += len(values)
    return np.concatenate(start), np.concatenate(inside), of


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
        place[rows],
        code[rows],
        hosts[rows],
        reach,
        limit,
        *buckets(code[rows]),
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
