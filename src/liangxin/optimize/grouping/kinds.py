"""Items that nothing tells apart as one kind, and the stars of kinds that a price list makes cheap.

Where a site has a crowd, stars hosted there say how many of each of its classes they hold, not which kinds.
Numbers of classes follow those of the kinds; `offered` things are kinds and classes.
"""

from dataclasses import dataclass, field

import numpy as np

from liangxin.optimize.distinct import distinct
from liangxin.optimize.grouping._kernels import arc_costs
from liangxin.optimize.grouping._kernels_lifting import (
    KindArcs,
    KindSizes,
    Weighed,
    stars_below,
    ways_of_stars,
)
from liangxin.optimize.grouping._kernels_prices import CAPPED_MEMBERS
from liangxin.optimize.grouping.bound import best_items
from liangxin.optimize.grouping.crowds import CLASSES, Crowds, crowds_of, mixtures
from liangxin.optimize.grouping.excerpt import excerpt
from liangxin.optimize.grouping.instance import Instance
from liangxin.optimize.grouping.plan import branch_cost
from liangxin.optimize.grouping.problem import NONE, Flags, Floats, Ints

LISTED = 10  # kinds of each class of members that a host's list holds
KindSet = tuple[int, ...]


@dataclass(frozen=True)
class Kinds:
    """One item of each kind as an instance of its own, and how many items there are."""

    instance: Instance
    count: Ints
    of_item: Ints  # of the whole instance
    crowds: Crowds

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

    @property
    def offered_sizes(self) -> Ints:
        """(kinds and classes, 2): the same."""
        return np.concatenate([self.sizes, self.crowds.sizes])

    def offered(self, pi: Floats) -> KindSizes:
        """Items, sizes and prices of kinds and classes, for compiled loops."""
        count = np.concatenate([self.count, self.crowds.count])
        return count, self.offered_sizes, np.concatenate([pi, self.crowds.prices(pi)])


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
    return Kinds(
        part.instance, count[order], rank[alike.ravel()], crowds_of(part.instance, count[order])
    )


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

    def weighed(self, offered: int) -> Weighed:
        """The sets that each kind stands in, for compiled loops; those without weight left out.

        What is offered behind the kinds stands in none.
        """
        heavy = np.flatnonzero(self.weight > 0).tolist()
        kinds = [kind for at in heavy for kind in self.sets[at]]
        number = np.repeat(np.arange(len(heavy)), [len(self.sets[at]) for at in heavy])
        order = np.argsort(kinds, kind="stable")
        start = np.searchsorted(np.array(kinds, np.int64)[order], np.arange(offered + 1))
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
    """Groups of kinds: (stars, width) kinds and classes, the host's first, -1 behind; host row, cost, reduced cost.

    Where the host is told by its class, the row is one that may stand for it.
    """

    rows: Ints
    host: Ints
    cost: Floats
    reduced: Floats

    def __len__(self) -> int:
        return len(self.rows)

    def chosen(self, which: Ints) -> "KindStars":
        """Some of them."""
        return KindStars(self.rows[which], self.host[which], self.cost[which], self.reduced[which])


