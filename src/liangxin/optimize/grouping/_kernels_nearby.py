"""Compiled look around: which groups of a plan stand near an item. Arrays as in `_kernels_search`."""

import numpy as np

from liangxin.optimize.grouping._kernels import way
from liangxin.optimize.grouping._kernels_search import OUT, PlanArrays, Problem
from liangxin.optimize.grouping.compiled import compiled
from liangxin.optimize.grouping.problem import Flags, Ints


@compiled
def mark_near_groups(
    problem: Problem, plan: PlanArrays, askers: Ints, near: Ints, most: int, inside: Flags
) -> None:
    """Mark the items of the first `most` groups that each asker can reach, in the order of `near`."""
    place, code, reach, limit, item_start, item_size = problem[0]
    where, rows, hosts, costs, places, street_free, spare = plan
    seen = np.empty(most, np.int64)
    for row in range(len(askers)):
        unit, count = item_start[askers[row]], 0
        for item in near[row]:
            group = where[item]
            if group <= OUT or count == most:
                continue
            is_known = False
            for at in range(count):
                is_known |= seen[at] == group
            reached = min(
                way(place, code, reach, unit, hosts[group]),
                way(place, code, reach, unit, item_start[item]),
            )
            if is_known or reached == np.inf:
                continue
            seen[count] = group
            count += 1
            for other in rows[group]:
                if other >= 0:
                    inside[other] = True
