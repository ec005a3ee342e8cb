# ruff: noqa: C901, SIM110 - one loop compiles to faster code than many small ones
"""Compiled loops on bare arrays: ways between units, and who can be grouped at all.

Rows of `place` (x, y) and `code` (members, site, street, industry, may host) are units and, behind
them, existing branches. `reach` is (street radius, industry radius, weight of site, street, industry,
cost of an extra unit); `limit` is (fewest units, usual most, hardest most, fewest members, most).
Items are units that go together, units `item_start[j]` up to `item_start[j + 1]`.
"""

import numpy as np

from liangxin.optimize.grouping.compiled import compiled
from liangxin.optimize.grouping.problem import Flags, Floats, Ints

SITE, STREET, INDUSTRY = 0, 1, 2
# Of equal site, street, industry: starts, units, each unit's bucket of each kind; key of the square of each
# place in `units`; each unit's own key of each kind; x and y in the order of `units`; and of each unit.
Buckets = tuple[Ints, Ints, Ints, Ints, Ints, Floats, Floats]
SQUARES = 2  # squares that a radius is wide
ROW = 1 << 31  # keys from one column of squares to the next
SOME = 24  # units near by that mostly are enough for a group
FEW = 32  # a bucket that small is looked through whole
SLACK_M = 1e-6  # a coordinate that was rounded must not break a rule that it just keeps


@compiled
def way(place: Floats, code: Ints, reach: Floats, unit: int, host: int) -> float:
    """Return weighted metres of the cheapest mode from unit to host, inf where there is none."""
    if unit == host or (code[unit, 1] >= 0 and code[unit, 1] == code[host, 1]):
        return 0.0
    same_street = code[unit, 2] >= 0 and code[unit, 2] == code[host, 2]
    same_industry = code[unit, 3] >= 0 and code[unit, 3] == code[host, 3]
    if not same_street and not same_industry:
        return np.inf
    dx, dy = place[unit, 0] - place[host, 0], place[unit, 1] - place[host, 1]
    metres = np.sqrt(dx * dx + dy * dy)
    best = np.inf
    if same_street and metres <= reach[0] + SLACK_M:
        best = metres * reach[3]
    if same_industry and metres <= reach[1] + SLACK_M:
        best = min(best, metres * reach[4])
    return best


@compiled
def item_cost(
    place: Floats, code: Ints, reach: Floats, item_start: Ints, item: int, host: int
) -> float:
    """Return what the units of an item cost at a host, inf where one cannot reach it."""
    total = 0.0
    for unit in range(item_start[item], item_start[item + 1]):
        if unit != host:
            total += code[unit, 0] * way(place, code, reach, unit, host)
    return total


@compiled
def arc_costs(
    place: Floats, code: Ints, reach: Floats, item_start: Ints, arc_start: Ints, arc_item: Ints
) -> Floats:
    """Return the cost of every arc host -> item."""
    costs = np.empty(len(arc_item))
    for host in range(len(arc_start) - 1):
        for arc in range(arc_start[host], arc_start[host + 1]):
            costs[arc] = item_cost(place, code, reach, item_start, arc_item[arc], host)
    return costs


@compiled
def spread(starts: Ints, sizes: Ints) -> Ints:
    """Return the numbers starts[k] up to starts[k] + sizes[k] of every k, one behind another."""
    result, at = np.empty(sizes.sum(), np.int64), 0
    for k in range(len(starts)):
        for more in range(sizes[k]):
            result[at] = starts[k] + more
            at += 1
    return result


# ---- who can be grouped at all


@compiled
def _can_sum(counts: Ints, fixed_units: int, fixed_members: int, limit: Ints) -> bool:
    """Whether offered sizes, added to the fixed ones, make a group of lawful size."""
    most_units, most_members = limit[2], limit[4]
    if fixed_units > most_units or fixed_members > most_members:
        return False
    known = np.zeros((most_units + 1, most_members + 1), np.bool_)
    known[fixed_units, fixed_members] = True
    for size in range(1, most_members + 1):
        for _ in range(min(counts[size], most_units)):
            for units in range(most_units - 1, fixed_units - 1, -1):
                for total in range(most_members - size, -1, -1):
                    if known[units, total]:
                        known[units + 1, total + size] = True
    return bool(known[limit[0] :, limit[3] :].any())


