"""A large instance in tiles: cut along places, with what lies around each, two cuts that differ."""

import numpy as np
from scipy.spatial import cKDTree

from liangxin.optimize.distinct import distinct
from liangxin.optimize.grouping.excerpt import Excerpt, excerpt
from liangxin.optimize.grouping.instance import Instance
from liangxin.optimize.grouping.plan import Plan
from liangxin.optimize.grouping.problem import NONE, Flags, Floats, Ints

MOST_ITEMS = 3000  # of a tile
AROUND = 16  # nearest items of each own one that prices look at beyond the border
EVEN, UNEVEN = (
    0.5,
    0.37,
)  # where the two cuts part a piece: no border of one is a border of the other


def cut(instance: Instance, *, share: float, most_items: int | None = None) -> Ints:
    """Return the number of the tile of each item; items at one place stand in one tile."""
    places = instance.place[instance.item_start[:-1]]
    tile = np.zeros(instance.items, np.int64)
    waiting, count = [np.arange(instance.items)], 0
    while waiting:
        items = waiting.pop()
        low, high = _parted(places[items], share)
        if len(items) <= (most_items or MOST_ITEMS) or not low.any() or not high.any():
            tile[items] = count
            count += 1
        else:
            waiting += [items[high], items[low]]
    return tile


def _parted(places: Floats, share: float) -> tuple[Flags, Flags]:
    """Say who lies on which side of a line across the longer side."""
    axis = int(np.argmax(np.ptp(places, axis=0)))
    line = np.quantile(places[:, axis], share)
    low = places[:, axis] < line
    return low, ~low


def around(instance: Instance, tile: Ints) -> list[Ints]:
    """Return of each tile the items of others (ascending) that are near its own."""
    places = instance.place[instance.item_start[:-1]]
    near = cKDTree(places).query(places, k=min(AROUND, len(places)), workers=-1)[1]
    near = near.reshape(len(places), -1)
    asker, column = np.nonzero(tile[near] != tile[:, None])
    pairs = distinct(tile[asker] * len(places) + near[asker, column])
    owner, item = np.divmod(pairs, len(places))
    return np.split(item, np.searchsorted(owner, np.arange(1, tile.max() + 1)))


def branches_of_tiles(instance: Instance, tile: Ints) -> Ints:
    """Return the tile that each existing branch stands in."""
    places = instance.place[instance.item_start[:-1]]
    nearest = cKDTree(places).query(instance.place[len(instance.unit) :])[1]
    return np.asarray(tile[nearest], np.int64).reshape(-1)


def tile_excerpts(instance: Instance, plan: Plan, tile: Ints, branch_tile: Ints) -> list[Excerpt]:
    """Return the part of each tile: its items but those whose group reaches into another tile.

    What is free in limited streets is shared out among the tiles by their items there.
    """
    inside = _inside(plan, tile, branch_tile)
    rooms = _rooms(instance, plan, tile, inside)
    order = np.argsort(tile, kind="stable")
    parts = np.split(order, np.searchsorted(tile[order], np.arange(1, tile.max() + 1)))
    result = []
    for number, own in enumerate(parts):
        items = own[inside[own]]
        branches = np.flatnonzero(branch_tile == number)
        result.append(
            excerpt(
                instance,
                items,
                branches=branches,
                branch_free=_free(instance, plan, items, branches),
                street_room=rooms[number],
            )
        )
    return result


def _inside(plan: Plan, tile: Ints, branch_tile: Ints) -> Flags:
    """Say of each item whether its group, or the branch that it joined, stands in its tile alone."""
    groups = np.flatnonzero(plan.hosts >= 0)
    items = plan.rows[groups]
    tiles = np.where(items >= 0, tile[items], tile[items[:, :1]])
    crosses = np.zeros(len(plan.hosts) + 1, np.bool_)
    crosses[groups] = (tiles != tiles[:, :1]).any(axis=1)
    inside: Flags = ~crosses[np.maximum(plan.where, NONE)]
    joined = np.flatnonzero(plan.where < NONE)
    inside[joined] = branch_tile[-2 - plan.where[joined]] == tile[joined]
    return inside


def _free(instance: Instance, plan: Plan, items: Ints, branches: Ints) -> Ints:
    """Return the places of branches for these items: what is free and what they take now."""
    free = plan.places[branches].copy()
    joined = items[plan.where[items] < NONE]
    for at, branch in enumerate(branches.tolist()):
        free[at] += instance.item_size[joined[plan.where[joined] == -2 - branch]].sum(axis=0)
    return free


def _rooms(instance: Instance, plan: Plan, tile: Ints, inside: Flags) -> Ints:
    """Return (tiles, limited streets) how many groups each tile may host: those it has, and a share."""
    streets, count = len(instance.street_room), int(tile.max()) + 1
    rooms = np.zeros((count, streets), np.int64)
    if not streets:
        return rooms
    hosts = plan.hosts[plan.hosts >= 0]
    item = instance.item_of_unit[hosts]
    own = inside[item] & (instance.host_street[hosts] >= 0)
    np.add.at(rooms, (tile[item[own]], instance.host_street[hosts[own]]), 1)
    street = instance.host_street[instance.item_start[:-1]]
    known = street >= 0
    weight = np.zeros((count, streets))
    np.add.at(weight, (tile[known], street[known]), 1.0)
    for at in range(streets):
        rooms[:, at] += _shared(int(plan.street_free[at]), weight[:, at])
    return rooms


def _shared(count: int, weight: Floats) -> Ints:
    """Share a whole number out by weight; the largest remainders are rounded up."""
    if not weight.any():
        return np.zeros(len(weight), np.int64)
    exact = count * weight / weight.sum()
    whole: Ints = np.floor(exact).astype(np.int64)
    most = np.argsort(whole - exact, kind="stable")[: count - int(whole.sum())]
    whole[most] += 1
    return whole
