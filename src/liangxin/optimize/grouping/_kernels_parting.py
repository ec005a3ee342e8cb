# ruff: noqa: C901, SIM110 - one loop compiles to faster code than many small ones
"""Compiled search: a neighbourhood is parted anew at least cost. Arrays as in `_kernels_search`."""

import numpy as np

from liangxin.optimize.grouping._kernels import item_cost
from liangxin.optimize.grouping._kernels_loyalty import (
    Groups,
    Loyalty,
    earlier_masks,
    favour,
    kept_worth,
)
from liangxin.optimize.grouping._kernels_search import (
    MOST_LOCAL,
    OUT,
    Dice,
    Links,
    PlanArrays,
    Problem,
    found_group,
    gather,
    is_barred,
)
from liangxin.optimize.grouping.compiled import compiled
from liangxin.optimize.grouping.problem import Floats, Ints

TIE_MM = 1e-7
MOST_FEES = 16  # fees double, so that the last would outweigh any plan
Room = tuple[Floats, Ints, Floats, Ints, Ints, Floats, Ints, Floats]


@compiled
def list_groups(
    problem: Problem,
    local: Ints,
    size: int,
    street_free: Ints,
    cost_at: Floats,
    cutoff: float,
    allowance: float,
    pi: Floats,
    groups: Groups,
) -> None:
    """List the lawful groups within the neighbourhood that can matter, by their lowest item.

    `groups` is (masks, costs, hosts, first index by lowest item). A group whose cost is above the
    cutoff, or further above its duals than the allowance, cannot be part of a better plan here.
    """
    place, code, reach, limit, item_start, item_size = problem[0]
    barred_start, barred, host_street = problem[1]
    masks, costs, group_hosts, first = groups
    most_groups = len(masks) - size
    hosts = np.empty(2 * MOST_LOCAL, np.int64)
    item_of_host = np.empty(2 * MOST_LOCAL, np.int64)
    host_count = 0
    for at in range(size):
        for host in range(item_start[local[at]], item_start[local[at] + 1]):
            street = host_street[host]
            if code[host, 4] and (street < 0 or street_free[street] > 0):
                hosts[host_count], item_of_host[host_count] = host, at
                host_count += 1
    for k in range(host_count):
        for at in range(size):
            cost_at[k, at] = item_cost(place, code, reach, item_start, local[at], hosts[k])
    run = np.zeros((limit[2] + 1, host_count))
    chosen = np.empty(limit[2] + 1, np.int64)
    units = np.zeros(limit[2] + 1, np.int64)
    members = np.zeros(limit[2] + 1, np.int64)
    dual = np.zeros(limit[2] + 1)
    mask = np.zeros(limit[2] + 1, np.int64)
    count = 0
    for low in range(size):
        first[low] = count
        depth, following = 0, low
        while depth >= 0:
            if (
                following >= size
                or (depth == 0 and following != low)
                or depth == limit[2]
                or count >= most_groups
            ):
                depth -= 1
                if depth >= 0:
                    following = chosen[depth] + 1
                continue
            at, item = following, local[following]
            chosen[depth] = at
            following += 1
            if (
                units[depth] + item_size[item, 0] > limit[2]
                or members[depth] + item_size[item, 1] > limit[4]
            ):
                continue
            is_lawful = True
            if barred_start[item + 1] > barred_start[item]:
                for before in range(depth):
                    is_lawful &= not is_barred(barred_start, barred, item, local[chosen[before]])
            if not is_lawful:
                continue
            mask[depth + 1] = mask[depth] | (1 << at)
            dual[depth + 1] = dual[depth] + pi[item]
            units[depth + 1] = units[depth] + item_size[item, 0]
            members[depth + 1] = members[depth] + item_size[item, 1]
            least, own, best = np.inf, np.inf, -1
            for k in range(host_count):
                value = run[depth, k] + cost_at[k, at]
                run[depth + 1, k] = value
                if value < least:
                    least = value
                if value < own and (mask[depth + 1] >> item_of_host[k]) & 1:
                    own, best = value, k
            if least > cutoff:
                continue
            if units[depth + 1] >= limit[0] and members[depth + 1] >= limit[3] and own <= cutoff:
                own += max(0, units[depth + 1] - limit[1]) * reach[5]
                if own <= cutoff and own - dual[depth + 1] <= allowance:
                    masks[count], costs[count], group_hosts[count] = (
                        mask[depth + 1],
                        own,
                        hosts[best],
                    )
                    count += 1
                    street = host_street[hosts[best]]
                    if street >= 0:  # and the best host elsewhere, should this street be full
                        least, other = np.inf, -1
                        for k in range(host_count):
                            is_inside = (mask[depth + 1] >> item_of_host[k]) & 1 == 1
                            is_elsewhere = is_inside and host_street[hosts[k]] != street
                            if is_elsewhere and run[depth + 1, k] < least:
                                least, other = run[depth + 1, k], k
                        least += max(0, units[depth + 1] - limit[1]) * reach[5]
                        if other >= 0 and least <= cutoff and least - dual[depth + 1] <= allowance:
                            masks[count], costs[count] = mask[depth + 1], least
                            group_hosts[count] = hosts[other]
                            count += 1
            depth += 1
        if problem[2][local[low]] <= cutoff:
            masks[count], costs[count], group_hosts[count] = 1 << low, problem[2][local[low]], OUT
            count += 1
    first[size] = count


