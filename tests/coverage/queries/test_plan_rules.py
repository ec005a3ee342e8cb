"""The parameters of a proposal: every one from a rule, the district's own over the national one."""

from dataclasses import fields
from datetime import date

import pytest
from django.utils import timezone

from liangxin.coverage.queries.plan_rules import PLAN_RULES, plan_parameters, plan_rule_rows
from liangxin.coverage.terms import PlanParameters
from liangxin.optimize.grouping.problem import HARDEST_MAX_UNITS
from liangxin.registry.models import DistrictRule
from tests.factories import registry

DAY = date(2026, 6, 1)

pytestmark = pytest.mark.django_db


def set_rule(code: str, value: object) -> None:
    DistrictRule.objects.create(
        code=code,
        value=value,
        source="测试区文件",
        valid_from=date(2025, 1, 1),
        recorded_at=timezone.now(),
        provenance=registry.make_provenance(),
    )


def test_plan_rules_name_every_parameter() -> None:
    assert tuple(PLAN_RULES) == tuple(field.name for field in fields(PlanParameters))


def test_plan_parameters_are_the_national_ones() -> None:
    assert plan_parameters(DAY) == PlanParameters(
        street_radius_m=1000.0,
        industry_radius_m=3000.0,
        left_out_mm=20000.0,
        min_members=3,
        max_members=50,
        max_units=5,
        largest_units=5,
        extra_unit_mm=2000.0,
        attachment_radius_m=3000.0,
        branch_places=10,
        instructor_places=3,
        joins_branches=True,
        host_needs_room=True,
        host_needs_secretary=True,
    )


def test_plan_parameters_follow_the_district() -> None:
    set_rule("joint_branch.street_radius_m", 600)

    assert plan_parameters(DAY).street_radius_m == 600.0


def test_plan_parameters_raise_the_largest_with_the_usual_number() -> None:
    set_rule("joint_branch.max_units", 6)

    assert plan_parameters(DAY).largest_units == 6


def test_plan_parameters_ask_for_no_larger_groups_than_the_planner_forms() -> None:
    set_rule("joint_branch.max_units", 10)

    found = plan_parameters(DAY)

    assert (found.max_units, found.largest_units) == (HARDEST_MAX_UNITS,) * 2


def test_plan_rule_rows_name_the_source(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    set_rule("joint_branch.street_radius_m", 600)

    with django_assert_num_queries(1):
        rows = plan_rule_rows(DAY)

    first = rows[0]
    assert (first.field, first.code) == ("street_radius_m", "joint_branch.street_radius_m")
    assert (first.value, first.unit) == (600, "米")
    assert (first.source, first.confidence) == ("测试区文件", "local")
    assert all(row.title and row.source for row in rows)
