"""A small star of one group, drawn without any map: the host, its units, and a bar for scale."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from liangxin.coverage.models import ProposedUnit

WIDTH, HEIGHT, MARGIN = 320, 220, 34
METRES_A_DEGREE = 111_195
# Units of one tower would blow the sketch up to nothing but themselves.
LEAST_SPAN_M = 200
BARS_M = (5000, 2000, 1000, 500, 200, 100, 50)

Place = tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """One place, how many units stand there, and whether the host is among them."""

    x: float
    y: float
    count: int
    is_host: bool
    name: str


@dataclass(frozen=True)
class Sketch:
    """Spots in a viewBox of `width` by `height`; `bar` pixels are `bar_m` metres."""

    width: int
    height: int
    host: Spot | None
    spots: tuple[Spot, ...]
    bar: float
    bar_m: int


def sketch(units: Sequence[ProposedUnit]) -> Sketch | None:
    """The units of one group, host first where one of them is; None without units."""
    if not units:
        return None
    middle = sum(unit.lat for unit in units) / len(units)
    places = [_metres(unit, middle) for unit in units]
    scale, to_page = _page(places)
    counts = Counter(places)
    spots, seen = [], set()
    for unit, place in zip(units, places, strict=True):
        if place not in seen:
            seen.add(place)
            spots.append(Spot(*to_page(place), counts[place], unit.is_host, unit.name))
    bar_m = next((length for length in BARS_M if length * scale <= WIDTH / 3), BARS_M[-1])
    host = next((spot for spot in spots if spot.is_host), None)
    return Sketch(WIDTH, HEIGHT, host, tuple(spots), round(bar_m * scale, 1), bar_m)


def _metres(unit: ProposedUnit, middle: float) -> Place:
    east = unit.lon * METRES_A_DEGREE * cos(radians(middle))
    return round(east, 1), round(unit.lat * METRES_A_DEGREE, 1)


def _page(places: Sequence[Place]) -> tuple[float, "ToPage"]:
    xs, ys = [x for x, _ in places], [y for _, y in places]
    span_x = max(max(xs) - min(xs), LEAST_SPAN_M)
    span_y = max(max(ys) - min(ys), LEAST_SPAN_M)
    scale = min((WIDTH - 2 * MARGIN) / span_x, (HEIGHT - 2 * MARGIN) / span_y)
    middle = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)
    return scale, ToPage(middle, scale)


@dataclass(frozen=True)
class ToPage:
    """Metres to pixels; north is up."""

    middle: Place
    scale: float

    def __call__(self, place: Place) -> Place:
        x = WIDTH / 2 + (place[0] - self.middle[0]) * self.scale
        y = HEIGHT / 2 - (place[1] - self.middle[1]) * self.scale
        return round(x, 1), round(y, 1)
