"""A sharper bound and the plan that it nearly proves: prices that know odd sets.

The bound of `bound` is at best what a linear program over all stars allows, and that may make halves of
groups: of three units each two of which would make a group with others, it makes three halves. But of an
odd set S of items no plan takes more than (|S| - 1) / 2 disjoint pairs, and a group with k items of S takes
k // 2 of them. Adding this for the sets that a solution breaks (subset-row inequalities of rank one;
Jepsen, Petersen, Spoorendonk and Pisinger, Operations Research 56(2), 2008) lifts the program close to the best plan.

With weights s_S >= 0 of the sets, and a fine f_t >= 0 for each new group in a limited street t, what stands
at the top of `bound` becomes: L = sum_j pi_j - sum_S s_S (|S| - 1) / 2 - sum_t f_t room_t + sum_k min(0, r_k) + sum_b min(0, r_b),
where a star pays f_t of its host's street and s_S for each pair that it takes from S. That is at most the cost of any
plan, since its stars take at most (|S| - 1) / 2 pairs from S and t has at most room_t groups.

Sets are of kinds of items (all items of one to three kinds): what nothing tells apart has equal prices.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from liangxin.optimize.grouping.instance import Instance
from liangxin.optimize.grouping.kinds import (
    Joins,
    KindGraph,
    Kinds,
    KindStars,
    Prices,
    cheap_stars,
    joined,
    joins_of,
    kind_graph,
    kinds_of,
    least_reduced,
    lowest_stars,
    stars_within_crowds,
)
from liangxin.optimize.grouping.master import Master
from liangxin.optimize.grouping.problem import NONE, Floats, Ints

LEAST_EFFORT = 0.2  # of a solver, under which it does without
CHECKS = 3  # over all pairs, whose stars join the graph
ROUNDS, TURNS = 8, 60  # of odd sets; of stars for each of them
FIRST_BELOW = 1.0  # mean prices above 0 that a star of the first program may cost
FIRST_KEPT, KEPT = 16, 4  # stars of each host
LEAST_BELOW_MM = 1e-5  # what a star must be under 0 to join: rounding alone would go on for ever
MENDS = 4  # of prices put together from parts
WORTH = 1e-5  # of the bound, below which another check finds nothing


@dataclass(frozen=True)
class Lifted:
    """A bound over all pairs, without what is settled beforehand, and what it was proven with."""

    bound_mm: float
    kinds: Kinds
    graph: KindGraph
    joins: Joins
    prices: Prices

    @property
    def pi(self) -> Floats:
        """The prices of the items."""
        return self.prices.pi[self.kinds.of_item]

    def sets_of(self, items: Ints) -> tuple[list[tuple[int, ...]], Floats]:
        """Return the weighed sets that hold none but these items, told by one of each kind, and weights.

        With an item all of its kind must be among them. The places in `items` are told.
        """
        place = np.full(len(self.kinds), NONE)
        place[self.kinds.of_item[items]] = np.arange(len(items))
        heavy = [
            at
            for at in np.flatnonzero(self.prices.weight > 0).tolist()
            if (place[list(self.prices.sets[at])] >= 0).all()
        ]
        told = [tuple(place[list(self.prices.sets[at])].tolist()) for at in heavy]
        return told, self.prices.weight[heavy]


def lifted(instance: Instance, pi: Floats, *, goes_on: Callable[[], bool] = lambda: True) -> Lifted:
    """Return the bound of the prices of items `pi`, lifted, as far as it got before it was not to go on."""
    kinds = kinds_of(instance)
    of_kind = kinds.of(pi)
    prices = Prices(of_kind, np.zeros(len(instance.street_room)))
    graph, joins = kind_graph(kinds, of_kind), joins_of(kinds, of_kind)
    lowest = lowest_stars(kinds, graph, prices)
    best = Lifted(_value(kinds, lowest, joins, prices), kinds, graph, joins, prices)
    master = Master(kinds, joins)
    below_mm = FIRST_BELOW * float(np.abs(of_kind).sum()) / max(1, len(kinds))
    first = cheap_stars(kinds, graph, prices, below_mm=below_mm, keep=FIRST_KEPT)
    master.add(first)
    master.add(stars_within_crowds(kinds))
    for _ in range(CHECKS):
        value_mm, prices = _priced(master, graph, goes_on)
        seen = kind_graph(kinds, prices.pi)
        lowest = lowest_stars(kinds, seen, prices)
        proven_mm = _value(kinds, lowest, joins_of(kinds, prices.pi), prices)
        graph = joined(kinds, graph, seen)
        if proven_mm > best.bound_mm:
            best = Lifted(proven_mm, kinds, graph, joins, prices)
        if value_mm - proven_mm <= WORTH * abs(value_mm) or not goes_on():
            break
    return best


def proven_with_sets(
    instance: Instance, pi: Floats, sets: Sequence[tuple[int, ...]], weight: Floats
) -> float:
    """Return the bound over all pairs that prices of items prove with weights of odd sets.

    A set is told by one item of each of its kinds.
    """
    kinds = kinds_of(instance)
    of_kind = kinds.of(pi)
    of_kinds = tuple(tuple(sorted(kinds.of_item[list(items)].tolist())) for items in sets)
    prices = Prices(of_kind, np.zeros(len(instance.street_room)), of_kinds, weight)
    best_mm = -np.inf
    for _ in range(MENDS):
        graph = kind_graph(kinds, prices.pi)
        lowest = lowest_stars(kinds, graph, prices)
        best_mm = max(best_mm, _value(kinds, lowest, joins_of(kinds, prices.pi), prices))
        lower = _lower(kinds, lowest, prices.pi)
        if not lower.any():
            break
        prices = replace(prices, pi=prices.pi - lower)
    return best_mm


def _lower(kinds: Kinds, lowest: KindStars, pi: Floats) -> Floats:
    """Return by how much the price of each kind should be lower, 0 or more.

    Prices of parts do not know what lies beyond their borders: a whole tower there may want one unit, and
    the bound falls by what each of its hosts gains. It falls by less if the unit's price does.
    """
    size = len(kinds)
    is_other = (lowest.rows >= 0) & (lowest.rows < size)
    is_other[:, 0] = False
    worth = np.where(is_other, np.append(pi, 0.0)[np.minimum(lowest.rows, size)], -np.inf)
    dearest = worth.argmax(axis=1)
    told = np.flatnonzero(is_other.any(axis=1))
    wanted, gained = lowest.rows[told, dearest[told]], -lowest.reduced[told]
    lower, saved = np.zeros(size), np.zeros(size)
    np.maximum.at(lower, wanted, gained)
    np.add.at(saved, wanted, gained * kinds.count[lowest.rows[told, 0]])
    return np.where(saved > lower * kinds.count, lower, 0.0)


def _priced(master: Master, graph: KindGraph, goes_on: Callable[[], bool]) -> tuple[float, Prices]:
    """Solve the linear program over the graph's stars, with the odd sets that its solutions break."""
    for _ in range(ROUNDS):
        taken, prices = master.solve()
        for _ in range(TURNS):
            found = _missing(master, graph, prices)
            if not len(found) or not goes_on():
                break
            master.add(found)
            taken, prices = master.solve()
        sets = master.broken(taken)
        if not sets or not goes_on():
            break
        master.cut(sets)
    else:
        taken, prices = master.solve()
    return taken.value_mm, prices


def _missing(master: Master, graph: KindGraph, prices: Prices) -> KindStars:
    return cheap_stars(master.kinds, graph, prices, below_mm=-LEAST_BELOW_MM, keep=KEPT)


def _value(kinds: Kinds, lowest: KindStars, joins: Joins, prices: Prices) -> float:
    """Return L; `lowest` and `joins` must have been found at these prices."""
    value = float(kinds.count @ (prices.pi + least_reduced(kinds, lowest)))
    value -= float(prices.street_mm @ kinds.instance.street_room)
    for kind_set, weight in zip(prices.sets, prices.weight.tolist(), strict=True):
        value -= weight * (int(kinds.count[list(kind_set)].sum()) // 2)
    reduced = joins.cost - prices.pi[joins.kind]
    for branch, places in enumerate(kinds.instance.branch_free.min(axis=1).tolist()):
        here = np.flatnonzero(joins.branch == branch)
        each = np.repeat(reduced[here], kinds.count[joins.kind[here]])
        value += float(np.minimum(0.0, np.sort(each)[:places]).sum())
    return value
