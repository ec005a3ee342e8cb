"""Compiling beforehand: a small problem that takes every compiled loop once."""

import numpy as np

from liangxin.optimize.grouping.instance import flatten
from liangxin.optimize.grouping.lifting import LEAST_EFFORT
from liangxin.optimize.grouping.pace import Pace
from liangxin.optimize.grouping.problem import NONE, Branches, GroupingProblem, Units
from liangxin.optimize.grouping.replan import Star, replan
from liangxin.optimize.grouping.solve import solve
from liangxin.optimize.grouping.tiled import solve_tiles
from liangxin.optimize.stop import Stop
from liangxin.optimize.team import ALONE

SIZE = 12


def warm_up() -> None:
    """Compile the loops; once per machine, because what is compiled is kept beside the code."""
    problem, little = small_problem(), Stop(effort=LEAST_EFFORT)
    solve(problem, stop=little)
    solve_tiles(flatten(problem), seed=1, pace=Pace(little), team=ALONE)
    replan(problem, before=[Star((6, 7), 7)], stop=little)


def small_problem() -> GroupingProblem:
    """Return twelve units in a row, a pinned pair, a forbidden pair and an existing branch."""
    ranks = np.arange(SIZE, dtype=np.int64)
    pinned = np.full(SIZE, NONE, np.int64)
    pinned[:2] = 0
    none = np.zeros(1, np.int64)
    units = Units(
        ids=tuple(f"U{rank}" for rank in ranks),
        members=1 + ranks % 2,
        x_m=100.0 * ranks.astype(np.float64),
        y_m=np.zeros(SIZE),
        site=ranks // 2,
        street=np.zeros(SIZE, np.int64),
        industry=ranks % 3,
        may_host=np.ones(SIZE, np.bool_),
        pinned=pinned,
    )
    branch = Branches(
        ids=("B0",),
        x_m=np.zeros(1),
        y_m=np.zeros(1),
        site=none + NONE,
        street=none,
        industry=none + NONE,
        free_units=none + 2,
        free_members=none + 4,
    )
    return GroupingProblem(units=units, branches=branch, forbidden=np.array([[4, 5]], np.int64))
