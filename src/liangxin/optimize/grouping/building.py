"""A plan put together from how often groups of kinds of items are made."""

from collections.abc import Sequence

import numpy as np

from liangxin.optimize.grouping._kernels_search import OUT, found_group
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

    def found(self, kinds: Sequence[int], *, host: int, offset: int, cost_mm: float) -> None:
        """Make a group of one item of each; `host` is the place of the host's kind, `offset` its unit within the item."""
        items = self._taken(kinds)
        unit = int(self.instance.item_start[items[host]]) + offset
        found_group(kernel_problem(self.instance), self.plan.arrays, items, unit, cost_mm)

    def join(self, kinds: Sequence[int], *, branch: int) -> None:
        """Let one item of each join an existing branch."""
        items = self._taken(kinds)
        self.plan.where[items] = OUT - 1 - branch
        self.plan.places[branch] -= self.instance.item_size[items].sum(axis=0)

    def _taken(self, kinds: Sequence[int]) -> Ints:
        return np.array([self.waiting[kind].pop() for kind in kinds], np.int64)
