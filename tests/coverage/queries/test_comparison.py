"""Two proposals side by side."""

from dataclasses import replace

import pytest

from liangxin.coverage.queries.comparison import (
    ComparedFigure,
    ComparedGroup,
    ComparedParameter,
    MovedUnit,
    comparison,
)
from tests.factories import registry
from tests.factories.plans import (
    FIGURES,
    PARAMETERS,
    make_candidate,
    make_group,
    make_proposal,
)
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db


def test_units_that_join_a_branch_are_the_same_where_the_branch_is() -> None:
    firms = [make_candidate(name=f"{name}测试公司") for name in "甲乙丙丁戊"]
    here, there = (registry.make_party_organisation().party_organisation for _ in range(2))
    a, b = make_proposal(), make_proposal()
    make_group(a, firms[0:1], into_branch=here)
    make_group(a, firms[1:2], into_branch=here)
    make_group(a, firms[2:4], into_branch=here)
    make_group(b, firms[0:1], into_branch=here)
    make_group(b, firms[1:2], into_branch=there)
    make_group(b, firms[2:5])

    found = comparison(office(), a, b)

    assert found.equal == ((1, 1),)
    assert found.changed == ()
    assert (found.only_a, found.only_b) == ((2, 3), (2, 3))
    assert {one.name[0] for one in found.moved} == {"乙", "丙", "丁", "戊"}


def test_comparison_tells_figures_and_costs() -> None:
    a = make_proposal()
    b = make_proposal(figures=replace(FIGURES, groups=5))

    figures = {one.code: one for one in comparison(office(), a, b).figures}

    assert figures["groups"] == ComparedFigure(code="groups", a=2, b=5)
    assert figures["groups"].change == 3
    assert figures["objective_mm"].change == 0.0
    assert figures["gap"].a == pytest.approx(0.03)


def test_comparison_tells_parameters_that_differ() -> None:
    a, b = make_proposal(), make_proposal(parameters=replace(PARAMETERS, street_radius_m=600.0))

    (only,) = comparison(office(), a, b).parameters

    assert only == ComparedParameter(
        field="street_radius_m",
        title="区域联建：同街道单位间的最远距离",
        unit="米",
        a="1000",
        b="600",
    )


def test_comparison_tells_equal_changed_and_lone_groups() -> None:
    firms = [make_candidate(name=f"{name}测试公司") for name in "甲乙丙丁戊己庚辛壬癸"]
    a, b = make_proposal(), make_proposal()
    make_group(a, firms[0:3])
    make_group(a, firms[3:6])
    make_group(a, firms[6:8])
    make_group(b, firms[8:10])
    make_group(b, [firms[2], firms[0], firms[1]])
    make_group(b, [*firms[3:5], firms[6]])

    found = comparison(office(), a, b)

    assert found.equal == ((1, 2),)
    assert found.changed == (ComparedGroup(a=2, b=3, left=("己测试公司",), joined=("庚测试公司",)),)
    assert (found.only_a, found.only_b) == ((3,), (1,))
    moved = {one.name[0]: (one.a, one.b) for one in found.moved}
    assert moved == {
        "己": (2, None),
        "庚": (3, 3),
        "辛": (3, None),
        "壬": (None, 1),
        "癸": (None, 1),
    }


def test_comparison_matches_the_most_units_in_common_first() -> None:
    firms = [make_candidate() for _ in range(5)]
    a, b = make_proposal(), make_proposal()
    make_group(a, firms)
    make_group(b, firms[:2])
    make_group(b, firms[2:])

    found = comparison(office(), a, b)

    assert [(one.a, one.b) for one in found.changed] == [(1, 2)]
    assert found.only_b == (1,)
    assert {one.b for one in found.moved} == {1}


def test_comparison_of_a_proposal_with_itself_finds_nothing() -> None:
    proposal = make_proposal()
    make_group(proposal)

    found = comparison(office(), proposal, proposal)

    assert found.equal == ((1, 1),)
    assert (found.changed, found.only_a, found.only_b, found.moved) == ((), (), (), ())
    assert found.parameters == ()


def test_comparison_stays_within_the_scope() -> None:
    mine = registry.make_area()
    a, b = make_proposal(), make_proposal()
    make_group(a)
    only = make_group(b, street=mine)

    found = comparison(officer_of(mine), a, b)

    assert (found.only_a, found.only_b) == ((), (1,))
    hosts = {unit.organisation_id for unit in only.units.all()}
    assert {one.organisation_id for one in found.moved} == hosts
    assert all(isinstance(one, MovedUnit) and one.a is None for one in found.moved)


def test_comparison_takes_as_many_queries_whatever_their_number(
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    a, b = make_proposal(), make_proposal()
    for _ in range(3):
        make_group(a)
        make_group(b)
        with django_assert_num_queries(5):
            comparison(office(), a, b)
