"""The made-up map: twelve streets that tile an irregular district, and places inside them."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from math import cos, hypot, radians
from random import Random
from typing import Any

from liangxin.demo.facts import DIVISION, Point, Street
from liangxin.demo.names import STREET_NAMES

CENTRE: Point = (118.30, 30.40)
SIDE_KM = 20.0
ROW_COUNTS = (3, 5, 4)
ROW_EDGES = (0.0, 0.36, 0.68, 1.0)
KM_PER_LATITUDE = 111.32


def make_streets(rng: Random) -> tuple[Street, ...]:
    """Return twelve streets whose rings share their common borders point by point."""
    lines = _Lines(rng)
    rings = [ring for row in range(len(ROW_COUNTS)) for ring in _row_rings(row, lines, rng=rng)]
    return tuple(
        Street(f"{DIVISION}{number:03d}", name, kind, tuple(_geographic(p) for p in ring))
        for number, ((name, kind), ring) in enumerate(zip(STREET_NAMES, rings, strict=True), 1)
    )


def geojson(streets: Sequence[Street]) -> dict[str, Any]:
    """Return the streets as a GeoJSON feature collection in WGS-84."""
    features = [
        {
            "type": "Feature",
            "properties": {
                "code": street.code,
                "name": street.name,
                "kind": "street",
                "synthetic": True,
            },
            "geometry": {"type": "Polygon", "coordinates": [[list(p) for p in street.ring]]},
        }
        for street in streets
    ]
    return {"type": "FeatureCollection", "features": features}


def is_inside(point: Point, ring: Sequence[Point]) -> bool:
    """Whether a point lies inside a closed ring (even-odd rule)."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


class Places:
    """Draws points inside streets, denser around a few hubs of each."""

    def __init__(self, streets: Sequence[Street], rng: Random) -> None:
        self._rng = rng
        self._cells: Mapping[str, tuple[list[Point], list[float]]] = {
            street.name: _weighted_cells(street.ring, rng) for street in streets
        }
        self._half = _cell_size(2.0)

    def draw(self, street: str) -> Point:
        """Return a point inside the street named `street`, rounded to six decimals."""
        cells, cumulative = self._cells[street]
        (x, y), (half_x, half_y) = self._rng.choices(cells, cum_weights=cumulative)[0], self._half
        uniform = self._rng.uniform
        return round(x + uniform(-half_x, half_x), 6), round(y + uniform(-half_y, half_y), 6)


def _cell_size(parts: float) -> Point:
    side_km = SIDE_KM / 80 / parts
    return side_km / (KM_PER_LATITUDE * cos(radians(CENTRE[1]))), side_km / KM_PER_LATITUDE


def _weighted_cells(ring: Sequence[Point], rng: Random) -> tuple[list[Point], list[float]]:
    cells = _inner_cells(ring)
    hubs = rng.sample(cells, min(4, len(cells)))
    weights = (
        1 + 12 * max(0.0, 1 - min(hypot(x - hx, y - hy) for hx, hy in hubs) / 0.012)
        for x, y in cells
    )
    return cells, list(accumulate(weights))


def _inner_cells(ring: Sequence[Point]) -> list[Point]:
    """Return the centres of the grid cells that lie wholly inside the ring."""
    width, height = _cell_size(1.0)
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    columns = int((max(xs) - min(xs)) / width) + 1
    rows = int((max(ys) - min(ys)) / height) + 1
    centres = [
        (min(xs) + (column + 0.5) * width, min(ys) + (row + 0.5) * height)
        for row in range(rows)
        for column in range(columns)
    ]
    corners = [(dx * width, dy * height) for dx in (-0.6, 0, 0.6) for dy in (-0.6, 0, 0.6)]
    return [(x, y) for x, y in centres if all(is_inside((x + a, y + b), ring) for a, b in corners)]


def _cuts(count: int, rng: Random) -> list[float]:
    """Return where the borders between `count` streets of a row stand, ends included."""
    inner = [(k + rng.uniform(-0.16, 0.16)) / count for k in range(1, count)]
    return [0.0, *inner, 1.0]


class _Lines:
    """The level lines between rows as polylines, and the places where streets' borders meet."""

    def __init__(self, rng: Random) -> None:
        self.cuts = [_cuts(count, rng) for count in ROW_COUNTS]
        self.paths: list[dict[float, list[Point]]] = []
        for level, edge in enumerate(ROW_EDGES):
            stops = sorted({x for row in self.cuts[max(0, level - 1) : level + 1] for x in row})
            nodes = [(x + rng.uniform(-0.02, 0.02), edge + rng.uniform(-0.05, 0.05)) for x in stops]
            pieces = [_wiggled(a, b, rng=rng) for a, b in pairwise(nodes)]
            path = dict(zip(stops, pieces, strict=False))
            path[stops[-1]] = [nodes[-1]]
            self.paths.append(path)

    def stretch(self, level: int, first: float, last: float) -> list[Point]:
        """Return the points of one level line from cut `first` to cut `last`, both included."""
        path = self.paths[level]
        points = [p for x, piece in path.items() if first <= x < last for p in piece[:-1]]
        return [*points, path[last][0]]


def _row_rings(row: int, lines: _Lines, *, rng: Random) -> list[list[Point]]:
    cuts = lines.cuts[row]
    uprights = [_wiggled(lines.paths[row][x][0], lines.paths[row + 1][x][0], rng=rng) for x in cuts]
    return [
        [
            *lines.stretch(row, left, right),
            *uprights[k + 1][1:],
            *lines.stretch(row + 1, left, right)[::-1][1:],
            *uprights[k][::-1][1:],
        ]
        for k, (left, right) in enumerate(pairwise(cuts))
    ]


def _wiggled(start: Point, end: Point, *, rng: Random, depth: int = 3) -> list[Point]:
    """Return a line from start to end bent by displacing midpoints, 2**depth pieces."""
    if depth == 0:
        return [start, end]
    dx, dy = end[0] - start[0], end[1] - start[1]
    shift = rng.uniform(-0.11, 0.11)
    middle = ((start[0] + end[0]) / 2 - shift * dy, (start[1] + end[1]) / 2 + shift * dx)
    first = _wiggled(start, middle, rng=rng, depth=depth - 1)
    return [*first[:-1], *_wiggled(middle, end, rng=rng, depth=depth - 1)]


def _geographic(point: Point) -> Point:
    """Turn a place on the unit square into degrees, the square being 20 km wide."""
    km_x, km_y = (point[0] - 0.5) * SIDE_KM, (point[1] - 0.5) * SIDE_KM
    longitude = CENTRE[0] + km_x / (KM_PER_LATITUDE * cos(radians(CENTRE[1])))
    return round(longitude, 6), round(CENTRE[1] + km_y / KM_PER_LATITUDE, 6)
