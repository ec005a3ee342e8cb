"""Choose targets: columns found by exact pricing, a linear bound, then whole columns by HiGHS."""

import time
from collections.abc import Callable

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from liangxin.optimize.stop import OnProgress, Stop
from liangxin.optimize.targets.bound import branches_of_every_size, priced
from liangxin.optimize.targets.columns import Columns, first_target
from liangxin.optimize.targets.problem import Floats, TargetProblem
from liangxin.optimize.targets.reach import Reach, reach_of
from liangxin.optimize.targets.solution import Solution, Target

VERSION = "targets-1"
USUAL_ROUNDS = 60
USUAL_NODES = 2000
SLACK = 1e-9  # of the greatest gain: a column worth no more than that changes nothing
CLOSE = 1e-5  # a gap that is not worth a second search
MARKS = (0.05, 0.8)  # shares of the work: pricing ends at the second


class NoLinearAnswer(RuntimeError):
    """HiGHS gave no answer to a packing that always has one."""


def solve(
    problem: TargetProblem, *, stop: Stop | None = None, on_progress: OnProgress | None = None
) -> Solution:
    """Return targets of nearly the greatest value, with a bound over every lawful choice.

    `stop.effort` multiplies rounds of pricing and nodes of branching; deterministic for an effort.
    """
    stop, tell = stop or Stop(), on_progress or (lambda share: None)
    started_s = time.perf_counter()
    reach = reach_of(problem)
    tell(MARKS[0])
    columns = _with_first_members(problem)
    bound, rounds = _priced_out(problem, reach, columns, stop=stop, tell=tell)
    nodes = max(1, round(USUAL_NODES * stop.effort))
    chosen = _whole(columns, nodes=nodes)
    if bound - _total(chosen) > CLOSE * bound:
        _widen(problem, reach, columns)
        chosen = _whole(columns, nodes=nodes)
    tell(1.0)
    return Solution(
        targets=tuple(sorted(chosen, key=lambda target: target.units)),
        objective=_total(chosen),
        bound=bound,
        seconds=time.perf_counter() - started_s,
        rounds=rounds,
    )


def _total(targets: list[Target]) -> float:
    return sum((target.value for target in targets), 0.0)


def _with_first_members(problem: TargetProblem) -> Columns:
    columns, firms = Columns(problem), problem.firms
    for unit in np.flatnonzero((firms.first_gain > 0) & (firms.members == 0)).tolist():
        target = first_target(problem, unit)
        if target.value > 0:
            columns.add(target)
    return columns


def _priced_out(
    problem: TargetProblem,
    reach: Reach,
    columns: Columns,
    *,
    stop: Stop,
    tell: Callable[[float], None],
) -> tuple[float, int]:
    """Add columns until none is worth more than its prices; return the least bound and the rounds."""
    slack = SLACK * max(1.0, float(problem.firms.gain.max(initial=0.0)))
    most = max(1, round(USUAL_ROUNDS * stop.effort))
    bound = np.inf
    for number in range(1, most + 1):
        found = priced(problem, reach, columns, columns.prices(_duals(columns)), slack=slack)
        bound = min(bound, found.bound)
        tell(MARKS[0] + (MARKS[1] - MARKS[0]) * number / most)
        # All of them are added first: `any` over a generator would stop at the first new one.
        new = [columns.add(target) for target in found.targets]
        if not any(new):
            return bound, number
    return bound, most


def _widen(problem: TargetProblem, reach: Reach, columns: Columns) -> None:
    """Add the best branch of every size around each host: fractions fit together, whole ones may not."""
    prices = columns.prices(_duals(columns))
    for star in reach.stars:
        for target in branches_of_every_size(problem, star, prices):
            columns.add(target)


def _duals(columns: Columns) -> Floats:
    taken, there = columns.rows()
    if not columns.targets:
        return np.zeros(len(there))
    found = linprog(-columns.values, A_ub=taken, b_ub=there, bounds=(0, None), method="highs")
    if found.status != 0:
        raise NoLinearAnswer(found.message)
    duals: Floats = np.maximum(0.0, -found.ineqlin.marginals)
    return duals


def _whole(columns: Columns, *, nodes: int) -> list[Target]:
    """Whole targets of the columns; greedy where branching finds nothing."""
    if not columns.targets:
        return []
    taken, there = columns.rows()
    found = milp(
        -columns.values,
        integrality=np.ones(len(columns.targets)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(taken, -np.inf, there),
        options={"node_limit": nodes, "mip_rel_gap": 1e-7},
    )
    if found.x is None:
        return _greedy(columns)
    return [columns.targets[place] for place in np.flatnonzero(found.x > 0.5).tolist()]


def _greedy(columns: Columns) -> list[Target]:
    taken, there = columns.rows()
    taken_by = taken.tocsc()
    left, chosen = there.copy(), []
    for place in np.argsort(-columns.values, kind="stable").tolist():
        start, end = taken_by.indptr[place], taken_by.indptr[place + 1]
        rows, amounts = taken_by.indices[start:end], taken_by.data[start:end]
        if (left[rows] >= amounts).all() and columns.targets[place].value > 0:
            left[rows] -= amounts
            chosen.append(columns.targets[place])
    return chosen