@compiled
def _joined(
    problem: Problem, where: Ints, local: Ints, size: int, branch: int, free: Ints, joined: Floats
) -> None:
    """Write what each set of local items costs at the branch, inf where it does not fit or reach."""
    place, code, reach, limit, item_start, item_size = problem[0]
    barred_start, barred, _ = problem[1]
    host = item_start[len(item_start) - 1] + branch
    units, members = np.zeros(1 << size, np.int64), np.zeros(1 << size, np.int64)
    is_local = np.zeros(len(where), np.bool_) if len(barred) else np.zeros(1, np.bool_)
    if len(barred):
        is_local[local[:size]] = True
    joined[0] = 0.0
    for mask in range(1, 1 << size):
        low = 0
        while not (mask >> low) & 1:
            low += 1
        rest, item = mask & (mask - 1), local[low]
        units[mask] = units[rest] + item_size[item, 0]
        members[mask] = members[rest] + item_size[item, 1]
        if joined[rest] == np.inf or units[mask] > free[0] or members[mask] > free[1]:
            joined[mask] = np.inf
            continue
        joined[mask] = joined[rest] + item_cost(place, code, reach, item_start, item, host)
        for at in range(low + 1, size):
            if (rest >> at) & 1 and is_barred(barred_start, barred, item, local[at]):
                joined[mask] = np.inf
        for at in range(barred_start[item], barred_start[item + 1]):
            if where[barred[at]] == OUT - 1 - branch and not is_local[barred[at]]:
                joined[mask] = np.inf


@compiled
def part(
    size: int, groups: Groups, local: Ints, pi: Floats, allowance: float, best: Floats, last: Ints
) -> float:
    """Fill the least cost of parting each reached set into listed groups; return that of the full one.

    Sets whose cost is further above their duals than the allowance are not gone on from.
    """
    masks, costs, group_hosts, first = groups
    full = (1 << size) - 1
    for mask in range(full):
        value = best[mask]
        if value == np.inf:
            continue
        dual = 0.0
        for at in range(size):
            if (mask >> at) & 1:
                dual += pi[local[at]]
        if value - dual > allowance:
            continue
        low = 0
        while (mask >> low) & 1:
            low += 1
        for group in range(first[low], first[low + 1]):
            if masks[group] & mask == 0:
                reached = mask | masks[group]
                if value + costs[group] < best[reached]:
                    best[reached] = value + costs[group]
                    last[reached] = group
    return float(best[full])


@compiled
def _turn(
    problem: Problem, plan: PlanArrays, local: Ints, size: int, branch: int, sign: int
) -> float:
    """Give back (1) or take again (-1) what the neighbourhood uses; return what it costs now."""
    where, rows, hosts, costs, places, street_free, spare = plan
    place, code, reach, limit, item_start, item_size = problem[0]
    total = 0.0
    for at in range(size):
        item, group = local[at], where[local[at]]
        if group >= 0:
            if rows[group, 0] == item:
                total += costs[group]
                street = problem[1][2][hosts[group]]
                if street >= 0:
                    street_free[street] += sign
        elif group == OUT:
            total += problem[2][item]
        else:
            host = item_start[len(item_start) - 1] + branch
            total += item_cost(place, code, reach, item_start, item, host)
            places[branch, 0] += sign * item_size[item, 0]
            places[branch, 1] += sign * item_size[item, 1]
    return total


@compiled
def _overfull(problem: Problem, street_free: Ints, size: int, groups: Groups, last: Ints) -> int:
    """Return a limited street in which the parting founds too many groups, -1 if there is none."""
    masks, group_hosts, mask = groups[0], groups[2], (1 << size) - 1
    made = np.zeros(len(street_free), np.int64)
    while mask and last[mask] >= 0:
        group = last[mask]
        street = -1 if group_hosts[group] == OUT else problem[1][2][group_hosts[group]]
        if street >= 0:
            made[street] += 1
            if made[street] > street_free[street]:
                return int(street)
        mask ^= masks[group]
    return -1


@compiled
def _charge(problem: Problem, groups: Groups, size: int, street: int, fee: float) -> None:
    """Add a fee to the listed groups that have their host in the street."""
    masks, costs, group_hosts, first = groups
    for group in range(first[size]):
        if group_hosts[group] != OUT and problem[1][2][group_hosts[group]] == street:
            costs[group] += fee