def kind_graph(kinds: Kinds, pi: Floats, *, listed: int | None = None) -> KindGraph:
    """Return of each host, over all pairs, the `LISTED` or so many kinds per class of least cost above price."""
    most = listed or LISTED
    inside = kinds.instance
    first, classes = len(inside.unit), int(min(inside.limit[3], CAPPED_MEMBERS))
    hosts = np.flatnonzero(inside.code[:first, 4] & np.isfinite(inside.base[:first]))
    own, crowds = inside.item_of_unit[hosts], kinds.crowds
    found = best_items(
        inside,
        pi,
        hosts,
        classes=classes,
        most=most,
        passed_over=(crowds.at_row, crowds.of_kind // CLASSES),
    )
    columns = found.shape[1]
    is_one_of_many = (kinds.count[own] > 1) & (crowds.of_kind[own] == NONE)
    found = np.column_stack([found, np.where(is_one_of_many, own, NONE), _classes_at(kinds, hosts)])
    row, column = np.nonzero(found >= 0)
    kind = found[row, column]
    start = np.searchsorted(row, np.arange(len(hosts) + 1)).astype(np.int64)
    cost = _costs(kinds, hosts, start, kind)
    outside = np.full((len(hosts), classes), np.inf)
    members = np.minimum(kinds.offered_sizes[kind, 1], classes) - 1
    is_listed = column < columns
    number = np.zeros((len(hosts), classes), np.int64)
    np.add.at(number, (row[is_listed], members[is_listed]), 1)
    last = np.full((len(hosts), classes), -np.inf)
    above = cost[is_listed] - pi[kind[is_listed]]
    np.maximum.at(last, (row[is_listed], members[is_listed]), above)
    outside[number == most] = last[number == most]
    return KindGraph(hosts, start, kind, cost, outside)


def _classes_at(kinds: Kinds, hosts: Ints) -> Ints:
    """Return (hosts, classes of a crowd) what each host is offered of its site's crowd."""
    crowd = kinds.crowds.at_row[hosts][:, None]
    number = CLASSES * crowd + np.arange(CLASSES)
    is_any = crowd >= 0
    is_any = is_any & (np.append(kinds.crowds.count, 0)[np.where(is_any, number, -1)] > 0)
    return np.where(is_any, len(kinds) + number, NONE)


def joined(kinds: Kinds, one: KindGraph, other: KindGraph) -> KindGraph:
    """Return the graph with the arcs of both; what lies outside is told by `other`."""
    offered = len(kinds) + len(kinds.crowds)
    keys = [
        np.repeat(np.arange(len(graph.hosts)), np.diff(graph.start)) * offered + graph.kind
        for graph in (one, other)
    ]
    row, kind = np.divmod(distinct(np.concatenate(keys)), max(1, offered))
    start = np.searchsorted(row, np.arange(len(one.hosts) + 1)).astype(np.int64)
    cost = _costs(kinds, one.hosts, start, kind)
    return KindGraph(one.hosts, start, kind, cost, other.outside)


def _costs(kinds: Kinds, hosts: Ints, start: Ints, kind: Ints) -> Floats:
    inside, is_class = kinds.instance, kind >= len(kinds)
    sizes = np.zeros(inside.hosts, np.int64)
    sizes[hosts] = np.diff(start)
    whole = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    known = np.where(is_class, 0, kind)
    cost = arc_costs(inside.place, inside.code, inside.reach, inside.item_start, whole, known)
    cost[is_class] = 0.0  # within a site
    return cost


@dataclass(frozen=True)
class Joins:
    """Which kinds may join which existing branch, and what an item of them costs there."""

    branch: Ints
    kind: Ints
    cost: Floats

    def chosen(self, which: Ints) -> "Joins":
        """Some of them."""
        return Joins(self.branch[which], self.kind[which], self.cost[which])


def joins_of(kinds: Kinds, pi: Floats, *, most: int | None = None) -> Joins:
    """Return of each branch as many kinds of least cost above price as it has places, or so many, over all pairs."""
    inside, branch, kind = kinds.instance, [], []
    for at, places in enumerate(inside.branch_free.min(axis=1).tolist()):
        row = np.array([len(inside.unit) + at])
        most_places = max(1, min(places, len(kinds)))  # more places than anybody could take
        found = best_items(inside, pi, row, classes=1, most=most or most_places)[0]
        kind += found[found >= 0].tolist()
        branch += [at] * int((found >= 0).sum())
    cost = [branch_cost(inside, *pair) for pair in zip(branch, kind, strict=True)]
    return Joins(np.array(branch, np.int64), np.array(kind, np.int64), np.array(cost, np.float64))


def cheap_stars(
    kinds: Kinds, graph: KindGraph, prices: Prices, *, below_mm: float, keep: int
) -> KindStars:
    """Return of each host the `keep` stars of least reduced cost under `below_mm`, but those within crowds."""
    found = _stars(
        kinds, graph, prices, graph.arcs, kinds.offered(prices.pi), below_mm=below_mm, keep=keep
    )
    told = told_by_crowds(kinds, found)
    is_named = (told.rows >= 0) & (told.rows < len(kinds))
    return told.chosen(np.flatnonzero(is_named.any(axis=1)))


def stars_within_crowds(kinds: Kinds) -> KindStars:
    """Return what groups a crowd makes by itself; a class stands in the host's place."""
    crowds, made = kinds.crowds, list(mixtures(kinds.instance))
    rows = np.full((len(crowds.host), len(made), int(kinds.instance.limit[2])), NONE)
    for at, (ones, twos, _) in enumerate(made):
        first = len(kinds) + CLASSES * np.arange(len(crowds.host))[:, None]
        rows[:, at, :ones], rows[:, at, ones : ones + twos] = first, first + 1
    cost = np.tile([mm for *_, mm in made], len(crowds.host)).astype(np.float64)
    host = np.repeat(crowds.host, len(made))
    return KindStars(rows.reshape(len(host), rows.shape[2]), host, cost, np.zeros(len(host)))


def told_by_crowds(kinds: Kinds, stars: KindStars) -> KindStars:
    """Return the stars with classes for kinds of the host's crowd.

    Also for the host's where nobody comes for its trade: then any of the crowd may host.
    """
    crowds, rows = kinds.crowds, stars.rows
    number = np.append(crowds.of_kind, np.full(1 + len(crowds), NONE))[rows]
    crowd = crowds.at_row[stars.host]
    is_within = (number >= 0) & (number // CLASSES == crowd[:, None])
    is_within[:, 0] &= _are_hosted_by_any(kinds, stars)
    told = np.where(is_within, len(kinds) + number, rows)
    return KindStars(told, stars.host, stars.cost, stars.reduced)


def _are_hosted_by_any(kinds: Kinds, stars: KindStars) -> Flags:
    """Say which stars cost the same at any host of the crowd, whatever its trade."""
    inside, crowds = kinds.instance, kinds.crowds
    without = inside.code.copy()
    without[inside.item_start[:-1][crowds.of_kind >= 0], 3] = NONE
    ways = [
        ways_of_stars(inside.place, code, inside.reach, inside.item_start, stars.host, stars.rows)
        for code in (inside.code, without)
    ]
    is_one_place = np.append(crowds.is_one_place, False)[crowds.at_row[stars.host]]
    by_any: Flags = (ways[0] == ways[1]) & (is_one_place | (ways[0] == 0.0))
    return by_any


def lowest_stars(kinds: Kinds, graph: KindGraph, prices: Prices) -> KindStars:
    """Return the star of least reduced cost of each host that has one under 0, over all pairs.

    For kinds that a host's list leaves out stands one of each class, as often as wanted: it costs what the
    last listed of the class does above its price, and no odd set's weight. Any of them costs as much.
    """
    return _with_outside(kinds, graph, prices, below_mm=0.0, keep=1)


def least_reduced(kinds: Kinds, lowest: KindStars) -> Floats:
    """Return of each kind what no star hosted in it falls short of; at most 0."""
    least = np.zeros(len(kinds))
    np.minimum.at(least, lowest.rows[:, 0], lowest.reduced)
    return least


def may_miss(kinds: Kinds, graph: KindGraph, prices: Prices, *, below_mm: float, keep: int) -> bool:
    """Say whether `cheap_stars` missed some: a host has as many as are kept, or more were they all listed."""
    found = _with_outside(kinds, graph, prices, below_mm=below_mm, keep=keep)
    is_full = (np.bincount(found.host) >= keep).any()
    return bool(is_full or (found.rows >= len(kinds) + len(kinds.crowds)).any())


def _with_outside(
    kinds: Kinds, graph: KindGraph, prices: Prices, *, below_mm: float, keep: int
) -> KindStars:
    """Return the stars that there would be with one more kind for each class, see `least_reduced`."""
    classes, width = graph.outside.shape[1], int(kinds.instance.limit[2])
    row, at = np.nonzero(np.isfinite(graph.outside))
    rows = np.concatenate([np.repeat(np.arange(len(graph.hosts)), np.diff(graph.start)), row])
    order = np.argsort(rows, kind="stable")
    start = np.searchsorted(rows[order], np.arange(len(graph.hosts) + 1)).astype(np.int64)
    known = len(kinds) + len(kinds.crowds)
    kind = np.concatenate([graph.kind, known + at])[order]
    cost = np.concatenate([graph.cost, graph.outside[row, at]])[order]
    one_each = np.stack([np.ones(classes, np.int64), 1 + np.arange(classes)], axis=1)
    count, sizes, pi = kinds.offered(prices.pi)
    offered = (
        np.append(count, np.full(classes, width)),
        np.concatenate([sizes, one_each]),
        np.append(pi, np.zeros(classes)),
    )
    arcs = (start, kind, cost)
    return _stars(kinds, graph, prices, arcs, offered, below_mm=below_mm, keep=keep)


def _stars(
    kinds: Kinds,
    graph: KindGraph,
    prices: Prices,
    arcs: KindArcs,
    offered: KindSizes,
    *,
    below_mm: float,
    keep: int,
) -> KindStars:
    """Ask the compiled loop; the streets' fines stand in the reduced costs alone."""
    inside = kinds.instance
    own = inside.item_of_unit[graph.hosts]
    # The last is for NONE, no limit.
    fine = np.append(prices.street_mm, 0.0)[inside.host_street[graph.hosts]]
    hosts, weighed = (own, inside.base[graph.hosts] + fine), prices.weighed(len(offered[0]))
    rows, where, cost, reduced = stars_below(
        hosts, arcs, offered, weighed, inside.limit, inside.extra_mm, below_mm, keep
    )
    return KindStars(rows, graph.hosts[where], cost - fine[where], reduced)
