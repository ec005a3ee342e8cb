"""An earlier plan carried over to present facts: what stands is kept, the rest is settled near by.

Groups of the earlier plan that keep the present rules stand. Whoever is in none of them is loose: new
units, those whose group no longer keeps the rules, those left out before. Only groups near a loose unit
are looked at, and each of them is changed only where that saves more than keeping it is worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from liangxin.optimize.distinct import distinct
from liangxin.optimize.grouping._kernels import spread
from liangxin.optimize.grouping._kernels_loyalty import Loyalty
from liangxin.optimize.grouping._kernels_nearby import mark_near_groups
from liangxin.optimize.grouping._kernels_search import OUT, best_host, found_group, host_cost
from liangxin.optimize.grouping.answer import answered
from liangxin.optimize.grouping.bound import find_duals, proven
from liangxin.optimize.grouping.excerpt import Excerpt, excerpt, plan_within, recount, write_back
from liangxin.optimize.grouping.instance import Instance, flatten
from liangxin.optimize.grouping.neighbours import neighbour_graph
from liangxin.optimize.grouping.pace import Pace
from liangxin.optimize.grouping.plan import Plan, Search, empty_plan, kernel_problem, plan_cost
from liangxin.optimize.grouping.problem import NONE, Floats, GroupingProblem, Ints
from liangxin.optimize.grouping.solution import Solution
from liangxin.optimize.stop import OnProgress, Stop

USUAL = Stop()
NEAR_GROUPS = 8  # groups looked at around each loose item, among those of
NEAR_ITEMS = 64  # the nearest items
PASSES = 6  # over the loose items, with effort 1
UNITS = 12
WORTH_OF_MEAN = 2.0  # keeping a group whole is worth so many mean costs of a group,
LEAST_WORTH = 1.0  # or this, in member-metres
SHORT_CLIMB = 0.02


@dataclass(frozen=True)
class Star:
    """A group of the earlier plan, in units of the present problem; units that are gone are left away.

    `host` is one of the units, or NONE where they joined the existing branch `branch`, or where the
    host is gone.
    """

    units: tuple[int, ...]
    host: int = NONE
    branch: int = NONE


@dataclass(frozen=True)
class Replan:
    """The new plan; the units that were free to move; how many earlier groups stood and were changed."""

    solution: Solution
    looked_at: tuple[int, ...]
    stood: int
    altered: int


def replan(
    problem: GroupingProblem,
    *,
    before: Sequence[Star],
    prices: Floats | None = None,
    stop: Stop = USUAL,
    seed: int = 1,
    on_progress: OnProgress | None = None,
) -> Replan:
    """Return a lawful plan that differs from the earlier one only where it must, or saves much.

    `prices` (units), of the earlier solution, give the bound without a new climb; a unit that was not
    there has 0. The same arguments give the same plan. Raises InvalidProblem.
    """
    pace = Pace(stop, on_progress=on_progress)
    pace.goes_on(0.0)
    instance = flatten(problem)
    plan, earlier = _standing(instance, before)
    part = _window(instance, plan)
    pace.goes_on(0.3)
    found = _settled(part, plan_within(part, plan), earlier, seed=seed, pace=pace)
    write_back(part, plan, found)
    recount(instance, plan)
    intact = _intact(instance, plan, earlier)
    pi, bound_mm = _bound(instance, plan, prices, pace)
    solution = answered(problem, instance, plan, bound_mm=bound_mm, pi=pi, seed=seed, pace=pace)
    looked_at = tuple(sorted(instance.unit[part.rows].tolist()))
    return Replan(solution, looked_at, stood=len(intact), altered=len(intact) - sum(intact))


@dataclass(frozen=True)
class _Earlier:
    """Groups that stand: the number of each item's, and their items and hosts (rows)."""

    label: Ints
    groups: tuple[tuple[int, ...], ...]
    hosts: tuple[int, ...]


def _standing(instance: Instance, before: Sequence[Star]) -> tuple[Plan, _Earlier]:
    """Return the plan of the groups that keep the present rules; every other item is left out."""
    plan, label = empty_plan(instance), np.full(instance.items, NONE, np.int64)
    row_of = np.full(int(instance.unit.max(initial=-1)) + 1, NONE, np.int64)
    row_of[instance.unit] = np.arange(len(instance.unit))
    groups: list[tuple[int, ...]] = []
    hosts: list[int] = []
    for star in before:
        rows = [
            int(row_of[unit]) for unit in star.units if unit < len(row_of) and row_of[unit] >= 0
        ]
        items = distinct(instance.item_of_unit[rows]) if rows else np.zeros(0, np.int64)
        is_whole = instance.item_size[items, 0].sum() == len(rows)
        if not len(rows) or not is_whole or (plan.where[items] != OUT).any():
            continue
        if star.branch != NONE:
            _join(instance, plan, items, star.branch)
            continue
        named = int(row_of[star.host]) if 0 <= star.host < len(row_of) else NONE
        host, cost = _lawful_host(instance, plan, items, named)
        if host != NONE:
            found_group(kernel_problem(instance), plan.arrays, items, host, cost)
            label[items] = len(groups)
            groups.append(tuple(items.tolist()))
            hosts.append(host)
    return plan, _Earlier(label, tuple(groups), tuple(hosts))


