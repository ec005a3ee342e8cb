"""A curve of coverage against travel as places on a drawing; the table says the same in figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from liangxin.coverage.models import CurvePoint, TravelCurve
from liangxin.ui.templatetags.ui import percent, thousands

WIDTH, HEIGHT = 760, 340
LEFT, RIGHT, TOP, BOTTOM = 66, 30, 26, 52
TICKS: Final = 4
MARGIN: Final = 0.08  # of the range, so that no mark lies on an axis
AXIS_DROP, AXIS_GAP = 20, 8
# Where a label may stand beside its mark, best first, and the room that it takes there.
LABEL_SPOTS: Final = ((0, -11), (0, 21), (34, 4), (-34, 4))
LABEL_WIDTH, LABEL_HEIGHT = 48, 15
FINE_SPAN: Final = 0.01  # of the rate; a narrower axis takes one more decimal


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
    """Values from `low` to `high` onto a length from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def values(self) -> list[float]:
        step = (self.high - self.low) / TICKS
        return [self.low + step * place for place in range(TICKS + 1)]


def curve_chart(curve: TravelCurve, points: Sequence[CurvePoint]) -> CurveChart | None:
    """The drawing of a curve; None where there is nothing to draw against."""
    if not points or not curve.base:
        return None
    base = curve.base
    across = _axis([point.cost_mm for point in points], LEFT, WIDTH - RIGHT)
    up = _axis([point.covered_after / base for point in points], HEIGHT - BOTTOM, TOP)
    limits = sorted({point.unit_limit for point in points})
    places = 2 if up.high - up.low < FINE_SPAN else 1
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
            label=f"{point.street_radius_m} 米",
            label_x=0.0,
            label_y=0.0,
            title=_words(point, base),
        )
        for point in own
    )
    path = " ".join(f"{mark.x},{mark.y}" for mark in marks)
    return Series(place=place, name=f"一组 {limit} 个单位", path=path, marks=marks)


def _labelled(series: Sequence[Series]) -> tuple[Series, ...]:
    """The series with each label where it covers no other; one without room is left away."""
    taken: list[tuple[float, float]] = []
    return tuple(
        replace(one, marks=tuple(_placed(mark, taken) for mark in one.marks)) for one in series
    )


def _placed(mark: Mark, taken: list[tuple[float, float]]) -> Mark:
    for right, down in LABEL_SPOTS:
        spot = (mark.x + right, mark.y + down)
        if LEFT < spot[0] < WIDTH - RIGHT and all(_are_apart(spot, other) for other in taken):
            taken.append(spot)
            return replace(mark, label_x=round(spot[0], 1), label_y=round(spot[1], 1))
    return replace(mark, label="")


def _are_apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) >= LABEL_WIDTH or abs(one[1] - other[1]) >= LABEL_HEIGHT


def _words(point: CurvePoint, base: int) -> str:
    share = percent(point.covered_after / base, 2)
    return (
        f"同街道 {point.street_radius_m} 米、一组 {point.unit_limit} 个单位："
        f"组织覆盖率 {share}，路程 {thousands(round(point.cost_mm))} 人·米"
    )


def _axis(values: Sequence[float], start: float, end: float) -> Axis:
    low, high = min(values), max(values)
    # A single value, or several alike, is drawn in the middle.
    span = (high - low) or abs(high) or 1.0
    return Axis(max(0.0, low - span * MARGIN), high + span * MARGIN, start, end)
