"""What a person with a map does: unit by unit in the order of the list, the nearest until it is enough."""

import numpy as np

from liangxin.optimize.grouping._kernels_search import OUT, best_host, found_group
from liangxin.optimize.grouping.answer import answered_groups, answered_left_out
from liangxin.optimize.grouping.instance import Instance, flatten
from liangxin.optimize.grouping.neighbours import Graph, neighbour_graph
from liangxin.optimize.grouping.pace import Pace
from liangxin.optimize.grouping.plan import Plan, empty_plan, kernel_problem
from liangxin.optimize.grouping.problem import GroupingProblem, Ints
from liangxin.optimize.grouping.solution import LeftOutReason, Solution
from liangxin.optimize.stop import Stop


def greedy(problem: GroupingProblem) -> Solution:
    """Return a plan that keeps every rule and looks no further than the next unit; no bound."""
    pace = Pace(Stop())
    instance = flatten(problem)
    graph, plan = neighbour_graph(instance), empty_plan(instance)
    first = np.argsort(-instance.item_size[:, 0], kind="stable")  # pinned sets while there is room
    for item in first.tolist():
        if plan.where[item] == OUT:
            _found_around(instance, graph, plan, item)
    for item in np.flatnonzero(plan.where == OUT).tolist():
        _join_nearest(instance, graph, plan, item)
    groups = answered_groups(problem, instance, plan)
    left_out = answered_left_out(problem, instance, plan, groups)
    fined = sum(out.reason is not LeftOutReason.TOO_FEW_NEAR for out in left_out)
    objective_mm = sum(group.cost_mm for group in groups) + fined * problem.rules.left_out_mm
    return Solution(
        groups=groups,
        left_out=left_out,
        objective_mm=float(objective_mm),
        bound_mm=instance.settled_mm,
        seconds=pace.seconds,
        seed=0,
        effort=1.0,
        is_reproducible=True,
    )


def _found_around(instance: Instance, graph: Graph, plan: Plan, item: int) -> None:
    """Found a group of the item and the nearest free ones, as soon as that is lawful."""
    host = int(instance.item_start[item])
    near = slice(graph.start[host], graph.start[host + 1])
    by_cost = graph.item[near][np.argsort(graph.cost[near], kind="stable")]
    free = by_cost[plan.where[by_cost] == OUT]
    for count in range(min(len(free), int(instance.limit[2]) - 1) + 1):
        if _founded(instance, plan, np.append(item, free[:count])):
            return


def _founded(instance: Instance, plan: Plan, items: Ints) -> bool:
    problem = kernel_problem(instance)
    host, cost = best_host(problem, items, plan.street_free)
    if host < 0:
        return False
    found_group(problem, plan.arrays, items, host, cost)
    return True


def _join_nearest(instance: Instance, graph: Graph, plan: Plan, item: int) -> None:
    """Add an item that is left to the first near group that may take it, without a new host's search."""
    host = int(instance.item_start[item])
    near = slice(graph.start[host], graph.start[host + 1])
    for other in graph.item[near][np.argsort(graph.cost[near], kind="stable")].tolist():
        group = int(plan.where[other])
        if group >= 0 and _enlarged(instance, plan, group, item):
            return


def _enlarged(instance: Instance, plan: Plan, group: int, item: int) -> bool:
    before = plan.rows[group][plan.rows[group] >= 0]
    items = np.append(before, item)
    if len(items) > plan.rows.shape[1]:
        return False
    street_free = plan.street_free.copy()
    street = int(instance.host_street[plan.hosts[group]])
    if street >= 0:
        street_free[street] += 1
    host, cost = best_host(kernel_problem(instance), items, street_free)
    if host < 0:
        return False
    plan.street_free[:] = street_free
    plan.rows[group] = -1
    plan.spare[0] += 1
    plan.spare[plan.spare[0]] = group
    found_group(kernel_problem(instance), plan.arrays, items, host, cost)
    return True
