"""Whether two organisations may share a group."""

from dataclasses import replace

import pytest

from liangxin.coverage.queries.reach import Place, is_within_reach
from tests.factories.plans import DEGREES_A_METRE, LAT, LON, PARAMETERS

HOST = Place(lon=LON, lat=LAT, site_id=1, street_id=2, industry=65)


def unit(*, metres: float, **facts: int | None) -> Place:
    apart = {"site_id": None, "street_id": None, "industry": None}
    return Place(lon=LON, lat=LAT + metres * DEGREES_A_METRE, **(apart | facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (unit(metres=5000, site_id=1), True),
        (unit(metres=990, street_id=2), True),
        (unit(metres=1100, street_id=2), False),
        (unit(metres=2900, industry=65), True),
        (unit(metres=3100, industry=65), False),
        (unit(metres=2900, street_id=2, industry=65), True),
        (unit(metres=0), False),
        (replace(unit(metres=0, street_id=2), lon=None, lat=None), False),
        (replace(unit(metres=0, site_id=1), lon=None, lat=None), True),
    ],
)
def test_is_within_reach_by_site_street_or_industry(place: Place, expected: bool) -> None:
    assert is_within_reach(place, HOST, parameters=PARAMETERS) is expected


def test_is_within_reach_takes_unknown_for_unequal() -> None:
    nowhere = replace(HOST, site_id=None, street_id=None, industry=None)

    assert not is_within_reach(unit(metres=0), nowhere, parameters=PARAMETERS)