@compiled
def _part_within(
    problem: Problem,
    street_free: Ints,
    size: int,
    groups: Groups,
    local: Ints,
    pi: Floats,
    allowance: float,
    room: Room,
    fees: Floats,
) -> float:
    """Part, raising the fee of a street while too many groups are founded there; inf if still so.

    `joined` of the room is where the search starts: what sets cost at the branch, 0 for nobody.
    """
    best, last, joined = room[5], room[6], room[7]
    fees[:] = 0.0
    found, over = np.inf, -1
    for _ in range(MOST_FEES):
        best[: 1 << size] = joined[: 1 << size]
        last[: 1 << size] = -1
        found = part(size, groups, local, pi, allowance, best, last)
        if len(street_free) == 0 or found == np.inf:
            return found
        over = _overfull(problem, street_free, size, groups, last)
        if over < 0:
            break
        rise = max(fees[over], 1.0 + 0.02 * found)
        fees[over] += rise
        allowance = np.inf
        _charge(problem, groups, size, over, rise)
    if over >= 0:
        found = np.inf
    for street in range(len(fees)):
        if fees[street] > 0:
            _charge(problem, groups, size, street, -fees[street])
    mask = (1 << size) - 1
    while found < np.inf and mask and last[mask] >= 0:
        group = last[mask]
        street = -1 if groups[2][group] == OUT else problem[1][2][groups[2][group]]
        found -= fees[street] if street >= 0 else 0.0
        mask ^= groups[0][group]
    return found


@compiled
def _settle(
    problem: Problem,
    plan: PlanArrays,
    local: Ints,
    size: int,
    branch: int,
    groups: Groups,
    last: Ints,
) -> None:
    """Write the parting that `last` leads back from the full set."""
    where, rows, hosts, costs, places, street_free, spare = plan
    item_size = problem[0][5]
    masks, group_costs, group_hosts, first = groups
    for at in range(size):
        group = where[local[at]]
        if group >= 0 and hosts[group] >= 0:
            rows[group, :], hosts[group] = -1, -1
            spare[0] += 1
            spare[spare[0]] = group
    items = np.empty(size, np.int64)
    mask = (1 << size) - 1
    while mask:
        group = last[mask]
        inside = mask if group < 0 else masks[group]
        length = 0
        for at in range(size):
            if (inside >> at) & 1:
                items[length] = local[at]
                length += 1
        if group < 0:
            for item in items[:length]:
                where[item] = OUT - 1 - branch
                places[branch, 0] -= item_size[item, 0]
                places[branch, 1] -= item_size[item, 1]
        elif group_hosts[group] == OUT:
            where[items[0]] = OUT
        else:
            found_group(problem, plan, items[:length], group_hosts[group], group_costs[group])
        mask ^= inside


@compiled
def improve(
    problem: Problem,
    plan: PlanArrays,
    links: Links,
    pi: Floats,
    seeds: Ints,
    most: int,
    margin: float,
    dice: Dice,
    room: Room,
    loyalty: Loyalty,
) -> float:
    """Part the neighbourhoods of the seeds anew, each at least cost; return what was gained.

    `room` is scratch: (cost_at, masks, costs, hosts, first, best, last, joined). Partings of equal cost are
    taken too: they move units about within towers, where many plans cost the same. With earlier groups
    to be loyal to, keeping one whole counts as its worth, and prices must be 0.
    """
    where, rows, hosts, costs, places, street_free, spare = plan
    cost_at, masks, group_costs, group_hosts, first, best, last, joined = room
    groups = (masks, group_costs, group_hosts, first)
    fees = np.zeros(len(street_free))
    local = np.empty(2 * MOST_LOCAL, np.int64)
    earlier = np.empty(2 * MOST_LOCAL, np.int64)
    gained = 0.0
    for seed in seeds:
        size, branch = gather(problem, plan, links, problem[2], pi, seed, most, dice, local)
        value = _turn(problem, plan, local, size, branch, 1)
        if value <= TIE_MM:  # groups within one tower: nothing can be gained
            _turn(problem, plan, local, size, branch, -1)
            continue
        dual = 0.0
        for at in range(size):
            dual += pi[local[at]]
        allowance = value - dual + margin if branch < 0 else np.inf
        list_groups(
            problem, local, size, street_free, cost_at, value + TIE_MM, allowance, pi, groups
        )
        kept = 0
        if len(loyalty[1]):
            kept = earlier_masks(loyalty, local, size, earlier)
            value -= kept_worth(plan, loyalty, local, size, earlier, kept)
            favour(groups, earlier, kept, loyalty[2])
        joined[: 1 << size] = np.inf
        joined[0] = 0.0
        if branch >= 0:
            _joined(problem, where, local, size, branch, places[branch], joined)
        found = _part_within(problem, street_free, size, groups, local, pi, allowance, room, fees)
        if len(loyalty[1]):
            favour(groups, earlier, kept, -loyalty[2])
        if found <= value + TIE_MM:
            _settle(problem, plan, local, size, branch, groups, last)
            gained += value - found
        else:
            _turn(problem, plan, local, size, branch, -1)
    return gained
