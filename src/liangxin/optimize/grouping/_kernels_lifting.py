# ruff: noqa: C901 - one loop compiles to faster code than many small ones
"""Compiled loops over kinds of items: stars under odd sets' weights, and the odd sets that a solution breaks."""

import numpy as np

from liangxin.optimize.grouping._kernels import item_cost
from liangxin.optimize.grouping.compiled import compiled
from liangxin.optimize.grouping.problem import Floats, Ints

Hosts = tuple[Ints, Floats]  # of each row its host's own kind, and what that costs there
KindArcs = tuple[Ints, Ints, Floats]  # starts by row, kinds, costs
KindSizes = tuple[Ints, Ints, Floats]  # items of each kind, (kinds, 2) units and members, prices
Weighed = tuple[Ints, Ints, Floats]  # starts by kind, the odd sets it stands in, weights of sets
# Kinds (the host's first, -1 behind), row, cost, reduced cost.
Stars = tuple[Ints, Ints, Floats, Floats]
MOST_SETS = 200_000


@compiled
def stars_below(
    hosts: Hosts,
    arcs: KindArcs,
    sizes: KindSizes,
    sets: Weighed,
    limit: Ints,
    extra: float,
    below: float,
    keep: int,
) -> Stars:
    """Return of each row the `keep` lawful stars of least reduced cost that are under `below`.

    A star pays, for every odd set, its weight for each second item that it takes from it. All stars are
    gone through whose unweighed cost leaves a chance: kinds come in ascending order of cost above price.
    """
    own, begin = hosts
    arc_start, arc_kind, arc_cost = arcs
    count, size, pi = sizes
    set_start, set_of, weight = sets
    width = limit[2]
    rows = np.full((len(own) * keep, width), -1, np.int64)
    where = np.empty(len(own) * keep, np.int64)
    spent, reduced = np.empty(len(own) * keep), np.empty(len(own) * keep)
    held = np.zeros(len(weight), np.int64)
    at, units, members = np.zeros((3, width + 2), np.int64)
    total, cost = np.zeros((2, width + 2))
    best, best_cost = np.empty(keep), np.empty(keep)
    best_row = np.empty((keep, width), np.int64)
    made = 0
    for row in range(len(own)):
        if begin[row] == np.inf or size[own[row], 0] > width:
            continue
        first = arc_start[row]
        value = np.empty(arc_start[row + 1] - first)
        for arc in range(len(value)):
            value[arc] = arc_cost[first + arc] - pi[arc_kind[first + arc]]
        order = np.argsort(value, kind="mergesort")
        best[:], found = below, 0
        for place in range(set_start[own[row]], set_start[own[row] + 1]):
            held[set_of[place]] += 1
        depth, at[1] = 1, 0
        units[1], members[1] = size[own[row], 0], size[own[row], 1]
        total[1], cost[1] = begin[row] - pi[own[row]], begin[row]
        is_new = True
        while depth >= 1:
            if is_new:
                more = max(0, units[depth] - limit[1]) * extra
                if (
                    units[depth] >= limit[0]
                    and members[depth] >= limit[3]
                    and total[depth] + more < best[keep - 1]
                ):
                    spot = keep - 1
                    while spot > 0 and best[spot - 1] > total[depth] + more:
                        best[spot], best_cost[spot] = best[spot - 1], best_cost[spot - 1]
                        best_row[spot] = best_row[spot - 1]
                        spot -= 1
                    best[spot], best_cost[spot] = total[depth] + more, cost[depth] + more
                    best_row[spot] = -1
                    best_row[spot, 0] = own[row]
                    for turn in range(1, depth):
                        best_row[spot, turn] = arc_kind[first + order[at[turn]]]
                    found = min(found + 1, keep)
            is_new = False
            is_over = at[depth] >= len(order) or depth >= width
            if not is_over:
                least = value[order[at[depth]]]
                room = width - units[depth]
                if least < 0:
                    least *= room
                is_over = room < 1 or total[depth] + least >= best[keep - 1]
            if is_over:
                depth -= 1
                if depth >= 1:
                    gone = arc_kind[first + order[at[depth]]]
                    for place in range(set_start[gone], set_start[gone + 1]):
                        held[set_of[place]] -= 1
                    at[depth] += 1
                continue
            kind = arc_kind[first + order[at[depth]]]
            taken = 1 if kind == own[row] else 0
            for turn in range(1, depth):
                taken += at[turn] == at[depth]
            if taken >= count[kind] or units[depth] + size[kind, 0] > width:
                at[depth] += 1
                continue
            fine = 0.0
            for place in range(set_start[kind], set_start[kind + 1]):
                held[set_of[place]] += 1
                if held[set_of[place]] % 2 == 0:
                    fine += weight[set_of[place]]
            total[depth + 1] = total[depth] + value[order[at[depth]]] + fine
            cost[depth + 1] = cost[depth] + arc_cost[first + order[at[depth]]]
            units[depth + 1] = units[depth] + size[kind, 0]
            members[depth + 1] = members[depth] + size[kind, 1]
            at[depth + 1] = at[depth]
            depth += 1
            is_new = True
        for place in range(set_start[own[row]], set_start[own[row] + 1]):
            held[set_of[place]] -= 1
        for spot in range(found):
            rows[made], where[made] = best_row[spot], row
            spent[made], reduced[made] = best_cost[spot], best[spot]
            made += 1
    return rows[:made], where[:made], spent[:made], reduced[:made]


