"""Items that nothing tells apart as one kind, and the stars of kinds that a price list makes cheap."""

from dataclasses import dataclass, field

import numpy as np

from liangxin.optimize.grouping._kernels import arc_costs
from liangxin.optimize.grouping._kernels_lifting import (
    KindArcs,
    KindSizes,
    Weighed,
    stars_below,
)
from liangxin.optimize.grouping._kernels_prices import CAPPED_MEMBERS
from liangxin.optimize.grouping.bound import best_items
from liangxin.optimize.grouping.excerpt import excerpt
from liangxin.optimize.grouping.instance import Instance
from liangxin.optimize.grouping.plan import branch_cost
from liangxin.optimize.grouping.problem import NONE, Floats, Ints

LISTED = 10  # kinds of each class of members that a host's list holds
KindSet = tuple[int, ...]


@dataclass(frozen=True)
class Kinds:
    """One item of each kind as an instance of its own, and how many items there are."""

    instance: Instance
    count: Ints
    of_item: Ints  # of the whole instance

    def __len__(self) -> int:
        return len(self.count)

    def of(self, pi: Floats) -> Floats:
        """Prices of the items as those of the kinds."""
        of_kind = np.zeros(len(self))
        of_kind[self.of_item] = pi
        return of_kind

    @property
    def sizes(self) -> Ints:
        """(kinds, 2): units and members of one item."""
        return self.instance.item_size


