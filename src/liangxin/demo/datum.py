"""The shift from WGS-84 to GCJ-02 that map services apply, so that some lists come shifted."""

from math import cos, pi, radians, sin, sqrt

from liangxin.demo.facts import Point

_AXIS_M = 6_378_245.0
_ECCENTRICITY = 0.006_693_421_622_965_943


def shifted(point: Point) -> Point:
    """Return a WGS-84 point as GCJ-02 gives it, rounded to six decimals."""
    longitude, latitude = point
    x, y = longitude - 105.0, latitude - 35.0
    slope = sin(radians(latitude))
    magic = 1 - _ECCENTRICITY * slope * slope
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY) / (magic * sqrt(magic))
    parallel_m = _AXIS_M / sqrt(magic) * cos(radians(latitude))
    return (
        round(longitude + _east_m(x, y) / parallel_m * 180 / pi, 6),
        round(latitude + _north_m(x, y) / meridian_m * 180 / pi, 6),
    )


def _waves(x: float) -> float:
    return 20 * (sin(6 * x * pi) + sin(2 * x * pi)) * 2 / 3


def _north_m(x: float, y: float) -> float:
    base = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    slow = (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    return base + _waves(x) + slow + (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3


def _east_m(x: float, y: float) -> float:
    base = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    slow = (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    return base + _waves(x) + slow + (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
