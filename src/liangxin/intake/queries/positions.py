"""Coordinates as lists tell them, in WGS-84."""

from collections.abc import Mapping
from typing import Any

from liangxin.standards.coordinates import CoordinateSystem, to_wgs84

# About 10 cm: converting the same list twice must give the same numbers.
DECIMALS = 6


def told_position(values: Mapping[str, Any]) -> dict[str, float]:
    """`lon` and `lat` in degrees WGS-84 where both are given, else nothing; no system named: WGS-84."""
    if "lon" not in values or "lat" not in values:
        return {}
    system = CoordinateSystem(values.get("coordinate_system", CoordinateSystem.WGS84))
    lon, lat = to_wgs84(values["lon"], values["lat"], system=system)
    return {"lon": round(lon, DECIMALS), "lat": round(lat, DECIMALS)}
