"""A plan put together from how often groups of kinds of items are made."""

from collections.abc import Sequence

import numpy as np

from liangxin.optimize.grouping._kernels_search import OUT, found_group, host_cost
from liangxin.optimize.grouping.instance import Instance
from liangxin.optimize.grouping.plan import empty_plan, kernel_problem
from liangxin.optimize.grouping.problem import Ints


class Builder:
    """An empty plan, and the items of each kind that stand in none of its groups yet."""

    def __init__(self, instance: Instance, kind_of_item: Ints) -> None:
        self.instance, self.plan = instance, empty_plan(instance)
        order = np.argsort(kind_of_item, kind="stable")
        cuts = np.cumsum(np.bincount(kind_of_item))[:-1]
        self.waiting = [part.tolist() for part in np.split(order, cuts)]

    def found(
        self, items: Ints, *, host: int, offset: int = 0, cost_mm: float | None = None
    ) -> None:
        """Make a group of these; `host` is the place of the host's item, `offset` its unit within the item.

        What it costs is reckoned unless it is known.
        """
        unit, problem = (
            int(self.instance.item_start[items[host]]) + offset,
            kernel_problem(self.instance),
        )
        if cost_mm is None:
            cost_mm = host_cost(problem, items, unit)
        found_group(problem, self.plan.arrays, items, unit, cost_mm)

    def join(self, kinds: Sequence[int], *, branch: int) -> None:
        """Let one item of each join an existing branch."""
        items = self.taken(kinds)
        self.plan.where[items] = OUT - 1 - branch
        self.plan.places[branch] -= self.instance.item_size[items].sum(axis=0)

    def taken(self, kinds: Sequence[int] | Ints) -> Ints:
        """Return one item of each, which waits no more."""
        return np.array([self.waiting[kind].pop() for kind in kinds], np.int64)

    def let_classes_be_taken(self, class_of_kind: Ints, classes: int) -> None:
        """Number classes behind the kinds; whoever still waits is taken by its class from now on."""
        waiting: list[list[int]] = [[] for _ in range(classes)]
        for kind, number in enumerate(class_of_kind.tolist()):
            if number >= 0:
                waiting[number] += self.waiting[kind]
        self.waiting += waiting
