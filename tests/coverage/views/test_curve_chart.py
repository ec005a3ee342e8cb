"""The drawing of coverage against travel: round axes, and labels that can be read."""

from itertools import combinations

from liangxin.coverage.models import CurvePoint, TravelCurve
from liangxin.coverage.views.curve_chart import (
    LABEL_HEIGHT,
    LABEL_WIDTH,
    MARK_SIZE,
    Box,
    CurveChart,
    curve_chart,
)

# Radius, member-metres, organisations covered: three of the five fall nearly together.
CROWDED = (
    (500, 263_920.0, 4248),
    (800, 233_976.0, 4270),
    (1000, 228_624.0, 4273),
    (1500, 228_167.0, 4276),
    (2000, 228_449.0, 4276),
)


def drawn(
    points: tuple[tuple[int, float, int], ...] = CROWDED, *, base: int = 16_200
) -> CurveChart:
    chart = curve_chart(
        TravelCurve(base=base),
        [
            CurvePoint(street_radius_m=radius, unit_limit=5, cost_mm=cost, covered_after=covered)
            for radius, cost, covered in points
        ],
    )
    assert chart is not None
    return chart


def test_axes_are_counted_in_round_steps_and_hold_every_mark() -> None:
    chart = drawn()

    assert [tick.text for tick in chart.x_ticks][:3] == ["220,000", "230,000", "240,000"]
    assert [tick.text for tick in chart.y_ticks][:2] == ["26.20%", "26.25%"]
    for mark in chart.series[0].marks:
        assert chart.x_ticks[0].at < mark.x < chart.x_ticks[-1].at
        assert chart.y_ticks[-1].at < mark.y < chart.y_ticks[0].at


def test_labels_cover_neither_each_other_nor_a_mark() -> None:
    marks = drawn().series[0].marks
    labels = [Box(mark.label_x, mark.label_y - 4, LABEL_WIDTH, LABEL_HEIGHT) for mark in marks]
    spots = [Box(mark.x, mark.y, MARK_SIZE, MARK_SIZE) for mark in marks]

    assert [mark.label for mark in marks] == [
        "500 米",
        "800 米",
        "1,000 米",
        "1,500 米",
        "2,000 米",
    ]
    assert not any(one.meets(other) for one, other in combinations(labels, 2))
    assert not any(label.meets(spot) for label in labels for spot in spots)


def test_a_single_point_stands_within_its_axes() -> None:
    chart = drawn(((1000, 0.0, 50),), base=100)
    (mark,) = chart.series[0].marks

    assert chart.left <= mark.x <= chart.right
    assert chart.top <= mark.y <= chart.bottom
