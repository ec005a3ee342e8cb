"""Degrees of a district as metres on a plane, as the solvers take them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liangxin.standards.coordinates import plane_m

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Plane:
    """A plane that touches the earth at `origin` (lon, lat in degrees)."""

    origin: tuple[float, float]

    def metres(
        self, lons: Sequence[float | None], lats: Sequence[float | None]
    ) -> tuple[Floats, Floats]:
        """East and north of the origin in metres; NaN where a position is not known."""
        return plane_m(_floats(lons), _floats(lats), origin=self.origin)


def plane_of(positions: Iterable[tuple[float | None, float | None]]) -> Plane:
    """The plane through the middle of the known positions; lengths are truest there."""
    known = [(lon, lat) for lon, lat in positions if lon is not None and lat is not None]
    if not known:
        return Plane((0.0, 0.0))
    lon, lat = np.asarray(known, dtype=np.float64).mean(axis=0)
    return Plane((float(lon), float(lat)))


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
