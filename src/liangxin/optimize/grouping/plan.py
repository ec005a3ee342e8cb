"""A plan under construction, as the arrays that the compiled search changes in place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from liangxin.optimize.grouping._kernels import item_cost
from liangxin.optimize.grouping._kernels_loyalty import Loyalty
from liangxin.optimize.grouping._kernels_parting import improve
from liangxin.optimize.grouping._kernels_search import (
    MOST_LOCAL,
    PlanArrays,
    Problem,
    first_plan,
)
from liangxin.optimize.grouping.instance import Instance
from liangxin.optimize.grouping.neighbours import Graph
from liangxin.optimize.grouping.pace import Pace
from liangxin.optimize.grouping.problem import Floats, Ints

MOST_LISTED = 1 << MOST_LOCAL - 1
SEEDS_AT_ONCE = 256
ROUGH_PASSES = 2
ROUGH_UNITS = 11


@dataclass(frozen=True)
class Plan:
    """Groups so far; the arrays are told in `_kernels_search`."""

    where: Ints
    rows: Ints
    hosts: Ints
    costs: Floats
    places: Ints
    street_free: Ints
    spare: Ints

    @property
    def arrays(self) -> PlanArrays:
        return (
            self.where,
            self.rows,
            self.hosts,
            self.costs,
            self.places,
            self.street_free,
            self.spare,
        )

    def copy(self) -> "Plan":
        """Return a plan that may be changed without changing this one."""
        return Plan(
            where=self.where.copy(),
            rows=self.rows.copy(),
            hosts=self.hosts.copy(),
            costs=self.costs.copy(),
            places=self.places.copy(),
            street_free=self.street_free.copy(),
            spare=self.spare.copy(),
        )


def empty_plan(instance: Instance) -> Plan:
    """Return the plan that leaves every item out."""
    count = instance.items
    return Plan(
        where=np.full(count, -1, np.int64),
        rows=np.full((count, int(instance.limit[2])), -1, np.int64),
        hosts=np.full(count, -1, np.int64),
        costs=np.zeros(count),
        places=instance.branch_free.copy(),
        street_free=instance.street_room.copy(),
        spare=np.concatenate([[count], np.arange(count)[::-1]]).astype(np.int64),
    )


def plan_cost(instance: Instance, plan: Plan) -> float:
    """Return what the plan costs: groups, ways to branches, and penalties of items left out."""
    groups = float(plan.costs[plan.hosts >= 0].sum())
    left_out = float(instance.penalty[plan.where == -1].sum())
    joined = np.flatnonzero(plan.where < -1)
    return (
        groups
        + left_out
        + sum(branch_cost(instance, -2 - int(plan.where[item]), int(item)) for item in joined)
    )


def branch_cost(instance: Instance, branch: int, item: int) -> float:
    """Return what an item costs at an existing branch."""
    host = len(instance.unit) + branch
    return float(
        item_cost(instance.place, instance.code, instance.reach, instance.item_start, item, host)
    )


def star_plan(instance: Instance, graph: Graph, pi: Floats) -> Plan:
    """Return the plan of the stars of least reduced cost; what fits in none stays left out."""
    plan = empty_plan(instance)
    first_plan(kernel_problem(instance), plan.arrays, graph.arrays, instance.base, pi)
    return plan


def rough_plan(instance: Instance, graph: Graph, *, passes: int = ROUGH_PASSES) -> Plan:
    """Return a quick plan without prices: an aim for the bound."""
    nothing = np.zeros(instance.items)
    plan = star_plan(instance, graph, nothing)
    search = Search(instance, graph, pi=nothing, seed=0)
    for _ in range(passes):
        search.improve(plan, seeds=search.all_seeds(plan), most_units=ROUGH_UNITS)
    return plan


NO_LOYALTY: Loyalty = (np.zeros(0, np.int64), np.zeros(0, np.int64), 0.0)


class Search:
    """Parts neighbourhoods anew, guided by prices; the same seed gives the same course.

    `loyalty` says what keeping groups of an earlier plan whole is worth, see `_kernels_parting`.
    """

    def __init__(
        self,
        instance: Instance,
        graph: Graph,
        *,
        pi: Floats,
        seed: int | Sequence[int],
        loyalty: Loyalty = NO_LOYALTY,
    ) -> None:
        self.instance, self.pi, self.loyalty = instance, pi, loyalty
        self.links = (*_ordered_links(instance, graph, pi), *_branches_near(instance, graph))
        self.random = np.random.default_rng(seed)
        self.dice = self.random.integers(1, 1 << 63, size=1, dtype=np.uint64)
        self.margin_mm = float(pi.sum()) / max(1, instance.items) if pi.any() else np.inf
        states = 1 << MOST_LOCAL
        self.room = (
            np.empty((2 * MOST_LOCAL, MOST_LOCAL)),
            np.empty(MOST_LISTED, np.int64),
            np.empty(MOST_LISTED),
            np.empty(MOST_LISTED, np.int64),
            np.empty(MOST_LOCAL + 1, np.int64),
            np.empty(states),
            np.empty(states, np.int64),
            np.empty(states),
        )

    def all_seeds(self, plan: Plan) -> Ints:
        """Return every item once, those left out first."""
        order = self.random.permutation(self.instance.items)
        seeds: Ints = order[np.argsort(plan.where[order] != -1, kind="stable")]
        return seeds

    def improve(self, plan: Plan, *, seeds: Ints, most_units: int) -> float:
        """Part the neighbourhood of each seed anew; return the member-metres gained."""
        gained: float = improve(
            kernel_problem(self.instance),
            plan.arrays,
            self.links,
            self.pi,
            seeds,
            most_units,
            self.margin_mm,
            self.dice,
            self.room,
            self.loyalty,
        )
        return gained

    def improve_all(
        self, plan: Plan, *, most_units: int, pace: Pace, share: tuple[float, float]
    ) -> float:
        """Go once over all seeds, telling the pace; stops early when a time limit has passed."""
        seeds, gained = self.all_seeds(plan), 0.0
        for at in range(0, len(seeds), SEEDS_AT_ONCE):
            if not pace.goes_on(float(share[0] + (share[1] - share[0]) * at / len(seeds))):
                break
            gained += self.improve(
                plan, seeds=seeds[at : at + SEEDS_AT_ONCE], most_units=most_units
            )
        return gained


def kernel_problem(instance: Instance) -> Problem:
    """Return what the compiled search has to know of an instance."""
    units = (
        instance.place,
        instance.code,
        instance.reach,
        instance.limit,
        instance.item_start,
        instance.item_size,
    )
    barred = (instance.forbidden_start, instance.forbidden_item, instance.host_street)
    return units, barred, instance.penalty


def _ordered_links(instance: Instance, graph: Graph, pi: Floats) -> tuple[Ints, Ints]:
    """Return the items near each host, the cheapest above their price first."""
    host = np.repeat(np.arange(instance.hosts), np.diff(graph.start))
    order = np.lexsort([graph.cost - pi[graph.item], host])
    return graph.start, graph.item[order]


def _branches_near(instance: Instance, graph: Graph) -> tuple[Ints, Ints]:
    """Return starts and numbers of the existing branches near each item."""
    host = np.repeat(np.arange(instance.hosts), np.diff(graph.start))
    first = len(instance.unit)
    arcs = np.flatnonzero(host >= first)
    order = arcs[np.lexsort([host[arcs], graph.item[arcs]])]
    start = np.searchsorted(graph.item[order], np.arange(instance.items + 1))
    return start.astype(np.int64), host[order] - first
