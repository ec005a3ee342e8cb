# ruff: noqa: C901, PLR0913 - one loop compiles to faster code than many small ones
"""The compiled loop that finds the best new branch around one host."""

import numpy as np
from numba import njit

from liangxin.optimize.targets.problem import Floats, Ints


@njit(cache=True)
def best_star(
    members: Ints,
    value: Floats,
    price: Floats,
    host_only: bool,
    limit: Ints,
    wanted: int,
    chosen: Ints,
) -> float:
    """Return the greatest value of a lawful branch, -inf where there is none; item 0 is the host.

    `value` is what each item is worth, `price` what each new member of it costs. With `host_only` the
    new members are all the host's. `limit` is (most units, fewest members, most members, most new).
    `wanted` is -1, or the state (units - 1, members today, new members, as one number) asked for.
    `chosen` takes, for each item, its new members, or -1 where it stands outside.
    """
    most_units, fewest, most, most_new = limit[0], limit[1], limit[2], limit[3]
    count = len(members)
    states = most_units * fewest * (most_new + 1)
    best = np.full((count + 1, states), -np.inf)
    made = np.full((count + 1, states), -2, np.int64)
    for item in range(count):
        for state in range(states):
            if item > 0 and best[item, state] > best[item + 1, state]:
                best[item + 1, state] = best[item, state]
                made[item + 1, state] = -1
        least = 0 if members[item] > 0 else 1
        hardest = most_new if item == 0 or not host_only else 0
        for new in range(least, hardest + 1):
            gained = value[item] - new * price[item]
            if item == 0:
                if members[0] < fewest and new <= most_new:
                    state = members[0] * (most_new + 1) + new  # one unit: block 0
                    if gained > best[1, state]:
                        best[1, state] = gained
                        made[1, state] = new
                continue
            for units in range(most_units - 1):
                for today in range(fewest - members[item]):
                    for added in range(most_new + 1 - new):
                        old = (units * fewest + today) * (most_new + 1) + added
                        if best[item, old] == -np.inf:
                            continue
                        state = (
                            ((units + 1) * fewest + today + members[item]) * (most_new + 1)
                            + added
                            + new
                        )
                        if best[item, old] + gained > best[item + 1, state]:
                            best[item + 1, state] = best[item, old] + gained
                            made[item + 1, state] = new
    end, found = -1, -np.inf
    for state in range(states):
        added = state % (most_new + 1)
        total = state // (most_new + 1) % fewest + added
        if wanted >= 0 and state != wanted:
            continue
        if added > 0 and fewest <= total <= most and best[count, state] > found:
            end, found = state, best[count, state]
    if end < 0:
        return -np.inf
    state = end
    for item in range(count - 1, -1, -1):
        new = made[item + 1, state]
        chosen[item] = new
        if new >= 0:
            state -= fewest * (most_new + 1) + members[item] * (most_new + 1) + new
    return found