def _lawful_host(instance: Instance, plan: Plan, items: Ints, named: int) -> tuple[int, float]:
    """Return the host named and its cost if the group is lawful with it, otherwise the best."""
    problem = kernel_problem(instance)
    best, least = best_host(problem, items, plan.street_free)
    if (
        best >= 0
        and named in spread(instance.item_start[items], instance.item_size[items, 0])
        and instance.code[named, 4]
    ):
        street = int(instance.host_street[named])
        cost = host_cost(problem, items, named)
        if cost < np.inf and (street < 0 or plan.street_free[street] > 0):
            return named, cost
    return (best, least) if best >= 0 else (NONE, np.inf)


def _join(instance: Instance, plan: Plan, items: Ints, branch: int) -> None:
    """Let the items join an existing branch if it can be reached and has places for them all."""
    problem, host = kernel_problem(instance), len(instance.unit) + branch
    size = instance.item_size[items].sum(axis=0)
    cost = sum(host_cost(problem, items[at : at + 1], host) for at in range(len(items)))
    if cost < np.inf and (size <= plan.places[branch]).all():
        plan.where[items] = OUT - 1 - branch
        plan.places[branch] -= size


def _window(instance: Instance, plan: Plan) -> Excerpt:
    """Return the loose items and the groups near them, and the branches that have or had places."""
    loose = np.flatnonzero(plan.where == OUT)
    inside = np.zeros(instance.items, np.bool_)
    inside[loose] = True
    if len(loose):
        first = instance.item_start[:-1]
        tree = cKDTree(instance.place[first])
        near = tree.query(instance.place[first[loose]], k=min(NEAR_ITEMS, instance.items))[1]
        mark_near_groups(
            kernel_problem(instance),
            plan.arrays,
            loose,
            near.reshape(len(loose), -1).astype(np.int64),
            NEAR_GROUPS,
            inside,
        )
    inside |= plan.where < OUT if len(loose) else False
    items = np.flatnonzero(inside)
    street = instance.host_street[plan.hosts[distinct(plan.where[items][plan.where[items] >= 0])]]
    made = np.bincount(street[street >= 0], minlength=len(instance.street_room))
    return excerpt(
        instance,
        items,
        branches=np.arange(len(instance.branch_free)),
        branch_free=instance.branch_free,
        street_room=plan.street_free + made,
    )


def _settled(part: Excerpt, plan: Plan, earlier: _Earlier, *, seed: int, pace: Pace) -> Plan:
    """Part the surroundings of what is loose anew, group by group kept where nothing is gained."""
    instance = part.instance
    loyalty = _loyalty(plan, earlier.label[part.items])
    graph = neighbour_graph(instance)
    search = Search(instance, graph, pi=np.zeros(instance.items), seed=seed, loyalty=loyalty)
    loose = np.flatnonzero(plan.where == OUT)
    passes = max(1, round(PASSES * pace.stop.effort))
    for turn in range(passes):
        seeds = search.random.permutation(loose)
        search.improve(plan, seeds=seeds, most_units=UNITS)
        if not pace.goes_on(0.3 + 0.5 * (turn + 1) / passes):
            break
    return plan


def _loyalty(plan: Plan, label: Ints) -> Loyalty:
    """Groups of the part that stood earlier, numbered anew, and what keeping each is worth."""
    numbers, own = np.unique(label[label >= 0], return_inverse=True)
    here = np.full(len(label), NONE, np.int64)
    here[label >= 0] = own
    costs = plan.costs[plan.hosts >= 0]
    worth = WORTH_OF_MEAN * float(costs.mean()) if len(costs) else 0.0
    return here, np.bincount(own, minlength=len(numbers)).astype(np.int64), max(worth, LEAST_WORTH)


def _intact(instance: Instance, plan: Plan, earlier: _Earlier) -> list[bool]:
    """Say of each earlier group whether it stands whole, and give it its host back."""
    found = []
    for items, host in zip(earlier.groups, earlier.hosts, strict=True):
        group = int(plan.where[items[0]])
        inside = plan.rows[group][plan.rows[group] >= 0].tolist() if group >= 0 else []
        is_intact = sorted(inside) == list(items)
        if is_intact and plan.hosts[group] != host:
            cost = host_cost(kernel_problem(instance), np.array(items, np.int64), host)
            plan.hosts[group], plan.costs[group] = host, cost
        found.append(is_intact)
    return found


def _bound(
    instance: Instance, plan: Plan, prices: Floats | None, pace: Pace
) -> tuple[Floats, float]:
    """Return prices of the items and the bound they prove: those given, or of a short climb."""
    if prices is None:
        short = Pace(Stop(effort=SHORT_CLIMB))
        graph, aim_mm = neighbour_graph(instance), plan_cost(instance, plan)
        duals = find_duals(instance, graph, aim_mm=aim_mm, pace=short, share=(0.0, 1.0))
        pi, bound_mm = duals.pi, duals.bound_mm
    else:
        sums = np.add.reduceat(np.append(prices[instance.unit], 0.0), instance.item_start[:-1])
        pi = np.minimum(sums[: instance.items], instance.penalty)
        bound_mm = max(0.0, proven(instance, pi)[0])
    return pi, bound_mm
