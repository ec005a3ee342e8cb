"""Which pairs are looked at: for each host, near units of every mode from several places.

The nearest units alone would let one tower of ninety firms hide the district, so the neighbours of a
unit are the ten nearest places of each mode, at most two units of each, and four of its own site.
Which units of a place are taken starts at another one for every asker, so that all get their turn.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from liangxin.optimize.distinct import distinct
from liangxin.optimize.grouping._kernels import arc_costs
from liangxin.optimize.grouping._kernels_prices import Arcs
from liangxin.optimize.grouping.instance import Instance
from liangxin.optimize.grouping.problem import Floats, Ints

PLACES = 10
UNITS_PER_PLACE = 2
UNITS_OF_OWN_SITE = 4


@dataclass(frozen=True)
class Graph:
    """Arcs from each host (unit or branch) to items, in rows by host, with the item's cost there."""

    start: Ints
    item: Ints
    cost: Floats

    @property
    def arrays(self) -> Arcs:
        """The arcs for compiled loops, in no order by price."""
        return self.start, self.item, self.cost, np.zeros(0), np.zeros(0, np.int64)


def neighbour_graph(instance: Instance, *, places: int = PLACES) -> Graph:
    """Return the arcs between near units, both ways; memory grows with their number only."""
    pairs = [_own_site_pairs(instance)]
    for column, radius_m in ((2, instance.reach[0]), (3, instance.reach[1])):
        codes = instance.code[:, column]
        for rows in _rows_by_code(codes):
            pairs.append(_place_pairs(instance, rows, radius_m=float(radius_m), places=places))
    return graph_of(instance, np.concatenate(pairs))


def graph_of(instance: Instance, pairs: Ints) -> Graph:
    """Return the graph of pairs of rows, both ways, without pairs of one item and without doubles."""
    both = np.concatenate([pairs, pairs[:, ::-1]])
    host, item = both[:, 0], instance.item_of_unit[both[:, 1]]
    kept = (item >= 0) & (instance.item_of_unit[host] != item)
    return _graph(instance, distinct(host[kept] * max(1, instance.items) + item[kept]))


def merged(instance: Instance, graph: Graph, *, host: Ints, item: Ints) -> Graph:
    """Return the graph with further arcs host -> item."""
    known = np.repeat(np.arange(instance.hosts), np.diff(graph.start)) * instance.items + graph.item
    return _graph(instance, distinct(np.append(known, host * instance.items + item)))


def _graph(instance: Instance, keys: Ints) -> Graph:
    host, item = np.divmod(keys, max(1, instance.items))
    start = np.searchsorted(host, np.arange(instance.hosts + 1)).astype(np.int64)
    cost = arc_costs(
        instance.place, instance.code, instance.reach, instance.item_start, start, item
    )
    kept = np.isfinite(cost)
    if not kept.all():
        return _graph(instance, keys[kept])
    return Graph(start, item, cost)


def _rows_by_code(codes: Ints) -> list[Ints]:
    known = np.flatnonzero(codes >= 0)
    ordered = known[np.argsort(codes[known], kind="stable")]
    cuts = np.flatnonzero(np.diff(codes[ordered])) + 1
    return [rows for rows in np.split(ordered, cuts) if len(rows) > 1]


def _own_site_pairs(instance: Instance) -> Ints:
    found = [np.zeros((0, 2), np.int64)]
    for rows in _rows_by_code(instance.code[:, 1]):
        for step in range(1, min(UNITS_OF_OWN_SITE, len(rows) - 1) + 1):
            found.append(np.stack([rows, np.roll(rows, -step)], axis=1))
    return np.concatenate(found)


def _place_pairs(instance: Instance, rows: Ints, *, radius_m: float, places: int) -> Ints:
    spots, at = np.unique(instance.place[rows], axis=0, return_inverse=True)
    at = at.ravel()
    order = np.argsort(at, kind="stable")
    starts = np.searchsorted(at[order], np.arange(len(spots)))
    counts = np.bincount(at, minlength=len(spots))
    rank = np.empty(len(rows), np.int64)
    rank[order] = np.arange(len(rows)) - starts[at[order]]
    near = _nearest(spots, radius_m=radius_m, count=places + 1)[at]
    found = []
    for turn in range(UNITS_PER_PLACE):
        asker, column = np.nonzero((near >= 0) & (counts[near] > turn))
        spot = near[asker, column]
        pick = (UNITS_PER_PLACE * rank[asker] + asker + turn) % counts[spot]
        found.append(np.stack([rows[asker], rows[order[starts[spot] + pick]]], axis=1))
    return np.concatenate(found)


def _nearest(spots: Floats, *, radius_m: float, count: int) -> Ints:
    """Return (spots, count) the nearest spots within the radius, -1 where there are no more."""
    count = min(count, len(spots))
    metres, near = cKDTree(spots).query(spots, k=count, distance_upper_bound=radius_m + 1e-3)
    shape = (len(spots), count)
    return np.where(np.isfinite(metres), near, -1).reshape(shape).astype(np.int64)
