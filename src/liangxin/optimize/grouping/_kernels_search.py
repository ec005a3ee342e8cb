# ruff: noqa: C901, SIM110 - one loop compiles to faster code than many small ones
"""Compiled search: a first plan from best stars, and the neighbourhoods that are looked at next.

`problem` is ((place, code, reach, limit, item starts, item sizes), (barred starts, barred, limited
street of each host), penalties); see `_kernels` for these arrays. A plan is `where` (per item: row of its group, OUT, or OUT - 1 - branch), `rows` (groups, width) of
items with -1 behind the last, `hosts` and `costs` of the groups, and what is used of `places` (branches,
2) and `streets`. Of `spare`, the first number says how many rows, listed behind it, are not in use.
"""

import numpy as np
from numpy.typing import NDArray

from liangxin.optimize.grouping._kernels import item_cost
from liangxin.optimize.grouping._kernels_prices import Arcs, price
from liangxin.optimize.grouping.compiled import compiled
from liangxin.optimize.grouping.problem import Floats, Ints

Dice = NDArray[np.uint64]
Problem = tuple[
    tuple[Floats, Ints, Floats, Ints, Ints, Ints],  # place, code, reach, limit, item starts, sizes
    tuple[Ints, Ints, Ints],  # barred starts, barred, limited street of each host
    Floats,  # penalties
]
PlanArrays = tuple[Ints, Ints, Ints, Floats, Ints, Ints, Ints]
Links = tuple[Ints, Ints, Ints, Ints]  # near items by host, near branches by item


OUT = -1
MOST_LOCAL = 16  # items parted anew at once; the subset programme has 2 ** this states


