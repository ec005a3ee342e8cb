"""What a district sets of a plan reaches the solver: weights of modes, limits of streets."""

import pytest

from liangxin.coverage.terms import LeftOutCode
from tests.coverage.planning.test_running import planned
from tests.factories import registry
from tests.factories.plans import make_candidate
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db


def test_plan_keeps_to_the_limit_of_new_branches_in_a_street() -> None:
    street = registry.make_area()
    for place in range(6):
        make_candidate(street=street, north_m=(100.0 if place < 3 else 5000.0) + 10.0 * place)

    proposal = planned(office(), street, new_per_street=1)

    assert (proposal.groups.count(), proposal.left_out.count()) == (1, 3)
    assert {row.code for row in proposal.left_out.all()} <= {
        LeftOutCode.SETTLED,
        LeftOutCode.TOO_FAR,
    }


def test_plan_prefers_the_mode_that_weighs_less() -> None:
    street = registry.make_area()
    make_candidate(street=street, members=2, industry_code="6511")
    make_candidate(street=street, north_m=300.0)
    make_candidate(north_m=-400.0, industry_code="6511")

    plain = planned(office()).groups.get()
    trade = planned(
        office(), street_weight=10.0, left_out_mm=100_000.0, max_units=2, largest_units=2
    )

    assert plain.units_count == 3
    assert [unit.mode for unit in trade.groups.get().units.all() if not unit.is_host] == [
        "industry"
    ]
