"""A curve of coverage against travel as places on a drawing; the table says the same in figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor, hypot, log10
from typing import Final

from liangxin.coverage.models import CurvePoint, TravelCurve
from liangxin.ui.templatetags.ui import percent, thousands

WIDTH, HEIGHT = 760, 340
LEFT, RIGHT, TOP, BOTTOM = 66, 30, 26, 52
TICKS: Final = 6  # on an axis, at most so many
ROUND_STEPS: Final = (1.0, 2.0, 5.0, 10.0)  # times a power of ten: what an axis is counted in
MARGIN: Final = 0.08  # of the range, so that no mark lies on an axis
AXIS_DROP, AXIS_GAP = 20, 8
# Where a label may stand beside its mark, best first, and the room that it takes there.
LABEL_SPOTS: Final = (
    *((0, -11), (0, 21), (36, 4), (-36, 4)),
    *((38, -12), (-38, -12), (38, 22), (-38, 22), (0, -28), (0, 38)),
)
LABEL_WIDTH, LABEL_HEIGHT = 52, 15
LABEL_RISE = 4  # of a label's middle above the line that it stands on
MARK_SIZE, LINE_SIZE, LINE_STRIDE = 10, 4, 6
FINE_STEP: Final = 0.001  # of the rate; a finer axis takes one more decimal
LEAST_STEP: Final = 0.0001  # of the rate: finer ones would be told alike


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One point; `title` says it in words."""

    x: float
    y: float
    label: str  # '' where there is no room for it
    label_x: float
    label_y: float
    title: str


@dataclass(frozen=True, kw_only=True)
class Series:
    """The points of one unit limit, joined in the order of their radius; `place` counts from 1."""

    place: int
    name: str
    path: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A line of the grid, and what it stands for."""

    at: float
    text: str


@dataclass(frozen=True, kw_only=True)
class CurveChart:
    """Everything that is drawn; lengths in units of the drawing."""

    series: tuple[Series, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM
    x_text_y: int = HEIGHT - BOTTOM + AXIS_DROP
    y_text_x: int = LEFT - AXIS_GAP


@dataclass(frozen=True)
class Axis:
    """Values from `low` to `high`, counted in steps, onto a length from `start` to `end`."""

    low: float
    high: float
    step: float
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def values(self) -> list[float]:
        steps = round((self.high - self.low) / self.step)
        return [self.low + self.step * place for place in range(steps + 1)]


@dataclass(frozen=True)
class Box:
    """Room that is taken on the drawing, told by its middle."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: "Box") -> bool:
        return (
            abs(self.x - other.x) < (self.width + other.width) / 2
            and abs(self.y - other.y) < (self.height + other.height) / 2
        )


def curve_chart(curve: TravelCurve, points: Sequence[CurvePoint]) -> CurveChart | None:
    """The drawing of a curve; None where there is nothing to draw against."""
    if not points or not curve.base:
        return None
    base = curve.base
    across = _axis([point.cost_mm for point in points], LEFT, WIDTH - RIGHT, least_step=1.0)
    up = _axis(
        [point.covered_after / base for point in points],
        HEIGHT - BOTTOM,
        TOP,
        least_step=LEAST_STEP,
    )
    limits = sorted({point.unit_limit for point in points})
    places = 1 if up.step >= FINE_STEP else 2
    return CurveChart(
        series=_labelled(
            [
                _series(place, limit, points, across=across, up=up, base=base)
                for place, limit in enumerate(limits, start=1)
            ]
        ),
        x_ticks=tuple(
            Tick(at=across.at(one), text=thousands(round(one))) for one in across.values()
        ),
        y_ticks=tuple(Tick(at=up.at(one), text=percent(one, places)) for one in up.values()),
    )


def _series(
    place: int,
    limit: int,
    points: Sequence[CurvePoint],
    *,
    across: Axis,
    up: Axis,
    base: int,
) -> Series:
    own = [point for point in points if point.unit_limit == limit]
    own.sort(key=lambda point: point.street_radius_m)
    marks = tuple(
        Mark(
            x=round(across.at(point.cost_mm), 1),
            y=round(up.at(point.covered_after / base), 1),
            label=f"{thousands(point.street_radius_m)} 米",
            label_x=0.0,
            label_y=0.0,
            title=_words(point, base),
        )
        for point in own
    )
    path = " ".join(f"{mark.x},{mark.y}" for mark in marks)
    return Series(place=place, name=f"一组 {limit} 个单位", path=path, marks=marks)


def _labelled(series: Sequence[Series]) -> tuple[Series, ...]:
    """The series with each label where it covers no other, no mark and no line; one without room is left away."""
    taken = [Box(mark.x, mark.y, MARK_SIZE, MARK_SIZE) for one in series for mark in one.marks] + [
        box for one in series for box in _line(one.marks)
    ]
    return tuple(
        replace(one, marks=tuple(_placed(mark, taken) for mark in one.marks)) for one in series
    )


def _line(marks: Sequence[Mark]) -> Iterator[Box]:
    """The line through the marks as small boxes along it."""
    for one, other in pairwise(marks):
        pieces = ceil(hypot(other.x - one.x, other.y - one.y) / LINE_STRIDE)
        for piece in range(1, pieces):
            part = piece / pieces
            x, y = one.x + part * (other.x - one.x), one.y + part * (other.y - one.y)
            yield Box(x, y, LINE_SIZE, LINE_SIZE)


def _placed(mark: Mark, taken: list[Box]) -> Mark:
    for right, down in LABEL_SPOTS:
        x, y = mark.x + right, mark.y + down
        box = Box(x, y - LABEL_RISE, LABEL_WIDTH, LABEL_HEIGHT)
        if LEFT < x < WIDTH - RIGHT and not any(box.meets(other) for other in taken):
            taken.append(box)
            return replace(mark, label_x=round(x, 1), label_y=round(y, 1))
    return replace(mark, label="")


def _words(point: CurvePoint, base: int) -> str:
    share = percent(point.covered_after / base, 2)
    return (
        f"同街道 {point.street_radius_m} 米、一组 {point.unit_limit} 个单位："
        f"组织覆盖率 {share}，路程 {thousands(round(point.cost_mm))} 人·米"
    )


def _axis(values: Sequence[float], start: float, end: float, *, least_step: float) -> Axis:
    """An axis of round values with room for all of these."""
    low, high = min(values), max(values)
    # A single value, or several alike, is drawn in the middle.
    span = (high - low) or abs(high) or 1.0
    low, high = max(0.0, low - span * MARGIN), high + span * MARGIN
    least = max(least_step, (high - low) / TICKS)
    power = 10.0 ** floor(log10(least))
    step = next(one * power for one in ROUND_STEPS if one * power >= least)
    return Axis(floor(low / step) * step, ceil(high / step) * step, step, start, end)
