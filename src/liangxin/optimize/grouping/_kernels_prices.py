# ruff: noqa: C901, SIM110 - one loop compiles to faster code than many small ones
"""Compiled pricing: the best star of each host, and the climb of the prices. Arrays as in `_kernels`."""

import numpy as np

from liangxin.optimize.grouping._kernels import Buckets, item_cost, near_units
from liangxin.optimize.grouping.compiled import compiled
from liangxin.optimize.grouping.problem import Flags, Floats, Ints

# Starts by host, items, costs; and, or empty: costs above earlier prices, ascending by host, and the
# classes of each host's items, a bit each.
Arcs = tuple[Ints, Ints, Floats, Floats, Ints]
Offers = tuple[Floats, Ints, Ints]  # values and items by class and rank, how many of each class
StarRoom = tuple[Floats, Ints]  # by units and members: least value, how many of each class it takes
CAPPED_MEMBERS = 8  # the bound asks for no more members than this; more states would cost time only
MOST_OTHERS = 6
TAKE_BITS = 4  # of a number that says how many of each class a star takes
PATIENCE = 20  # steps without a better bound before the step shrinks
MEMORY = 0.9  # of earlier directions; less of it zigzags between towers


@compiled
def _keep(offers: Offers, kind: int, most: int, value: float, item: int) -> None:
    """Keep the smallest `most` values of a class in order."""
    values, items, counts = offers
    count = counts[kind]
    if count == most:
        if value >= values[kind, most - 1]:
            return
        count -= 1
    at = count
    while at > 0 and values[kind, at - 1] > value:
        values[kind, at], items[kind, at] = values[kind, at - 1], items[kind, at - 1]
        at -= 1
    values[kind, at], items[kind, at] = value, item
    counts[kind] = count + 1


@compiled
def _collect(
    arcs: Arcs,
    host: int,
    slack: float,
    kind: Ints,
    most: int,
    free: Flags,
    pi: Floats,
    offers: Offers,
) -> None:
    """Fill the offers of a host: per class the `most` free items of least cost above their price.

    Where the arcs carry `known` values, in ascending order by host, no value can be more than `slack`
    below its known one: the rest is passed over once every class of the host is full of lower ones.
    """
    arc_start, arc_item, arc_cost, known, classes = arcs
    values, items, counts = offers
    counts[:] = 0
    bar = np.inf
    waited = classes[host] if len(known) else 0
    for arc in range(arc_start[host], arc_start[host + 1]):
        if bar < np.inf and known[arc] - slack >= bar:
            return
        item = arc_item[arc]
        if not free[item]:
            continue
        value = arc_cost[arc] - pi[item]
        members = kind[item]
        at = counts[members]
        if at == most:
            if value >= values[members, most - 1]:
                continue
            at -= 1
        while at > 0 and values[members, at - 1] > value:
            values[members, at], items[members, at] = (
                values[members, at - 1],
                items[members, at - 1],
            )
            at -= 1
        values[members, at], items[members, at] = value, item
        if counts[members] < most:
            counts[members] += 1
            if counts[members] == most:
                waited &= ~(1 << members)
        if len(known) and waited == 0:
            bar = -np.inf
            for full in range(1, len(counts)):
                if counts[full] == most:
                    bar = max(bar, values[full, most - 1])


@compiled
def _pair_star(
    start_value: float, units: int, members: int, limit: Ints, extra: float, offers: Offers
) -> tuple[float, int, int]:
    """Return the least value of a lawful star of the classes 1 and 2, and how many it takes of each."""
    values, _, counts = offers
    most = limit[2] - units
    least, ones, twos = np.inf, 0, 0
    first = start_value
    for one in range(min(counts[1], most) + 1):
        if one > 0:
            first += values[1, one - 1]
        both = first
        for two in range(min(counts[2], most - one) + 1):
            if two > 0:
                both += values[2, two - 1]
            if members + one + 2 * two >= limit[3] and units + one + two >= limit[0]:
                value = both + max(0, units + one + two - limit[1]) * extra
                if value < least:
                    least, ones, twos = value, one, two
    return least, ones, twos


@compiled
def _any_star(
    start_value: float,
    units: int,
    members: int,
    limit: Ints,
    extra: float,
    offers: Offers,
    room: StarRoom,
) -> tuple[float, int]:
    """Return the least value of a lawful star and how many it takes of each class, TAKE_BITS each.

    Each class is in ascending order, so that a best star takes the first of each. `room` is scratch.
    """
    values, _, counts = offers
    best, takes = room
    need = min(limit[3], CAPPED_MEMBERS)
    most = limit[2]
    best[:, :] = np.inf
    best[units, min(members, need)] = start_value
    takes[units, min(members, need)] = 0
    for kind in range(1, need + 1):
        if counts[kind] == 0:
            continue
        for before in range(most - 1, units - 1, -1):
            for total in range(need, -1, -1):
                value = best[before, total]
                if value == np.inf:
                    continue
                for rank in range(min(counts[kind], most - before)):
                    value += values[kind, rank]
                    after = before + rank + 1
                    reached = min(total + (rank + 1) * kind, need)
                    if value < best[after, reached]:
                        best[after, reached] = value
                        takes[after, reached] = takes[before, total] + (
                            np.int64(rank + 1) << (TAKE_BITS * kind)
                        )
    least, taken = np.inf, 0
    for after in range(min(limit[0], most), most + 1):
        value = best[after, need] + max(0, after - limit[1]) * extra
        if value < least:
            least, taken = value, int(takes[after, need])
    return least, taken


