"""A small sketch of where a point lies among the streets, drawn without any map service."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from liangxin.registry.models import Area

WIDTH = 220
MARGIN = 6
# Outlines on a sketch this small need no more corners.
MAX_CORNERS = 60

Ring = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Outline:
    """One street as an SVG path; `is_here` where the point's street is."""

    name: str
    path: str
    is_here: bool


@dataclass(frozen=True)
class Locator:
    """Outlines and the point in one viewBox of `width` by `height`."""

    width: int
    height: int
    outlines: tuple[Outline, ...]
    x: float
    y: float


def locator(areas: Sequence[Area], *, lon: float, lat: float, here: int | None) -> Locator | None:
    """The point among the outlines of `areas`; None where no outline is known."""
    rings = {area: list(_rings(area.boundary)) for area in areas if area.boundary}
    corners = [corner for found in rings.values() for ring in found for corner in ring]
    if not corners:
        return None
    west, east = _span([corner[0] for corner in corners] + [lon])
    south, north = _span([corner[1] for corner in corners] + [lat])
    flat = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * flat)

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            round(MARGIN + (x - west) * flat * scale, 1),
            round(MARGIN + (north - y) * scale, 1),
        )

    outlines = []
    for area, found in rings.items():
        paths = (
            "M" + "L".join(f"{x} {y}" for x, y in _points(ring, place)) + "Z" for ring in found
        )
        outlines.append(Outline(area.name, "".join(paths), area.pk == here))
    x, y = place(lon, lat)
    height = round((north - south) * scale) + 2 * MARGIN
    return Locator(WIDTH, height, tuple(outlines), x, y)


def _points(ring: Ring, place: Any) -> list[tuple[float, float]]:
    step = max(1, len(ring) // MAX_CORNERS)
    return [place(corner[0], corner[1]) for corner in ring[::step]]


def _rings(boundary: dict[str, Any]) -> Iterator[Ring]:
    coordinates = boundary.get("coordinates") or ()
    polygons = [coordinates] if boundary.get("type") == "Polygon" else coordinates
    for polygon in polygons:
        if polygon:
            yield polygon[0]


def _span(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 0.01, high + 0.01)
