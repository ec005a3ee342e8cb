from math import isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.standards.coordinates import (
    CoordinateSystem,
    bd09_to_gcj02,
    bd09_to_wgs84,
    distance_m,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    plane_m,
    to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

in_china = st.tuples(st.floats(74, 135), st.floats(4, 53))


@given(in_china)
def test_gcj02_comes_back_within_a_decimetre(position: tuple[float, float]) -> None:
    assert distance_m(*position, *gcj02_to_wgs84(*wgs84_to_gcj02(*position))) < 0.1


@given(in_china)
def test_bd09_comes_back_within_a_decimetre(position: tuple[float, float]) -> None:
    assert distance_m(*position, *bd09_to_gcj02(*gcj02_to_bd09(*position))) < 0.1
    assert distance_m(*position, *bd09_to_wgs84(*wgs84_to_bd09(*position))) < 0.1


@given(in_china)
def test_systems_differ_by_hundreds_of_metres(position: tuple[float, float]) -> None:
    assert 10 < distance_m(*position, *wgs84_to_gcj02(*position)) < 1500
    assert 300 < distance_m(*position, *gcj02_to_bd09(*position)) < 1500


def test_tiananmen_agrees_with_the_published_example() -> None:
    lon, lat = wgs84_to_gcj02(116.404, 39.915)
    assert isclose(lon, 116.41024449916938, abs_tol=1e-6)
    assert isclose(lat, 39.91640428150164, abs_tol=1e-6)
    lon, lat = gcj02_to_bd09(116.404, 39.915)
    assert isclose(lon, 116.41036949371029, abs_tol=1e-6)
    assert isclose(lat, 39.92133699351021, abs_tol=1e-6)


def test_positions_abroad_are_not_shifted() -> None:
    assert wgs84_to_gcj02(-0.1276, 51.5072) == (-0.1276, 51.5072)
    assert gcj02_to_wgs84(-0.1276, 51.5072) == (-0.1276, 51.5072)


def test_to_wgs84_reads_each_system() -> None:
    here = (117.2272, 31.8206)
    assert to_wgs84(*here, system=CoordinateSystem.WGS84) == here
    gcj02, bd09 = wgs84_to_gcj02(*here), wgs84_to_bd09(*here)
    assert distance_m(*here, *to_wgs84(*gcj02, system=CoordinateSystem("GCJ-02"))) < 0.1
    assert distance_m(*here, *to_wgs84(*bd09, system=CoordinateSystem("BD-09"))) < 0.1


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((117.0, 31.0), (117.0, 31.0), 0),
        ((117.0, 31.0), (117.0, 32.0), 111_195),
        ((0.0, 0.0), (180.0, 0.0), 20_015_115),
        ((116.4074, 39.9042), (121.4737, 31.2304), 1_067_310),
    ],
)
def test_distance_is_the_great_circle(
    one: tuple[float, float], other: tuple[float, float], metres: float
) -> None:
    assert isclose(distance_m(*one, *other), metres, rel_tol=1e-3, abs_tol=1e-6)
    assert distance_m(*one, *other) == distance_m(*other, *one)


@pytest.mark.parametrize("origin", [(117.2, 31.8), (126.6, 53.0), (110.3, 20.0)])
def test_plane_keeps_distances_of_a_district(origin: tuple[float, float]) -> None:
    lon = np.array([origin[0], origin[0] + 0.2, origin[0] - 0.15])
    lat = np.array([origin[1], origin[1] + 0.1, origin[1] + 0.18])
    x_m, y_m = plane_m(lon, lat, origin=origin)

    for one, other in ((0, 1), (1, 2), (0, 2)):
        metres = distance_m(lon[one], lat[one], lon[other], lat[other])
        assert isclose(np.hypot(x_m[one] - x_m[other], y_m[one] - y_m[other]), metres, rel_tol=7e-3)


def test_plane_of_one_position_is_a_pair_of_numbers() -> None:
    assert plane_m(117.0, 31.0, origin=(117.0, 31.0)) == (0.0, 0.0)
    east_m, north_m = plane_m(117.01, 31.01, origin=(117.0, 31.0))
    assert (round(east_m), round(north_m)) == (953, 1112)
