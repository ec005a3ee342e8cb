"""Degrees of a district as metres on a plane, as the solvers take them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liangxin.standards.coordinates import plane_m

Floats = NDArray[np.float64]
ORIGIN_DEGREES = 0.05  # origins are multiples of it


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
    """The plane near the middle of the known positions, where lengths are true to a thousandth.

    At the very middle each firm that comes or goes would change the length of every way of a plan a
    little, and plans whose groups are the same would differ by metres.
    """
    known = [(lon, lat) for lon, lat in positions if lon is not None and lat is not None]
    if not known:
        return Plane((0.0, 0.0))
    lon, lat = np.round(np.mean(known, axis=0) / ORIGIN_DEGREES) * ORIGIN_DEGREES
    return Plane((float(lon), float(lat)))


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
