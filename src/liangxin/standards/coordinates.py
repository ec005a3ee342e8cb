"""WGS-84, GCJ-02 and BD-09: the three coordinate systems of Chinese lists, and distance.

GCJ-02 shifts WGS-84 by up to some 700 m within China; BD-09 shifts GCJ-02 once more. Mixed systems
spoil every distance, so everything is stored in WGS-84. Longitude comes before latitude, in degrees.
"""

from collections.abc import Callable
from enum import StrEnum
from math import asin, atan2, cos, hypot, pi, radians, sin, sqrt
from typing import Protocol, Self, TypeVar

Position = tuple[float, float]


class Degrees(Protocol):
    """A number or an array of numbers."""

    def __sub__(self, other: float, /) -> Self: ...
    def __mul__(self, other: float, /) -> Self: ...


NumberOrArray = TypeVar("NumberOrArray", bound=Degrees)

_SEMI_MAJOR_AXIS_M = 6378245.0  # Krasovsky 1940, the ellipsoid GCJ-02 is defined on
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_MEAN_RADIUS_M = 6371008.8
_BD_TURN = pi * 3000.0 / 180.0
_CLOSE_ENOUGH_DEGREES = 1e-10


class CoordinateSystem(StrEnum):
    """How a pair of degrees is to be read."""

    WGS84 = "WGS-84"
    GCJ02 = "GCJ-02"
    BD09 = "BD-09"


def to_wgs84(lon: float, lat: float, *, system: CoordinateSystem) -> Position:
    """Return a position of any of the three systems in WGS-84."""
    if system is CoordinateSystem.GCJ02:
        return gcj02_to_wgs84(lon, lat)
    if system is CoordinateSystem.BD09:
        return bd09_to_wgs84(lon, lat)
    return lon, lat


def is_in_china(lon: float, lat: float) -> bool:
    """Tell whether GCJ-02 shifts this position (a rough rectangle, as its users apply it)."""
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def wgs84_to_gcj02(lon: float, lat: float) -> Position:
    """Return a WGS-84 position in GCJ-02; outside China it stays as it is."""
    if not is_in_china(lon, lat):
        return lon, lat
    magic = 1 - _ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    meridian_m = _SEMI_MAJOR_AXIS_M * (1 - _ECCENTRICITY_SQUARED) / (magic * sqrt(magic))
    parallel_m = _SEMI_MAJOR_AXIS_M / sqrt(magic) * cos(radians(lat))
    east_m, north_m = _shift_east_m(lon - 105, lat - 35), _shift_north_m(lon - 105, lat - 35)
    return lon + east_m * 180 / (parallel_m * pi), lat + north_m * 180 / (meridian_m * pi)


def gcj02_to_wgs84(lon: float, lat: float) -> Position:
    """Return a GCJ-02 position in WGS-84, by iteration, to far less than a metre."""
    if not is_in_china(lon, lat):
        return lon, lat
    return _undo(wgs84_to_gcj02, (lon, lat))


def gcj02_to_bd09(lon: float, lat: float) -> Position:
    """Return a GCJ-02 position in BD-09."""
    radius = hypot(lon, lat) + 0.00002 * sin(lat * _BD_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BD_TURN)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> Position:
    """Return a BD-09 position in GCJ-02, by iteration."""
    return _undo(gcj02_to_bd09, (lon, lat))


def wgs84_to_bd09(lon: float, lat: float) -> Position:
    """Return a WGS-84 position in BD-09."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: float, lat: float) -> Position:
    """Return a BD-09 position in WGS-84."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the great-circle distance in metres (sphere of the mean radius, error below 0.6 %)."""
    half_lat = sin(radians(lat2 - lat1) / 2) ** 2
    half_lon = sin(radians(lon2 - lon1) / 2) ** 2
    square = half_lat + cos(radians(lat1)) * cos(radians(lat2)) * half_lon
    return 2 * _MEAN_RADIUS_M * asin(min(1.0, sqrt(square)))


def plane_m(
    lon: NumberOrArray, lat: NumberOrArray, *, origin: Position
) -> tuple[NumberOrArray, NumberOrArray]:
    """Return positions (numbers or arrays) as metres east and north of an origin within the district.

    The meridians are taken as parallel: within 30 km of the origin, at the latitudes of China, lengths
    are off by less than 0.7 %.
    """
    north_m = radians(1.0) * _MEAN_RADIUS_M
    return (lon - origin[0]) * (north_m * cos(radians(origin[1]))), (lat - origin[1]) * north_m


def _undo(forward: Callable[[float, float], Position], target: Position) -> Position:
    lon, lat = target
    for _ in range(20):
        reached_lon, reached_lat = forward(lon, lat)
        miss_lon, miss_lat = target[0] - reached_lon, target[1] - reached_lat
        lon, lat = lon + miss_lon, lat + miss_lat
        if abs(miss_lon) + abs(miss_lat) < _CLOSE_ENOUGH_DEGREES:
            break
    return lon, lat


def _shift_east_m(x: float, y: float) -> float:
    shift = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    shift += (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    shift += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    return shift + (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3


def _shift_north_m(x: float, y: float) -> float:
    shift = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    shift += (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    shift += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    return shift + (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
