"""A small problem that takes every compiled loop once."""

import numpy as np

from liangxin.optimize.grouping.problem import NONE, Branches, GroupingProblem, Units

SIZE = 12


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
