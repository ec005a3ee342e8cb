# ruff: noqa: C901, SIM110 - one loop compiles to faster code than many small ones
"""Compiled pricing: the best star of each host, and the climb of the prices. Arrays as in `_kernels`."""

import numpy as np

from liangxin.optimize.grouping._kernels import item_cost, near_units
from liangxin.optimize.grouping.compiled import compiled
from liangxin.optimize.grouping.problem import Flags, Floats, Ints

Arcs = tuple[Ints, Ints, Floats]  # starts by host, items, costs
Offers = tuple[Floats, Ints, Ints]  # values and items by class and rank, how many of each class
CAPPED_MEMBERS = 8  # the bound asks for no more members than this; more states would cost time only
MOST_OTHERS = 6
PATIENCE = 20  # steps without a better bound before the step shrinks
MEMORY = 0.9  # of earlier directions; less of it zigzags between towers


@compiled
def _keep(values: Floats, items: Ints, count: int, most: int, value: float, item: int) -> int:
    """Keep the smallest `most` values in order; return how many are kept."""
    if count == most:
        if value >= values[most - 1]:
            return count
        count -= 1
    at = count
    while at > 0 and values[at - 1] > value:
        values[at], items[at] = values[at - 1], items[at - 1]
        at -= 1
    values[at], items[at] = value, item
    return count + 1


@compiled
def complete_star(
    start_value: float,
    start_units: int,
    start_members: int,
    limit: Ints,
    extra: float,
    offers: Offers,
    chosen: Ints,
) -> float:
    """Return the least value of a lawful star and write the items it takes, -1 behind the last.

    `offers` is (values, items, counts) by capped members; each class is in ascending order.
    """
    values, items, counts = offers
    need = min(limit[3], CAPPED_MEMBERS)
    most = limit[2]
    best = np.full((most + 1, need + 1), np.inf)
    taken = np.zeros((most + 1, need + 1), np.int64)
    best[start_units, min(start_members, need)] = start_value
    bit = 0
    for members in range(1, need + 1):
        for rank in range(counts[members]):
            value = values[members, rank]
            for units in range(most - 1, start_units - 1, -1):
                for total in range(need, -1, -1):
                    reached = min(total + members, need)
                    if best[units, total] + value < best[units + 1, reached]:
                        best[units + 1, reached] = best[units, total] + value
                        taken[units + 1, reached] = taken[units, total] | (np.int64(1) << bit)
            bit += 1
    least, picked = np.inf, np.int64(0)
    for units in range(min(limit[0], most), most + 1):
        value = best[units, need] + max(0, units - limit[1]) * extra
        if value < least:
            least, picked = value, taken[units, need]
    bit = size = 0
    for members in range(1, need + 1):
        for rank in range(counts[members]):
            if picked >> bit & 1:
                chosen[size] = items[members, rank]
                size += 1
            bit += 1
    chosen[size:] = -1
    return least


@compiled
def price(
    code: Ints,
    item_start: Ints,
    item_size: Ints,
    arcs: Arcs,
    base: Floats,
    branch_free: Ints,
    limit: Ints,
    extra: float,
    pi: Floats,
    free: Flags,
    stars: Ints,
    reduced: Floats,
) -> float:
    """Write each item's best star over its hosts and each branch's best take; return the sum below 0.

    `stars` (items + branches, width) holds the items beside the item itself, -1 behind the last;
    `reduced` its reduced cost. Only items with `free` may stand in a star.
    """
    arc_start, arc_item, arc_cost = arcs
    count = len(item_start) - 1
    need = min(limit[3], CAPPED_MEMBERS)
    values = np.empty((need + 1, MOST_OTHERS))
    items = np.empty((need + 1, MOST_OTHERS), np.int64)
    counts = np.zeros(need + 1, np.int64)
    chosen = np.empty(max(MOST_OTHERS * (need + 1), stars.shape[1]) + 1, np.int64)
    total = 0.0
    for own in range(count):
        reduced[own] = np.inf
        stars[own, :] = -1
        size = item_size[own, 0]
        if not free[own] or size > limit[2]:
            continue
        for host in range(item_start[own], item_start[own + 1]):
            if not code[host, 4] or base[host] == np.inf:
                continue
            counts[:] = 0
            others = min(limit[2] - size, MOST_OTHERS)
            for arc in range(arc_start[host], arc_start[host + 1]):
                item = arc_item[arc]
                if free[item] and others:
                    value = arc_cost[arc] - pi[item]
                    members = min(item_size[item, 1], need)
                    if counts[members] == others and value >= values[members, others - 1]:
                        continue
                    counts[members] = _keep(
                        values[members], items[members], counts[members], others, value, item
                    )
            value = complete_star(
                base[host] - pi[own],
                size,
                item_size[own, 1],
                limit,
                extra,
                (values, items, counts),
                chosen,
            )
            if value < reduced[own]:
                reduced[own] = value
                for at in range(min(stars.shape[1], len(chosen))):
                    stars[own, at] = chosen[at]
                    if chosen[at] < 0:
                        break
        total += min(0.0, reduced[own])
    first = item_start[count]
    for branch in range(len(branch_free)):
        total += _price_branch(
            arcs, first + branch, count + branch, branch_free[branch], pi, free, stars, reduced
        )
    return total