@compiled
def _first_at(keys: Ints, first: int, end: int, key: int) -> int:
    """Return the first place from `first` up to `end` whose key is not below this one."""
    while first < end:
        middle = (first + end) // 2
        if keys[middle] < key:
            first = middle + 1
        else:
            end = middle
    return first


@compiled
def near_units(
    reach: Floats,
    unit: int,
    buckets: Buckets,
    most: int,
    found: Ints,
    metres: Floats,
    stamp: Ints,
    mark: int,
) -> int:
    """Write units that share a bucket with this one and may reach it, `most` at most; return how many.

    `metres` says how far they are, 0 within a site.

    A bucket of a street or an industry is in the order of its squares, half a radius wide: of each
    column within the radius a run of five squares is looked through.
    """
    bucket_start, bucket_unit, bucket_of, keys, square, spots, place = buckets
    x_m, y_m = place[unit, 0], place[unit, 1]
    stamp[unit] = mark
    size = 0
    for kind in range(3):
        bucket = bucket_of[unit, kind]
        if bucket < 0:
            continue
        begin, last = bucket_start[bucket], bucket_start[bucket + 1]
        columns = 1 if kind == 0 or last - begin <= FEW else 2 * SQUARES + 1
        own = square[unit, kind]
        radius_m = np.inf if kind == 0 else reach[kind - 1] + SLACK_M
        for column in range(columns):
            first, end = begin, last
            if columns > 1:
                low = own + (column - SQUARES) * ROW - SQUARES
                first = _first_at(keys, begin, last, low)
                end = _first_at(keys, first, last, low + 2 * SQUARES + 1)
            for at in range(first, end):
                dx, dy = spots[at, 0] - x_m, spots[at, 1] - y_m
                away_m = np.sqrt(dx * dx + dy * dy)
                if away_m <= radius_m:
                    other = bucket_unit[at]
                    if stamp[other] != mark:
                        if size == most:
                            return size
                        stamp[other] = mark
                        found[size] = other
                        metres[size] = 0.0 if kind == 0 else away_m
                        size += 1
    return size


@compiled
def _are_listed(list_start: Ints, listed: Ints, first: int, second: int) -> bool:
    """Say whether the second is in the list of the first."""
    for at in range(list_start[first], list_start[first + 1]):
        if listed[at] == second:
            return True
    return False


@compiled
def groupable(
    code: Ints,
    hosts: Flags,
    reach: Floats,
    limit: Ints,
    buckets: Buckets,
    barred_start: Ints,
    barred: Ints,
) -> Flags:
    """Say of each unit whether sizes and reach of a host that is not barred allow it any group.

    A few of the units near a host mostly are enough; all of them are looked at where they are not.
    """
    size = len(code)
    possible = np.zeros(size, np.bool_)
    found, around, metres = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size)
    stamp = np.full(size, -1)
    most = limit[4]
    counts = np.zeros(most + 1, np.int64)
    mark = 0
    for looked in (SOME, size):
        for unit in range(size):
            if possible[unit] or code[unit, 0] > most:
                continue
            reached = near_units(reach, unit, buckets, looked, found, metres, stamp, mark)
            mark += 1
            for at in range(-1, reached):
                host = unit if at < 0 else found[at]
                if not hosts[host] or _are_listed(barred_start, barred, unit, host):
                    continue
                near = near_units(reach, host, buckets, looked, around, metres, stamp, mark)
                mark += 1
                counts[:] = 0
                is_among = False
                for other in around[:near]:
                    if code[other, 0] <= most and not _are_listed(
                        barred_start, barred, host, other
                    ):
                        counts[code[other, 0]] += 1
                        is_among |= other == unit
                if host == unit:
                    possible[unit] = _can_sum(counts, 1, code[host, 0], limit)
                else:
                    counts[code[unit, 0]] -= 1 if is_among else 0
                    possible[unit] = _can_sum(counts, 2, code[host, 0] + code[unit, 0], limit)
                if possible[unit]:
                    break
    return possible
