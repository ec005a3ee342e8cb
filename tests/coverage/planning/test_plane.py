"""Degrees as metres."""

import numpy as np
import pytest

from liangxin.coverage.planning.plane import plane_of
from liangxin.standards.coordinates import distance_m


def test_plane_of_runs_through_the_middle_of_what_is_known() -> None:
    plane = plane_of([(117.0, 31.0), (None, None), (118.0, 32.0)])

    assert plane.origin == pytest.approx((117.5, 31.5))


def test_plane_stays_where_it_is_when_a_firm_leaves() -> None:
    positions = [(117.24, 31.84), (117.25, 31.85), (117.26, 31.86)]

    assert plane_of(positions) == plane_of(positions[:2])


def test_plane_keeps_lengths_and_says_what_is_not_known() -> None:
    plane = plane_of([(117.2, 31.8), (117.22, 31.82)])

    x_m, y_m = plane.metres([117.2, 117.22, None], [31.8, 31.82, None])

    way_m = float(np.hypot(x_m[1] - x_m[0], y_m[1] - y_m[0]))
    assert way_m == pytest.approx(distance_m(117.2, 31.8, 117.22, 31.82), rel=1e-3)
    assert np.isnan([x_m[2], y_m[2]]).all()


def test_plane_of_nothing_takes_nothing() -> None:
    x_m, y_m = plane_of([]).metres([], [])

    assert (x_m.shape, y_m.shape) == ((0,), (0,))
