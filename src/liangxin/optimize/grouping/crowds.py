"""Crowds: the single units of a large site, of which any serves a host of that site as well as any other.

A tower holds dozens of firms of as many trades. Told apart by trade they make thousands of groups that
cost the same, of which a program sees a few. But a firm's trade matters only where it goes elsewhere or
hosts those who come for its trade: at a host of its own site it is one of so many with one member, or with
two. So a star names who comes from elsewhere, and its host only where that one's trade brings them; of the
host's crowd it says how many, and each kind of a crowd says how many of its items are such (`Master`
makes both sides equal).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from liangxin.optimize.grouping.instance import Instance
from liangxin.optimize.grouping.problem import NONE, Flags, Floats, Ints

LEAST_UNITS = 6  # of a crowd; fewer are told apart, so that odd sets know them
CLASSES = 2  # with one member, with two


@dataclass(frozen=True)
class Crowds:
    """Classes `CLASSES * crowd + members - 1` of each crowd; they are numbered behind the kinds."""

    count: Ints  # items of each class
    of_kind: Ints  # the class, NONE where the kind is always told apart
    at_row: Ints  # of each row of the kinds' instance the crowd of its site, or NONE
    host: Ints  # of each crowd a row that may host it
    is_one_place: Flags  # of each crowd: whether all stand in one place and street, so that who hosts is all one

    def __len__(self) -> int:
        return len(self.count)

    @property
    def sizes(self) -> Ints:
        """(classes, 2): units and members of one item."""
        members = 1 + np.arange(len(self)) % CLASSES
        return np.stack([np.ones(len(self), np.int64), members], axis=1)

    def prices(self, pi: Floats) -> Floats:
        """Of each class the highest price of its kinds: for whom anyone is as good, the dearest comes."""
        highest = np.full(len(self), -np.inf)
        known = np.flatnonzero(self.of_kind >= 0)
        np.maximum.at(highest, self.of_kind[known], pi[known])
        highest[self.count == 0] = 0.0
        return highest


def crowds_of(inside: Instance, count: Ints) -> Crowds:
    """Return the crowds of an instance of kinds with so many items each."""
    rows = inside.item_start[:-1]
    site = inside.code[rows, 1]
    fits = _are_plain(inside) & (site >= 0)
    sites = np.unique(site[fits])
    crowd = np.where(fits, np.searchsorted(sites, site), len(sites))
    units = np.bincount(crowd, weights=count, minlength=len(sites) + 1)[:-1]
    is_large = units >= LEAST_UNITS
    number = np.append(np.where(is_large, np.cumsum(is_large) - 1, NONE), NONE)
    crowd, size = number[crowd], int(is_large.sum())
    known = np.flatnonzero(crowd >= 0)
    of_kind = np.full(len(rows), NONE)
    of_kind[known] = CLASSES * crowd[known] + inside.item_size[known, 1] - 1
    totals = np.zeros(CLASSES * size, np.int64)
    np.add.at(totals, of_kind[known], count[known])
    host = rows[known[np.unique(crowd[known], return_index=True)[1]]]
    differs = np.zeros(size, np.bool_)
    own, first = rows[known], host[crowd[known]]
    is_elsewhere = (inside.place[own] != inside.place[first]).any(axis=1)
    differs[crowd[known[is_elsewhere | (inside.code[own, 2] != inside.code[first, 2])]]] = True
    return Crowds(totals, of_kind, _at_rows(inside, sites[is_large]), host, ~differs)


def _are_plain(inside: Instance) -> Flags:
    """Say which kinds are single units of one or two members that may host, barred by nothing."""
    rows = inside.item_start[:-1]
    fits: Flags = inside.item_size[:, 0] == 1
    fits &= inside.item_size[:, 1] <= CLASSES
    fits &= inside.code[rows, 4] > 0
    fits &= inside.host_street[rows] == NONE
    fits &= np.diff(inside.forbidden_start) == 0
    return fits


def _at_rows(inside: Instance, sites: Ints) -> Ints:
    """Return of each unit which of these sites it stands in; existing branches ask nobody to host."""
    site = inside.code[:, 1].copy()
    site[len(inside.unit) :] = NONE
    if not len(sites):
        return np.full(len(site), NONE)
    at = np.minimum(np.searchsorted(sites, site), len(sites) - 1)
    return np.where(sites[at] == site, at, NONE)


def mixtures(inside: Instance) -> Iterator[tuple[int, int, float]]:
    """Yield how many of one member and of two make a group within a site, and its cost.

    Those that part into two such groups at no higher cost are left out.
    """
    least, usual, most, fewest, heaviest = inside.limit.tolist()
    cost = {
        (ones, twos): max(0, ones + twos - usual) * inside.extra_mm
        for ones in range(most + 1)
        for twos in range(most + 1 - ones)
        if ones + twos >= least and fewest <= ones + 2 * twos <= heaviest
    }
    for (ones, twos), mm in cost.items():
        parts = [
            cost[part] + cost[ones - part[0], twos - part[1]]
            for part in cost
            if (ones - part[0], twos - part[1]) in cost
        ]
        if not parts or min(parts) > mm:
            yield ones, twos, mm
