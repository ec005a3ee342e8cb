"""A part of an instance, some of its items and existing branches, and plans carried to it and back."""

from dataclasses import dataclass

import numpy as np

from liangxin.optimize.distinct import distinct
from liangxin.optimize.grouping._kernels import spread
from liangxin.optimize.grouping.instance import Instance
from liangxin.optimize.grouping.neighbours import Graph
from liangxin.optimize.grouping.plan import Plan, empty_plan
from liangxin.optimize.grouping.problem import NONE, Ints


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """The items (ascending), rows of their units, and branches of the whole that `instance` is made of."""

    items: Ints
    rows: Ints
    branches: Ints
    instance: Instance


def excerpt(
    instance: Instance, items: Ints, *, branches: Ints, branch_free: Ints, street_room: Ints
) -> Excerpt:
    """Return the part of these items and branches, renumbered in their order; nothing is settled in it.

    `branch_free` (branches, 2) says how many units and members the part may bring to each of its
    branches, `street_room` how many new groups it may host in each limited street.
    """
    sizes = np.diff(instance.item_start)[items]
    rows = spread(instance.item_start[items], sizes)
    all_rows = np.concatenate([rows, len(instance.unit) + branches])
    forbidden_start, forbidden_item = _forbidden(instance, items)
    inside = Instance(
        unit=instance.unit[rows],
        place=instance.place[all_rows],
        code=instance.code[all_rows],
        reach=instance.reach,
        limit=instance.limit,
        item_start=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        item_size=instance.item_size[items],
        penalty=instance.penalty[items],
        branch_free=branch_free,
        base=instance.base[all_rows],
        forbidden_start=forbidden_start,
        forbidden_item=forbidden_item,
        host_street=instance.host_street[all_rows],
        street_room=street_room,
        too_few_near=np.zeros(0, np.bool_),
        settled_mm=0.0,
    )
    return Excerpt(items=items, rows=rows, branches=branches, instance=inside)


def plan_within(part: Excerpt, plan: Plan) -> Plan:
    """Return what the plan of the whole says of the part; no group of it may reach beyond the part."""
    within, where = empty_plan(part.instance), plan.where[part.items]
    groups = distinct(where[where >= 0])
    count = len(groups)
    here = np.full(len(plan.where), NONE, np.int64)
    here[part.items] = np.arange(len(part.items))
    items = plan.rows[groups]
    within.rows[:count] = np.where(items >= 0, here[items], NONE)
    within.hosts[:count] = np.searchsorted(part.rows, plan.hosts[groups])
    within.costs[:count] = plan.costs[groups]
    branch = np.full(len(plan.places), NONE, np.int64)
    branch[part.branches] = np.arange(len(part.branches))
    where = _renumbered(where, branch)
    within.where[:] = np.where(where >= 0, np.searchsorted(groups, where), where)
    rest = np.arange(count, part.instance.items)[::-1]
    within.spare[: len(rest) + 1] = np.concatenate([[len(rest)], rest])
    recount(part.instance, within)
    return within


def write_back(part: Excerpt, plan: Plan, found: Plan) -> None:
    """Put what was found for the part into the plan of the whole, in place of what stood there.

    What the plan uses of branches and streets is not counted again: see `recount`.
    """
    before = plan.where[part.items]
    gone = distinct(before[before >= 0])
    plan.rows[gone], plan.hosts[gone] = NONE, NONE
    spare = int(plan.spare[0])
    plan.spare[spare + 1 : spare + 1 + len(gone)] = gone
    kept = np.flatnonzero(found.hosts >= 0)
    last = spare + len(gone)
    rows = plan.spare[last + 1 - len(kept) : last + 1].copy()
    plan.spare[0] = last - len(kept)
    items = found.rows[kept]
    plan.rows[rows] = np.where(items >= 0, part.items[items], NONE)
    plan.hosts[rows], plan.costs[rows] = part.rows[found.hosts[kept]], found.costs[kept]
    row_of = np.full(len(found.hosts) + 1, NONE, np.int64)
    row_of[kept] = rows
    where = _renumbered(found.where, part.branches)
    plan.where[part.items] = np.where(where >= 0, row_of[np.maximum(where, NONE)], where)


def graph_within(graph: Graph, part: Excerpt) -> Graph:
    """Return the arcs of the graph that both ends of lie in a part, which has all of its branches."""
    here = np.full(len(graph.start), NONE, np.int64)  # of items, which are no more than hosts
    here[part.items] = np.arange(len(part.items))
    first = len(graph.start) - 1 - len(part.instance.branch_free)
    hosts = np.concatenate([part.rows, first + part.branches])
    counts = np.diff(graph.start)[hosts]
    arcs = spread(graph.start[hosts], counts)
    item = here[graph.item[arcs]]
    kept = item >= 0
    host = np.repeat(np.arange(len(hosts)), counts)[kept]
    start = np.searchsorted(host, np.arange(len(hosts) + 1)).astype(np.int64)
    return Graph(start, item[kept], graph.cost[arcs][kept])


def recount(instance: Instance, plan: Plan) -> None:
    """Count anew what is free in branches and limited streets."""
    plan.places[:] = instance.branch_free
    joined = np.flatnonzero(plan.where < NONE)
    np.subtract.at(plan.places, -2 - plan.where[joined], instance.item_size[joined])
    street = instance.host_street[plan.hosts[plan.hosts >= 0]]
    made = np.bincount(street[street >= 0], minlength=len(instance.street_room))
    plan.street_free[:] = instance.street_room - made


def _renumbered(where: Ints, branch: Ints) -> Ints:
    """Return where items stand, the existing branches that they joined by other numbers."""
    result, joined = where.copy(), where < NONE
    result[joined] = -2 - branch[-2 - where[joined]]
    return result


def _forbidden(instance: Instance, items: Ints) -> tuple[Ints, Ints]:
    counts = np.diff(instance.forbidden_start)[items]
    if not counts.any():
        return np.zeros(len(items) + 1, np.int64), np.zeros(0, np.int64)
    here = np.full(instance.items, NONE, np.int64)
    here[items] = np.arange(len(items))
    partner = here[instance.forbidden_item[spread(instance.forbidden_start[items], counts)]]
    owner = np.repeat(np.arange(len(items)), counts)[partner >= 0]
    start = np.searchsorted(owner, np.arange(len(items) + 1))
    return start.astype(np.int64), partner[partner >= 0]