def kinds_of(instance: Instance) -> Kinds:
    """Return the kinds of an instance in the order of their first item; branches stay as they are."""
    _, first, alike, count = np.unique(
        instance.alike, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    part = excerpt(
        instance,
        first[order],
        branches=np.arange(len(instance.branch_free)),
        branch_free=instance.branch_free,
        street_room=instance.street_room,
    )
    return Kinds(part.instance, count[order], rank[alike.ravel()])


@dataclass(frozen=True)
class Prices:
    """Of each kind; of one more new group in each limited street; weights of odd sets of kinds.

    All are in member-metres; the price of a kind is at most the penalty of leaving it out, the others are
    at least 0.
    """

    pi: Floats
    street_mm: Floats
    sets: tuple[KindSet, ...] = ()
    weight: Floats = field(default_factory=lambda: np.zeros(0))

    def weighed(self) -> Weighed:
        """The sets that each kind stands in, for compiled loops; those without weight left out."""
        heavy = np.flatnonzero(self.weight > 0).tolist()
        kinds = [kind for at in heavy for kind in self.sets[at]]
        number = np.repeat(np.arange(len(heavy)), [len(self.sets[at]) for at in heavy])
        order = np.argsort(kinds, kind="stable")
        start = np.searchsorted(np.array(kinds, np.int64)[order], np.arange(len(self.pi) + 1))
        return start.astype(np.int64), number.astype(np.int64)[order], self.weight[heavy]


@dataclass(frozen=True)
class KindGraph:
    """The rows of the kinds' instance that may host, the kinds each may take, and what they cost there."""

    hosts: Ints
    start: Ints
    kind: Ints
    cost: Floats
    # Of the last listed kind of each class: cost above price; inf where the class has no other.
    outside: Floats  # (hosts, classes)

    @property
    def arcs(self) -> KindArcs:
        return self.start, self.kind, self.cost


@dataclass(frozen=True)
class KindStars:
    """Groups of kinds: (stars, width) kinds, the host's first, -1 behind; host row, cost, reduced cost."""

    rows: Ints
    host: Ints
    cost: Floats
    reduced: Floats

    def __len__(self) -> int:
        return len(self.rows)

    def chosen(self, which: Ints) -> "KindStars":
        """Some of them."""
        return KindStars(self.rows[which], self.host[which], self.cost[which], self.reduced[which])


def kind_graph(kinds: Kinds, pi: Floats) -> KindGraph:
    """Return of each host, over all pairs, the `LISTED` kinds per class of least cost above price."""
    inside = kinds.instance
    first, classes = len(inside.unit), int(min(inside.limit[3], CAPPED_MEMBERS))
    hosts = np.flatnonzero(inside.code[:first, 4] & np.isfinite(inside.base[:first]))
    found = best_items(inside, pi, hosts, classes=classes, most=LISTED)
    own = inside.item_of_unit[hosts]
    found = np.column_stack([found, np.where(kinds.count[own] > 1, own, NONE)])
    row, column = np.nonzero(found >= 0)
    kind = found[row, column]
    start = np.searchsorted(row, np.arange(len(hosts) + 1)).astype(np.int64)
    cost = _costs(inside, hosts, start, kind)
    outside = np.full((len(hosts), classes), np.inf)
    members = np.minimum(kinds.sizes[kind, 1], classes) - 1
    is_listed = column < found.shape[1] - 1
    number = np.zeros((len(hosts), classes), np.int64)
    np.add.at(number, (row[is_listed], members[is_listed]), 1)
    last = np.full((len(hosts), classes), -np.inf)
    np.maximum.at(last, (row[is_listed], members[is_listed]), (cost - pi[kind])[is_listed])
    outside[number == LISTED] = last[number == LISTED]
    return KindGraph(hosts, start, kind, cost, outside)


def joined(inside: Instance, one: KindGraph, other: KindGraph) -> KindGraph:
    """Return the graph with the arcs of both; what lies outside is told by `other`."""
    keys = [
        np.repeat(np.arange(len(graph.hosts)), np.diff(graph.start)) * inside.items + graph.kind
        for graph in (one, other)
    ]
    row, kind = np.divmod(np.union1d(*keys), max(1, inside.items))
    start = np.searchsorted(row, np.arange(len(one.hosts) + 1)).astype(np.int64)
    cost = _costs(inside, one.hosts, start, kind)
    return KindGraph(one.hosts, start, kind, cost, other.outside)


def _costs(inside: Instance, hosts: Ints, start: Ints, kind: Ints) -> Floats:
    sizes = np.zeros(inside.hosts, np.int64)
    sizes[hosts] = np.diff(start)
    whole = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return arc_costs(inside.place, inside.code, inside.reach, inside.item_start, whole, kind)


@dataclass(frozen=True)
class Joins:
    """Which kinds may join which existing branch, and what an item of them costs there."""

    branch: Ints
    kind: Ints
    cost: Floats


def joins_of(kinds: Kinds, pi: Floats) -> Joins:
    """Return of each branch as many kinds of least cost above price as it has places, over all pairs."""
    inside, branch, kind = kinds.instance, [], []
    for at, places in enumerate(inside.branch_free.min(axis=1).tolist()):
        row = np.array([len(inside.unit) + at])
        found = best_items(inside, pi, row, classes=1, most=max(1, places))[0]
        kind += found[found >= 0].tolist()
        branch += [at] * int((found >= 0).sum())
    cost = [branch_cost(inside, *pair) for pair in zip(branch, kind, strict=True)]
    return Joins(np.array(branch, np.int64), np.array(kind, np.int64), np.array(cost, np.float64))


def cheap_stars(
    kinds: Kinds, graph: KindGraph, prices: Prices, *, below_mm: float, keep: int
) -> KindStars:
    """Return of each host the `keep` stars of least reduced cost under `below_mm`."""
    sizes = (kinds.count, kinds.sizes, prices.pi)
    return _stars(
        kinds, graph, prices, graph.arcs, sizes, prices.weighed(), below_mm=below_mm, keep=keep
    )


def least_reduced(kinds: Kinds, graph: KindGraph, prices: Prices) -> Floats:
    """Return of each kind what no star hosted in it falls short of over all pairs; at most 0.

    For kinds that a host's list leaves out stands one of each class, as often as wanted: it costs what the
    last listed of the class does above its price, and no odd set's weight. Any of them costs as much.
    """
    found = _with_outside(kinds, graph, prices, below_mm=0.0, keep=1)
    least = np.zeros(len(kinds))
    np.minimum.at(least, found.rows[:, 0], found.reduced)
    return least


def may_miss(
    kinds: Kinds, graph: KindGraph, prices: Prices, stars: KindStars, *, below_mm: float, keep: int
) -> bool:
    """Say whether `cheap_stars` missed some in `stars`: a host has as many as are kept, or more were they all listed.

    Also where existing branches take items in, whose lists are not gone through.
    """
    if len(kinds.instance.branch_free) or _is_full(stars, keep):
        return True
    found = _with_outside(kinds, graph, prices, below_mm=below_mm, keep=keep)
    return _is_full(found, keep) or bool((found.rows >= len(kinds)).any())


def _is_full(stars: KindStars, keep: int) -> bool:
    return bool((np.bincount(stars.host) >= keep).any())


def _with_outside(
    kinds: Kinds, graph: KindGraph, prices: Prices, *, below_mm: float, keep: int
) -> KindStars:
    """Return the stars that there would be with one more kind for each class, see `least_reduced`."""
    classes, width = graph.outside.shape[1], int(kinds.instance.limit[2])
    row, at = np.nonzero(np.isfinite(graph.outside))
    rows = np.concatenate([np.repeat(np.arange(len(graph.hosts)), np.diff(graph.start)), row])
    order = np.argsort(rows, kind="stable")
    start = np.searchsorted(rows[order], np.arange(len(graph.hosts) + 1)).astype(np.int64)
    kind = np.concatenate([graph.kind, len(kinds) + at])[order]
    cost = np.concatenate([graph.cost, graph.outside[row, at]])[order]
    one_each = np.stack([np.ones(classes, np.int64), 1 + np.arange(classes)], axis=1)
    sizes = (
        np.append(kinds.count, np.full(classes, width)),
        np.concatenate([kinds.sizes, one_each]),
        np.append(prices.pi, np.zeros(classes)),
    )
    first, sets, weight = prices.weighed()
    weighed = (np.append(first, np.full(classes, first[-1])), sets, weight)
    arcs = (start, kind, cost)
    return _stars(kinds, graph, prices, arcs, sizes, weighed, below_mm=below_mm, keep=keep)


def _stars(
    kinds: Kinds,
    graph: KindGraph,
    prices: Prices,
    arcs: KindArcs,
    sizes: KindSizes,
    weighed: Weighed,
    *,
    below_mm: float,
    keep: int,
) -> KindStars:
    """Ask the compiled loop; the streets' fines stand in the reduced costs alone."""
    inside = kinds.instance
    own = inside.item_of_unit[graph.hosts]
    # The last is for NONE, no limit.
    fine = np.append(prices.street_mm, 0.0)[inside.host_street[graph.hosts]]
    hosts = (own, inside.base[graph.hosts] + fine)
    rows, where, cost, reduced = stars_below(
        hosts, arcs, sizes, weighed, inside.limit, inside.extra_mm, below_mm, keep
    )
    return KindStars(rows, graph.hosts[where], cost - fine[where], reduced)