@compiled
def price(
    code: Ints,
    item_start: Ints,
    item_size: Ints,
    arcs: Arcs,
    slack: float,
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
    count = len(item_start) - 1
    need = min(limit[3], CAPPED_MEMBERS)
    values = np.empty((need + 1, MOST_OTHERS))
    items = np.empty((need + 1, MOST_OTHERS), np.int64)
    counts = np.zeros(need + 1, np.int64)
    offers = (values, items, counts)
    room = (np.empty((limit[2] + 1, need + 1)), np.empty((limit[2] + 1, need + 1), np.int64))
    kind = np.minimum(item_size[:, 1], need)
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
            others = min(limit[2] - size, MOST_OTHERS)
            counts[:] = 0
            if others > 0:
                _collect(arcs, host, slack, kind, others, free, pi, offers)
            begin, members, taken = base[host] - pi[own], item_size[own, 1], 0
            if need > 2 and not counts[3:].any():
                value, ones, twos = _pair_star(begin, size, members, limit, extra, offers)
                taken = (ones << TAKE_BITS) + (twos << 2 * TAKE_BITS)
            else:
                value, taken = _any_star(begin, size, members, limit, extra, offers, room)
            if value < reduced[own]:
                reduced[own] = value
                at = 0
                for members in range(1, need + 1):
                    for rank in range((taken >> (TAKE_BITS * members)) & ((1 << TAKE_BITS) - 1)):
                        stars[own, at] = items[members, rank]
                        at += 1
                stars[own, at:] = -1
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
    arc_start, arc_item, arc_cost = arcs[:3]
    most = min(min(places[0], places[1]), stars.shape[1])
    offers = (np.empty((1, most + 1)), np.empty((1, most + 1), np.int64), np.zeros(1, np.int64))
    stars[row, :] = -1
    for arc in range(arc_start[host], arc_start[host + 1]):
        value = arc_cost[arc] - pi[arc_item[arc]]
        if most > 0 and value < 0 and free[arc_item[arc]]:
            _keep(offers, 0, most, value, arc_item[arc])
    kept = offers[2][0]
    stars[row, :kept] = offers[1][0, :kept]
    reduced[row] = offers[0][0, :kept].sum()
    return float(reduced[row])


@compiled
def _ordered(arcs: Arcs, kind: Ints, pi: Floats) -> Arcs:
    """Return the arcs of each host in ascending order of cost above price, with what `known` needs."""
    arc_start, arc_item, arc_cost = arcs[:3]
    item, cost, known = arc_item.copy(), arc_cost.copy(), np.empty(len(arc_cost))
    classes = np.zeros(len(arc_start) - 1, np.int64)
    for host in range(len(arc_start) - 1):
        first, end = arc_start[host], arc_start[host + 1]
        for arc in range(first, end):
            value, at = arc_cost[arc] - pi[arc_item[arc]], arc
            while at > first and known[at - 1] > value:
                known[at], item[at], cost[at] = known[at - 1], item[at - 1], cost[at - 1]
                at -= 1
            known[at], item[at], cost[at] = value, arc_item[arc], arc_cost[arc]
            classes[host] |= 1 << kind[arc_item[arc]]
    return arc_start, item, cost, known, classes


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
    if count == 0:
        return float(state[2])
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
    kind = np.minimum(item_size[:, 1], min(limit[3], CAPPED_MEMBERS))
    ordered, before = _ordered(arcs, kind, trial), trial.copy()
    for _ in range(steps):
        value = trial.sum() + price(
            code,
            item_start,
            item_size,
            ordered,
            max(0.0, (trial - before).max()),
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
    buckets: Buckets,
    item_start: Ints,
    item_of: Ints,
    item_size: Ints,
    pi: Floats,
    hosts: Ints,
    row_number: Ints,
    item_number: Ints,
    classes: int,
    most: int,
) -> Ints:
    """Return (hosts, classes * most) the items that each host takes first over all pairs, -1 behind.

    Per class of members the `most` of least cost above the dual: no best star takes any other. A host
    passes over the items of its row's number, unless that is negative.
    """
    rows, count = len(place), len(item_start) - 1
    result = np.full((len(hosts), classes * most), -1)
    found, metres, stamp = np.empty(rows, np.int64), np.empty(rows), np.full(rows, -1)
    lightest = min(reach[3], reach[4])
    seen = np.full(count, -1)
    values, items = np.empty((classes + 1, most)), np.empty((classes + 1, most), np.int64)
    counts = np.zeros(classes + 1, np.int64)
    offers = (values, items, counts)
    for row in range(len(hosts)):
        host = hosts[row]
        near = near_units(reach, host, buckets, rows, found, metres, stamp, row)
        counts[:] = 0
        for at in range(near):
            item = item_of[found[at]]
            if item < 0 or item == item_of[host] or seen[item] == row:
                continue
            seen[item] = row
            if row_number[host] >= 0 and item_number[item] == row_number[host]:
                continue
            members = min(item_size[item, 1], classes)
            if item_size[item, 0] == 1 and counts[members] == most:  # no use working out its cost
                least = metres[at] * lightest * item_size[item, 1]
                if least - pi[item] >= values[members, most - 1]:
                    continue
            cost = item_cost(place, code, reach, item_start, item, host)
            if cost < np.inf:
                _keep(offers, members, most, cost - pi[item], item)
        size = 0
        for members in range(1, classes + 1):
            for rank in range(counts[members]):
                result[row, size] = items[members, rank]
                size += 1
    return result