@compiled
def draw(dice: Dice, below: int) -> int:
    """Return a number 0 .. below - 1 and move the generator (xorshift) on."""
    x = dice[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    dice[0] = x
    return int((x >> np.uint64(11)) % np.uint64(below))


@compiled
def is_barred(barred_start: Ints, barred: Ints, first: int, second: int) -> bool:
    """Say whether two items must not share a group."""
    for at in range(barred_start[first], barred_start[first + 1]):
        if barred[at] == second:
            return True
    return False


@compiled
def best_host(problem: Problem, items: Ints, street_free: Ints) -> tuple[int, float]:
    """Return the host of least cost of a group of items and the cost; (-1, inf) if it is unlawful."""
    place, code, reach, limit, item_start, item_size = problem[0]
    barred_start, barred, host_street = problem[1]
    units = members = 0
    for at in range(len(items)):
        units += item_size[items[at], 0]
        members += item_size[items[at], 1]
        for before in range(at):
            if is_barred(barred_start, barred, items[at], items[before]):
                return -1, np.inf
    if units < limit[0] or units > limit[2] or members < limit[3] or members > limit[4]:
        return -1, np.inf
    least, best = np.inf, -1
    for own in items:
        for host in range(item_start[own], item_start[own + 1]):
            street = host_street[host]
            if not code[host, 4] or (street >= 0 and street_free[street] <= 0):
                continue
            cost = 0.0
            for item in items:
                cost += item_cost(place, code, reach, item_start, item, host)
            if cost < least:
                least, best = cost, host
    return best, least + max(0, units - limit[1]) * reach[5]


@compiled
def host_cost(problem: Problem, items: Ints, host: int) -> float:
    """Return what a new group of these items costs at a host, inf where one cannot reach it."""
    place, code, reach, limit, item_start, item_size = problem[0]
    cost, units = 0.0, 0
    for item in items:
        cost += item_cost(place, code, reach, item_start, item, host)
        units += item_size[item, 0]
    return cost + float(max(0, units - limit[1]) * reach[5])


@compiled
def first_plan(problem: Problem, plan: PlanArrays, arcs: Arcs, base: Floats, pi: Floats) -> None:
    """Fill an empty plan: the stars of least reduced cost first, priced anew until none is left."""
    place, code, reach, limit, item_start, item_size = problem[0]
    where, rows, hosts, costs, places, street_free, spare = plan
    count = len(item_start) - 1
    free = np.ones(count, np.bool_)
    stars = np.empty((count + len(places), rows.shape[1] + 1), np.int64)
    reduced = np.empty(count + len(places))
    items = np.empty(rows.shape[1] + 1, np.int64)
    for _ in range(60):
        price(
            code,
            item_start,
            item_size,
            arcs,
            0.0,
            base,
            places,
            limit,
            reach[5],
            pi,
            free,
            stars,
            reduced,
        )
        made = 0
        for star in np.argsort(reduced, kind="mergesort"):
            if reduced[star] == np.inf:
                break
            if star >= count:
                continue
            size = 1
            items[0] = star
            is_free = free[star]
            for item in stars[star]:
                if item < 0 or size >= rows.shape[1]:
                    break
                is_free &= free[item]
                items[size] = item
                size += 1
            if not is_free:
                continue
            host, cost = best_host(problem, items[:size], street_free)
            if host < 0:
                continue
            made += 1
            free[items[:size]] = False
            found_group(problem, plan, items[:size], host, cost)
        if made == 0:
            break


@compiled
def found_group(problem: Problem, plan: PlanArrays, items: Ints, host: int, cost: float) -> None:
    """Write a new group into a spare row."""
    where, rows, hosts, costs, places, street_free, spare = plan
    group = spare[spare[0]]
    spare[0] -= 1
    rows[group, :] = -1
    rows[group, : len(items)] = items
    where[items] = group
    hosts[group], costs[group] = host, cost
    street = problem[1][2][host]
    if street >= 0:
        street_free[street] -= 1


@compiled
def excess(plan: PlanArrays, penalty: Floats, pi: Floats, item: int) -> float:
    """Return how far the cost of an item's group is above the group's duals."""
    where, rows, hosts, costs, places, street_free, spare = plan
    group = where[item]
    if group == OUT:
        return float(penalty[item] - pi[item])
    if group < OUT:
        return 0.0
    value = costs[group]
    for other in rows[group]:
        if other < 0:
            break
        value -= pi[other]
    return float(value)


@compiled
def _take(
    problem: Problem,
    plan: PlanArrays,
    local: Ints,
    size: int,
    units: int,
    branch: int,
    item: int,
    most: int,
) -> tuple[int, int, int]:
    """Add an item with its whole group to the neighbourhood if it fits; return (size, units, branch)."""
    where, rows = plan[0], plan[1]
    item_size = problem[0][5]
    for at in range(size):
        if local[at] == item:
            return size, units, branch
    group = where[item]
    if group < 0:
        joins = OUT - 1 - group
        fits = units + item_size[item, 0] <= most and (group == OUT or branch in (OUT, joins))
        if fits:
            local[size] = item
            return size + 1, units + item_size[item, 0], branch if group == OUT else joins
        return size, units, branch
    more = 0
    for other in rows[group]:
        if other < 0:
            break
        more += item_size[other, 0]
    if units + more > most:
        return size, units, branch
    for other in rows[group]:
        if other < 0:
            break
        local[size] = other
        size += 1
    return size, units + more, branch


@compiled
def gather(
    problem: Problem,
    plan: PlanArrays,
    links: Links,
    penalty: Floats,
    pi: Floats,
    seed: int,
    most: int,
    dice: Dice,
    local: Ints,
) -> tuple[int, int]:
    """Write a neighbourhood around an item, whole groups at a time; return (size, branch or OUT)."""
    link_start, link_item, branch_start, branch_of = links
    item_start = problem[0][4]
    size, units, branch = _take(problem, plan, local, 0, 0, OUT, seed, most)
    if branch_start[seed + 1] > branch_start[seed] and branch == OUT:
        branch = branch_of[
            branch_start[seed] + draw(dice, branch_start[seed + 1] - branch_start[seed])
        ]
    for _ in range(24):
        if units >= most - 1:
            break
        asker = local[draw(dice, size)]
        host = item_start[asker] + draw(dice, item_start[asker + 1] - item_start[asker])
        length = link_start[host + 1] - link_start[host]
        if length == 0:
            continue
        best, most_excess = -1, -np.inf
        for _ in range(2):
            share = draw(dice, 1 << 20) / (1 << 20)
            item = link_item[link_start[host] + int(length * share * share)]
            value = excess(plan, penalty, pi, item)
            if value > most_excess:
                best, most_excess = item, value
        size, units, branch = _take(problem, plan, local, size, units, branch, best, most)
    return size, branch