@compiled
def ways_of_stars(
    place: Floats, code: Ints, reach: Floats, item_start: Ints, hosts: Ints, rows: Ints
) -> Floats:
    """Return of each star what those of its items that are told by their kinds cost at its host."""
    costs = np.zeros(len(rows))
    for star in range(len(rows)):
        for item in rows[star]:
            if 0 <= item < len(item_start) - 1:
                costs[star] += item_cost(place, code, reach, item_start, item, hosts[star])
    return costs


@compiled
def broken_sets(
    count: Ints, stars: Ints, times: Floats, near_start: Ints, near: Ints, least: float
) -> tuple[Ints, Floats]:
    """Return the sets of one to three kinds, odd in items, that a solution takes too many pairs of.

    Row of kinds (-1 behind) and by how much; at least `least`. `near` lists, by kind and ascending, the
    kinds that share a star with it that is taken in part, itself among them.
    """
    kinds, width = len(count), stars.shape[1]
    deg = np.zeros(kinds + 1, np.int64)
    for turn in range(2):
        if turn == 1:
            start = np.cumsum(deg)
            filled = start.copy()
            listed = np.empty(start[kinds], np.int64)
        for star in range(len(stars)):
            for spot in range(width):
                kind = stars[star, spot]
                is_again = kind < 0
                for before in range(spot):
                    is_again |= stars[star, before] == kind
                if is_again:
                    continue
                if turn == 0:
                    deg[kind + 1] += 1
                else:
                    listed[filled[kind]] = star
                    filled[kind] += 1
    found, over = np.full((MOST_SETS, 3), -1, np.int64), np.empty(MOST_SETS)
    made, seen, turn = 0, np.full(len(stars), -1, np.int64), 0
    for first in range(kinds):
        for second_at in range(near_start[first], near_start[first + 1]):
            second = near[second_at]
            if second < first:
                continue
            for third_at in range(second_at, near_start[first + 1]):
                third = near[third_at]
                if second == first and third != first:
                    continue
                items = count[first]
                if second != first:
                    items += count[second]
                if third != second:
                    items += count[third]
                if items % 2 == 0 or made == MOST_SETS:
                    continue
                turn += 1
                pairs = 0.0
                for kind in (first, second, third):
                    for place in range(start[kind], start[kind + 1]):
                        star = listed[place]
                        if seen[star] == turn:
                            continue
                        seen[star] = turn
                        inside = 0
                        for spot in range(width):
                            other = stars[star, spot]
                            if other in (first, second, third):
                                inside += 1
                        pairs += (inside // 2) * times[star]
                if pairs - items // 2 >= least:
                    found[made, 0] = first
                    if second != first:
                        found[made, 1] = second
                    if third != second:
                        found[made, 2] = third
                    over[made] = pairs - items // 2
                    made += 1
    return found[:made], over[:made]
