"""The shift into GCJ-02 agrees with the conversion that the importer uses."""

import pytest

from liangxin.demo.datum import shifted
from liangxin.standards.coordinates import wgs84_to_gcj02


@pytest.mark.parametrize("point", [(118.3, 30.4), (118.25, 30.47), (116.4, 39.9), (104.1, 30.6)])
def test_shifted_agrees_with_the_standard_conversion(point: tuple[float, float]) -> None:
    assert shifted(point) == pytest.approx(wgs84_to_gcj02(*point), abs=2e-6)
