"""The proven optimum of a small problem without options: HiGHS over every lawful group."""

from itertools import combinations

import highspy
import numpy as np

from liangxin.optimize.grouping.problem import GroupingProblem


def least_cost(problem: GroupingProblem) -> float:
    """Return the least objective; every unit is in one group or left out at its price."""
    columns = _all_groups(problem)
    size = len(problem.units)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    for _ in range(size):
        solver.addRow(1.0, 1.0, 0, np.zeros(0, np.int32), np.zeros(0))
    for units, cost in [*columns, *(((u,), problem.rules.left_out_mm) for u in range(size))]:
        rows = np.array(units, np.int32)
        solver.addCol(cost, 0.0, 1.0, len(rows), rows, np.ones(len(rows)))
        solver.changeColIntegrality(solver.getNumCol() - 1, highspy.HighsVarType.kInteger)
    solver.run()
    return float(solver.getInfo().objective_function_value)


def _all_groups(problem: GroupingProblem) -> list[tuple[tuple[int, ...], float]]:
    ways = _ways(problem)
    rules, members = problem.rules, problem.units.members
    best: dict[tuple[int, ...], float] = {}
    for host in range(len(problem.units)):
        near = [unit for unit in np.flatnonzero(np.isfinite(ways[:, host])) if unit != host]
        for count in range(rules.min_units - 1, rules.largest_units):
            for others in combinations(near, count):
                units = tuple(sorted((host, *(int(unit) for unit in others))))
                cost = float(sum(members[unit] * ways[unit, host] for unit in units))
                if members[list(units)].sum() >= rules.min_members and cost < 4000.0:
                    best[units] = min(cost, best.get(units, np.inf))
    return sorted(best.items())


def _ways(problem: GroupingProblem) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    units, rules = problem.units, problem.rules
    metres = np.hypot(
        units.x_m[:, None] - units.x_m[None, :], units.y_m[:, None] - units.y_m[None, :]
    )
    street = (units.street[:, None] == units.street[None, :]) & (metres <= rules.street_radius_m)
    industry = units.industry[:, None] == units.industry[None, :]
    open_way = street | (industry & (metres <= rules.industry_radius_m))
    ways = np.where(open_way, metres, np.inf)
    np.fill_diagonal(ways, 0.0)
    return ways
