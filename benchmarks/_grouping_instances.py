"""Instances for joint branches: T, a city of skewed towers, and U, one unit at each site.

5 n enterprises stand on 12,500 m2 each per unit; n of them are units, 70 % with one member, the others
with two. Industries follow Zipf's law over 20. T: sites crowd around centres, a few towers hold up to
some ninety units and lean to one industry, streets are what is nearest to n / 200 centres.
U: sites are strewn evenly, streets are squares of 1,500 m.
"""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COLUMNS = ("unit_id", "members", "x_m", "y_m", "site_id", "street_id", "industry")
AREA_PER_UNIT_M2 = 12_500
INDUSTRIES = 20
STREET_M = 1500
UNITS_PER_STREET = 200
SITES_PER_UNIT = 0.8
UNITS_PER_CENTRE = 60
CROWD_M = 220
TOWER_TAIL = 0.95  # Pareto exponent of the sizes of towers
LARGEST_TOWER = 95
CAPPINGS = 20
OWN_INDUSTRY_SHARE = 0.3


def write_instance(path: Path, *, family: str, size: int, seed: int) -> None:
    """Write a fresh instance of family T or U as a CSV that `liangxin plan branches` reads."""
    random = np.random.default_rng([size, seed, ord(family)])
    place, site, street, industry = (_towers if family == "T" else _strewn)(random, size)
    members = np.where(random.random(size) < 0.7, 1, 2)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for at in range(size):
            x_m, y_m = place[at].round(1)
            codes = (f"B{site[at]}", f"S{street[at]}", f"I{industry[at]:02d}")
            writer.writerow((f"U{at:06d}", members[at], x_m, y_m, *codes))


def _strewn(random: np.random.Generator, size: int) -> tuple[Floats, Ints, Ints, Ints]:
    side_m = float(np.sqrt(AREA_PER_UNIT_M2 * size))
    place = random.uniform(0, side_m, (size, 2))
    square = (place // STREET_M).astype(np.int64)
    street = 100_000 * square[:, 0] + square[:, 1]
    return place, np.arange(size), street, _industries(random, size)


def _towers(random: np.random.Generator, size: int) -> tuple[Floats, Ints, Ints, Ints]:
    side_m = float(np.sqrt(AREA_PER_UNIT_M2 * size))
    sites = round(SITES_PER_UNIT * size)
    centres = random.uniform(0, side_m, (max(3, size // UNITS_PER_CENTRE), 2))
    crowd = centres[random.integers(0, len(centres), sites)]
    spots = np.clip(crowd + random.normal(0, CROWD_M, (sites, 2)), 0, side_m)
    weight = 0.5 + random.pareto(TOWER_TAIL, sites)
    for _ in range(CAPPINGS):  # each cap lowers the sum that the share is of
        weight = np.minimum(weight, LARGEST_TOWER * weight.sum() / size)
    site = random.choice(sites, size, p=weight / weight.sum())
    heads = random.uniform(0, side_m, (max(1, size // UNITS_PER_STREET), 2))
    street = ((spots[:, None, :] - heads[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
    own, other = _industries(random, sites), _industries(random, size)
    industry = np.where(random.random(size) < OWN_INDUSTRY_SHARE, own[site], other)
    return spots[site], site, street[site], industry


def _industries(random: np.random.Generator, size: int) -> Ints:
    share = 1 / np.arange(1, INDUSTRIES + 1)
    return random.choice(INDUSTRIES, size, p=share / share.sum())
