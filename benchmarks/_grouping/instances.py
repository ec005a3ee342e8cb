"""Instances for joint branches: towers, strewn units, a city along its roads, the country, and a grid.

n units of which 70 % have one member and the others two; industries follow Zipf's law over 20. The grid is another matter.

T: 12,500 m2 each per unit; sites crowd around centres, a few towers hold up to some ninety units and
lean to one industry, streets are what is nearest to n / 200 centres.
U: the same density, strewn evenly, one unit at each site; streets are squares of 1,500 m.
C: 20,000 m2 per unit; centres stand along straight roads, buildings crowd around them along the road
with heavy-tailed numbers of units, a fifth stands off the roads; streets are Voronoi cells.
R: 4,000,000 m2 per unit; villages of heavy-tailed size and lone farms, streets are the Voronoi cells of
townships; a part of the units cannot be covered by any group.
G: a regular grid of 100 m in one street, every unit with one member and an industry of its own: no city, but
the hardest there is, since thousands of groups cost the same. Its seed says nothing.
P: all at one place in one street, each with a site and an industry of its own, as where nobody's address was found.

`python instances.py FAMILY SIZE SEED FILE` writes one.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Drawn = tuple[Floats, Ints, Ints, Ints]  # place (n, 2), site, street, industry
Drawing = Callable[[np.random.Generator, int], Drawn]

COLUMNS = ("unit_id", "members", "x_m", "y_m", "site_id", "street_id", "industry")
INDUSTRIES = 20
ONE_MEMBER_SHARE = 0.7
CAPPINGS = 20
GRID_M = 100

AREA_PER_UNIT_M2 = 12_500
STREET_M = 1500
UNITS_PER_STREET = 200
SITES_PER_UNIT = 0.8
UNITS_PER_CENTRE = 60
CROWD_M = 220
TOWER_TAIL = 0.95  # Pareto exponent of the sizes of towers
LARGEST_TOWER = 95
OWN_INDUSTRY_SHARE = 0.3

CITY_AREA_PER_UNIT_M2 = 20_000
CITY_UNITS_PER_STREET = 150
CITY_SITES_PER_UNIT = 0.45
CITY_TAIL = 1.3
CITY_LARGEST = 60
ALONG_ROAD_M, BESIDE_ROAD_M = 350, 60
OFF_ROAD_SHARE = 0.2

COUNTRY_AREA_PER_UNIT_M2 = 4_000_000
UNITS_PER_VILLAGE = 4
UNITS_PER_TOWNSHIP = 80
VILLAGE_TAIL = 1.1
LARGEST_VILLAGE = 120
VILLAGE_M = 250
FARM_SHARE = 0.3


def write_instance(path: Path, *, family: str, size: int, seed: int) -> None:
    """Write a fresh instance of a family as a CSV that `liangxin plan branches` reads."""
    random = np.random.default_rng([size, seed, ord(family)])
    place, site, street, industry = FAMILIES[family](random, size)
    members = np.where(random.random(size) < ONE_MEMBER_SHARE, 1, 2 if family != "G" else 1)
    columns = (members, *place.round(1).T, site, street, industry)
    rows = zip(range(size), *(column.tolist() for column in columns), strict=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(COLUMNS) + "\r\n")
        file.writelines(
            f"U{at:06d},{count},{x_m},{y_m},B{where},S{area},I{trade:02d}\r\n"
            for at, count, x_m, y_m, where, area, trade in rows
        )


def _strewn(random: np.random.Generator, size: int) -> Drawn:
    side_m = float(np.sqrt(AREA_PER_UNIT_M2 * size))
    place = random.uniform(0, side_m, (size, 2))
    square = (place // STREET_M).astype(np.int64)
    street = 100_000 * square[:, 0] + square[:, 1]
    return place, np.arange(size), street, _industries(random, size)


def _towers(random: np.random.Generator, size: int) -> Drawn:
    side_m = float(np.sqrt(AREA_PER_UNIT_M2 * size))
    sites = round(SITES_PER_UNIT * size)
    centres = random.uniform(0, side_m, (max(3, size // UNITS_PER_CENTRE), 2))
    crowd = centres[random.integers(0, len(centres), sites)]
    spots = np.clip(crowd + random.normal(0, CROWD_M, (sites, 2)), 0, side_m)
    share = _capped(0.5 + random.pareto(TOWER_TAIL, sites), largest=LARGEST_TOWER / size)
    site = random.choice(sites, size, p=share)
    heads = random.uniform(0, side_m, (max(1, size // UNITS_PER_STREET), 2))
    own, other = _industries(random, sites), _industries(random, size)
    industry = np.where(random.random(size) < OWN_INDUSTRY_SHARE, own[site], other)
    return spots[site], site, _nearest(heads, spots)[site], industry


def _city(random: np.random.Generator, size: int) -> Drawn:
    side_m = float(np.sqrt(CITY_AREA_PER_UNIT_M2 * size))
    centres, ways = _along_roads(random, side_m, count=max(3, size // UNITS_PER_CENTRE))
    sites = max(3, round(CITY_SITES_PER_UNIT * size))
    of = random.integers(0, len(centres), sites)
    along, beside = random.normal(0, ALONG_ROAD_M, sites), random.normal(0, BESIDE_ROAD_M, sites)
    across = np.stack([-ways[:, 1], ways[:, 0]], axis=1)
    spots = centres[of] + along[:, None] * ways[of] + beside[:, None] * across[of]
    is_off = random.random(sites) < OFF_ROAD_SHARE
    spots = np.where(is_off[:, None], random.uniform(0, side_m, (sites, 2)), spots)
    spots = np.clip(spots, 0, side_m)
    share = _capped(0.5 + random.pareto(CITY_TAIL, sites), largest=CITY_LARGEST / size)
    site = random.choice(sites, size, p=share)
    heads = random.uniform(0, side_m, (max(1, size // CITY_UNITS_PER_STREET), 2))
    own, other = _industries(random, len(centres)), _industries(random, size)
    industry = np.where(random.random(size) < OWN_INDUSTRY_SHARE, own[of[site]], other)
    return spots[site], site, _nearest(heads, spots)[site], industry


def _along_roads(
    random: np.random.Generator, side_m: float, *, count: int
) -> tuple[Floats, Floats]:
    """Return points on straight roads through the square, and the directions of their roads."""
    roads = max(3, round(np.sqrt(count)))
    begin, angle = random.uniform(0, side_m, (roads, 2)), random.uniform(0, np.pi, roads)
    ways = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    of = random.integers(0, roads, count)
    shift = random.uniform(-side_m / 2, side_m / 2, count)
    return np.clip(begin[of] + shift[:, None] * ways[of], 0, side_m), ways[of]


def _country(random: np.random.Generator, size: int) -> Drawn:
    side_m = float(np.sqrt(COUNTRY_AREA_PER_UNIT_M2 * size))
    villages = max(3, size // UNITS_PER_VILLAGE)
    middle = random.uniform(0, side_m, (villages, 2))
    share = _capped(0.5 + random.pareto(VILLAGE_TAIL, villages), largest=LARGEST_VILLAGE / size)
    of = random.choice(villages, size, p=share)
    place = middle[of] + random.normal(0, VILLAGE_M, (size, 2))
    is_farm = random.random(size) < FARM_SHARE
    place = np.where(is_farm[:, None], random.uniform(0, side_m, (size, 2)), place)
    heads = middle[random.integers(0, villages, max(1, size // UNITS_PER_TOWNSHIP))]
    return place, np.arange(size), _nearest(heads, place), _industries(random, size)


def _grid(random: np.random.Generator, size: int) -> Drawn:
    every = np.arange(size)
    place = GRID_M * np.stack(np.divmod(every, round(np.sqrt(size))), axis=1).astype(np.float64)
    return place, every, np.zeros(size, np.int64), every


def _one_place(random: np.random.Generator, size: int) -> Drawn:
    every = np.arange(size)
    return np.zeros((size, 2)), every, np.zeros(size, np.int64), every


FAMILIES: dict[str, Drawing] = {
    "T": _towers,
    "U": _strewn,
    "C": _city,
    "R": _country,
    "G": _grid,
    "P": _one_place,
}


def _capped(weight: Floats, *, largest: float) -> Floats:
    """Return shares that sum to 1, hardly any above `largest`."""
    for _ in range(CAPPINGS):  # each cap lowers the sum that the share is of
        weight = np.minimum(weight, largest * weight.sum())
    return weight / weight.sum()


def _nearest(heads: Floats, spots: Floats) -> Ints:
    nearest: Ints = cKDTree(heads).query(spots)[1].astype(np.int64)
    return nearest


def _industries(random: np.random.Generator, size: int) -> Ints:
    share = 1 / np.arange(1, INDUSTRIES + 1)
    return random.choice(INDUSTRIES, size, p=share / share.sum())


if __name__ == "__main__":
    family, size, seed, file = sys.argv[1:]
    write_instance(Path(file), family=family, size=int(size), seed=int(seed))
