"""A lower bound of every plan, from prices (duals) of the items.

Write pi_j for the price of item j and c(j, h) for what it costs at host h. Every plan pays, for each
group with host h, the sum of c(j, h) over its items and, for each item left out, its penalty. Take
L(pi) = sum_j pi_j + sum_k min(0, r_k) + sum_b min(0, r_b), where r_k is the least value of
sum_j (c(j, h) - pi_j) over the stars of any host h within item k, r_b the same of existing branch b,
and every pi_j is at most the penalty of j. Then L(pi) is at most the cost of any plan: sort the plan's
items by group; an item left out pays its penalty >= pi_j; a group with its host in item k pays at
least r_k + its sum of pi_j, and no two groups have their host in one item; a group at branch b
likewise, and there is one such group at most.

It stays true when more stars are allowed than there are groups, and some are: prices are asked for at
most `CAPPED_MEMBERS` members, a pinned set counts as one unit beside a host, most members, forbidden
pairs, limits of streets and the members' places of a branch beyond one each are not looked at. Frozen groups and units that
the settings leave no group are constants. The last check is over all pairs in reach, not the graph.
"""

from dataclasses import dataclass

import numpy as np

from liangxin.optimize.grouping._kernels_prices import (
    CAPPED_MEMBERS,
    MOST_OTHERS,
    best_arcs,
    climb,
    price,
)
from liangxin.optimize.grouping.instance import Instance, flatten
from liangxin.optimize.grouping.neighbours import Graph, merged, neighbour_graph
from liangxin.optimize.grouping.pace import Pace
from liangxin.optimize.grouping.plan import plan_cost, rough_plan
from liangxin.optimize.grouping.problem import NONE, Floats, GroupingProblem, Ints
from liangxin.optimize.stop import OnProgress, Stop

USUAL = Stop()
CLIMBS = 2  # each followed by a check over all pairs, whose better stars join the graph
STEPS_PER_CLIMB = 300
STEP_AFTER_CHECK = 0.05
STEPS_AT_ONCE = 25
FEWEST_ITEMS = 3000  # with fewer, steps cost little and more are made


@dataclass(frozen=True)
class Duals:
    """Prices of the items, the bound they prove over all pairs, and the graph grown on the way."""

    pi: Floats
    bound_mm: float  # without what is settled beforehand
    graph: Graph


def lower_bound(
    problem: GroupingProblem, *, stop: Stop = USUAL, on_progress: OnProgress | None = None
) -> float:
    """Return a number that the cost of no plan is below, in member-metres."""
    instance = flatten(problem)
    graph = neighbour_graph(instance)
    pace = Pace(stop, on_progress=on_progress)
    aim = plan_cost(instance, rough_plan(instance, graph))
    duals = find_duals(instance, graph, aim_mm=aim, pace=pace, share=(0.0, 1.0))
    return duals.bound_mm + instance.settled_mm


def find_duals(
    instance: Instance,
    graph: Graph,
    *,
    aim_mm: float,
    pace: Pace,
    share: tuple[float, float],
    climbs: int = CLIMBS,
) -> Duals:
    """Return good prices; `share` says from where to where of the whole work this goes."""
    pi, best = np.zeros(instance.items), Duals(np.zeros(instance.items), 0.0, graph)
    more = max(1.0, FEWEST_ITEMS / max(1, instance.items)) ** 0.5 * min(4.0, pace.stop.effort**0.5)
    steps = max(STEPS_AT_ONCE, round(STEPS_PER_CLIMB * more))
    state = _start_state(instance, aim_mm)
    for turn in range(climbs):
        _climb(instance, graph, pi, state, steps, pace, share, turn, climbs)
        value, host, item = proven(instance, pi)
        graph = merged(instance, graph, host=host, item=item)
        if value > best.bound_mm:
            best = Duals(pi.copy(), value, graph)
        if pace.is_cut:
            break
        state[1], state[2] = 0, value
        state[0] = max(state[0], STEP_AFTER_CHECK)
    return Duals(best.pi, best.bound_mm, graph)


def _start_state(instance: Instance, aim_mm: float) -> Floats:
    state = np.zeros(4 + 2 * instance.items)
    state[0], state[2], state[3] = 1.0, -np.inf, aim_mm
    return state