@compiled
def _price_branch(
    arcs: Arcs,
    host: int,
    row: int,
    places: Ints,
    pi: Floats,
    free: Flags,
    stars: Ints,
    reduced: Floats,
) -> float:
    arc_start, arc_item, arc_cost = arcs
    most = min(min(places[0], places[1]), stars.shape[1])
    values, kept = np.empty(most + 1), 0
    stars[row, :] = -1
    for arc in range(arc_start[host], arc_start[host + 1]):
        value = arc_cost[arc] - pi[arc_item[arc]]
        if most > 0 and value < 0 and free[arc_item[arc]]:
            kept = _keep(values, stars[row], kept, most, value, arc_item[arc])
    reduced[row] = values[:kept].sum()
    return float(reduced[row])


@compiled
def climb(
    code: Ints,
    item_start: Ints,
    item_size: Ints,
    arcs: Arcs,
    base: Floats,
    branch_free: Ints,
    limit: Ints,
    extra: float,
    cap: Floats,
    alike: Ints,
    pi: Floats,
    steps: int,
    state: Floats,
) -> float:
    """Raise the duals in place by subgradient steps with memory; return the best bound on these arcs.

    `state` is (step size, steps since it rose, best bound, aim, direction..., duals on trial...), kept
    from call to call; the aim is a value that the bound may reach, such as the cost of a plan. Duals
    are capped at the penalty of leaving out, so that leaving out needs no term. Items of one number
    in `alike` get equal duals: the best bound gives identical units equal ones.
    """
    count = len(item_start) - 1
    width = MOST_OTHERS
    for branch in range(len(branch_free)):
        width = max(width, min(branch_free[branch, 0], branch_free[branch, 1]))
    stars = np.empty((count + len(branch_free), width), np.int64)
    reduced = np.empty(count + len(branch_free))
    free = np.ones(count, np.bool_)
    direction, trial = state[4 : 4 + count], state[4 + count :]
    found, sums, sizes = np.empty(count), np.zeros(count), np.zeros(count)
    for item in range(count):
        sizes[alike[item]] += 1
    for _ in range(steps):
        value = trial.sum() + price(
            code,
            item_start,
            item_size,
            arcs,
            base,
            branch_free,
            limit,
            extra,
            trial,
            free,
            stars,
            reduced,
        )
        found[:] = 1.0
        for row in range(len(reduced)):
            if reduced[row] < 0:
                if row < count:
                    found[row] -= 1
                for item in stars[row]:
                    if item < 0:
                        break
                    found[item] -= 1
        if value > state[2]:
            state[1], state[2] = 0, value
            pi[:] = trial
        else:
            state[1] += 1
            if state[1] >= PATIENCE:
                state[0], state[1] = state[0] * 0.6, 0
                trial[:] = pi
        direction[:] = MEMORY * direction + found
        norm = (direction * direction).sum()
        if norm < 1e-9:
            break
        length = state[0] * (max(state[3], 1.001 * state[2]) - value) / norm
        sums[:] = 0.0
        for item in range(count):
            sums[alike[item]] += min(cap[item], trial[item] + length * direction[item])
        for item in range(count):
            trial[item] = sums[alike[item]] / sizes[alike[item]]
    return float(state[2])


@compiled
def best_arcs(
    place: Floats,
    code: Ints,
    reach: Floats,
    bucket_start: Ints,
    bucket_unit: Ints,
    bucket_of: Ints,
    item_start: Ints,
    item_of: Ints,
    item_size: Ints,
    pi: Floats,
    hosts: Ints,
    classes: int,
    most: int,
) -> Ints:
    """Return (hosts, classes * most) the items that each host takes first over all pairs, -1 behind.

    Per class of members the `most` of least cost above the dual: no best star takes any other.
    """
    rows, count = len(place), len(item_start) - 1
    result = np.full((len(hosts), classes * most), -1)
    found, stamp = np.empty(rows, np.int64), np.full(rows, -1)
    seen = np.full(count, -1)
    values, items = np.empty((classes + 1, most)), np.empty((classes + 1, most), np.int64)
    counts = np.zeros(classes + 1, np.int64)
    for row in range(len(hosts)):
        host = hosts[row]
        near = near_units(
            place, code, reach, host, bucket_start, bucket_unit, bucket_of, found, stamp, row
        )
        counts[:] = 0
        for unit in found[:near]:
            item = item_of[unit]
            if item < 0 or item == item_of[host] or seen[item] == row:
                continue
            seen[item] = row
            cost = item_cost(place, code, reach, item_start, item, host)
            if cost < np.inf:
                members = min(item_size[item, 1], classes)
                counts[members] = _keep(
                    values[members], items[members], counts[members], most, cost - pi[item], item
                )
        size = 0
        for members in range(1, classes + 1):
            for rank in range(counts[members]):
                result[row, size] = items[members, rank]
                size += 1
    return result
