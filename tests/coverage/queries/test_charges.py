"""What groups weigh in the total cost beside what is walked, and the ways that earlier ledgers hold."""

from dataclasses import replace
from importlib import import_module

import pytest
from django.apps import apps

from liangxin.coverage.models import ProposedGroup
from liangxin.coverage.queries.charges import weighed_mm
from liangxin.coverage.terms import GroupMode
from tests.factories.establishments import make_founded
from tests.factories.plans import PARAMETERS, make_candidate, make_group, make_proposal
from tests.factories.registry import make_area

pytestmark = pytest.mark.django_db


def along(*norths_m: float, **more: object) -> ProposedGroup:
    street = make_area()
    units = [make_candidate(street=street, north_m=north) for north in norths_m]
    return make_group(make_proposal(), units, **more)  # type: ignore[arg-type]


def weighed(group: ProposedGroup, **changes: float) -> float:
    groups = ProposedGroup.objects.filter(pk=group.pk)
    return weighed_mm(groups, replace(PARAMETERS, **changes))  # type: ignore[arg-type]


def test_a_usual_group_weighs_what_is_walked() -> None:
    group = along(0, 100, 200)

    assert weighed(group) == pytest.approx(group.cost_mm)
    assert group.cost_mm == pytest.approx(300, abs=1)


@pytest.mark.parametrize(
    ("mode", "weight"),
    [(GroupMode.STREET, "street_weight"), (GroupMode.INDUSTRY, "industry_weight")],
)
def test_ways_weigh_by_their_mode(mode: GroupMode, weight: str) -> None:
    group = along(0, 100, 200, mode=mode)

    assert weighed(group, **{weight: 1.5}) == pytest.approx(1.5 * group.cost_mm)


def test_units_beyond_the_usual_limit_weigh_more_but_for_a_branch_that_stands() -> None:
    norths = (0, 10, 20, 30, 40, 50, 60)
    new = along(*norths)
    joining = along(*norths, into_branch=make_founded().party_organisation)

    assert weighed(new) == pytest.approx(new.cost_mm + 2 * PARAMETERS.extra_unit_mm)
    assert weighed(joining) == pytest.approx(joining.cost_mm)


def test_ways_of_earlier_ledgers_become_those_walked() -> None:
    group = along(0, 100, 200)
    walked_mm = group.cost_mm
    ProposedGroup.objects.update(cost_mm=walked_mm + 2000)

    step = import_module("liangxin.coverage.migrations.0009_ways_walked")
    step.count_what_is_walked(apps, None)

    group.refresh_from_db()
    assert group.cost_mm == pytest.approx(walked_mm)