def _climb(
    instance: Instance,
    graph: Graph,
    pi: Floats,
    state: Floats,
    steps: int,
    pace: Pace,
    share: tuple[float, float],
    turn: int,
    climbs: int,
) -> None:
    for done in range(0, steps, STEPS_AT_ONCE):
        part = (turn + done / steps) / climbs
        if not pace.goes_on(share[0] + part * (share[1] - share[0])):
            return
        climb(
            instance.code,
            instance.item_start,
            instance.item_size,
            graph.arrays,
            instance.base,
            instance.branch_free,
            instance.priced_limit,
            instance.extra_mm,
            instance.penalty,
            instance.alike,
            pi,
            STEPS_AT_ONCE,
            state,
        )


def proven(instance: Instance, pi: Floats) -> tuple[float, Ints, Ints]:
    """Return L(pi) over all pairs in reach, and the arcs (hosts, items) that best stars are made of."""
    first = len(instance.unit)
    need = int(min(instance.limit[3], CAPPED_MEMBERS))
    hosts = np.flatnonzero(instance.code[:first, 4] & np.isfinite(instance.base[:first]))
    found = [_all_best(instance, pi, hosts, classes=need, most=MOST_OTHERS)]
    for branch, (units, members) in enumerate(instance.branch_free.tolist()):
        row = np.array([first + branch])
        found.append(_all_best(instance, pi, row, classes=1, most=max(1, min(units, members))))
    host, item = (np.concatenate(column) for column in zip(*found, strict=True))
    everything = merged(instance, _empty_graph(instance), host=host, item=item)
    stars, reduced, value = _priced(instance, everything, pi)
    return float(value + pi.sum()), *_arcs_below(instance, everything, stars, reduced)


def best_items(
    instance: Instance,
    pi: Floats,
    hosts: Ints,
    *,
    classes: int,
    most: int,
    passed_over: tuple[Ints, Ints] | None = None,
) -> Ints:
    """Return (hosts, classes * most) the items that each host takes first, over all pairs in reach.

    Per class of members the `most` of least cost above price, -1 behind the last. `passed_over` numbers
    rows and items: a host takes no item of its own number, which is at least 0.
    """
    row_number, item_number = passed_over or (
        np.full(instance.hosts, NONE),
        np.full(instance.items, NONE),
    )
    return best_arcs(
        instance.place,
        instance.code,
        instance.reach,
        instance.buckets,
        instance.item_start,
        instance.item_of_unit,
        instance.item_size,
        pi,
        hosts,
        row_number,
        item_number,
        classes,
        most,
    )


def _all_best(
    instance: Instance, pi: Floats, hosts: Ints, *, classes: int, most: int
) -> tuple[Ints, Ints]:
    found = best_items(instance, pi, hosts, classes=classes, most=most)
    row, column = np.nonzero(found >= 0)
    return hosts[row], found[row, column]


def _empty_graph(instance: Instance) -> Graph:
    none = np.zeros(0, np.int64)
    return Graph(np.zeros(instance.hosts + 1, np.int64), none, none.astype(np.float64))


def _priced(instance: Instance, graph: Graph, pi: Floats) -> tuple[Ints, Floats, float]:
    rows = instance.items + len(instance.branch_free)
    widest = int(instance.branch_free.min(axis=1, initial=0).max(initial=0))
    stars, reduced = np.empty((rows, max(MOST_OTHERS, widest)), np.int64), np.empty(rows)
    value = price(
        instance.code,
        instance.item_start,
        instance.item_size,
        graph.arrays,
        0.0,
        instance.base,
        instance.branch_free,
        instance.priced_limit,
        instance.extra_mm,
        pi,
        np.ones(instance.items, np.bool_),
        stars,
        reduced,
    )
    return stars, reduced, value


def _arcs_below(
    instance: Instance, graph: Graph, stars: Ints, reduced: Floats
) -> tuple[Ints, Ints]:
    """Return the arcs of hosts whose item has a star below 0: the ones that the climb must know."""
    row, column = np.nonzero((stars >= 0) & (reduced < 0)[:, None])
    item = stars[row, column]
    is_branch = row >= instance.items
    host = np.where(
        is_branch,
        len(instance.unit) + row - instance.items,
        instance.item_start[np.minimum(row, instance.items - 1)],
    )
    return host, item
