"""The rules that a proposal is computed with, as they stand on a day in this district."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from liangxin.coverage.terms import MOST_PLANNED_UNITS, PlanParameters
from liangxin.registry.queries.rules import local_rules, value_in_words
from liangxin.rulebook import Rule, Value, rule

# Each field of PlanParameters and the rule it is taken from.
PLAN_RULES: Mapping[str, str] = MappingProxyType(
    {
        "street_radius_m": "joint_branch.street_radius_m",
        "industry_radius_m": "joint_branch.industry_radius_m",
        "left_out_mm": "joint_branch.left_out_mm",
        "min_members": "branch.min_full_members",
        "max_members": "branch.max_members",
        "max_units": "joint_branch.max_units",
        "largest_units": "joint_branch.largest_units",
        "extra_unit_mm": "joint_branch.extra_unit_mm",
        "attachment_radius_m": "attachment.radius_m",
        "branch_places": "attachment.branch_max_units",
        "instructor_places": "instructor.max_enterprises",
        "street_weight": "joint_branch.street_weight",
        "industry_weight": "joint_branch.industry_weight",
        "new_per_street": "joint_branch.new_per_street",
        "joins_branches": "joint_branch.joins_branches",
        "host_needs_room": "joint_branch.host_needs_room",
        "host_needs_secretary": "joint_branch.host_needs_secretary",
    }
)


@dataclass(frozen=True, kw_only=True)
class PlanRuleRow:
    """One parameter with the rule it comes from; `field` is its name in PlanParameters."""

    field: str
    code: str
    title: str
    value: Value
    unit: str
    source: str
    confidence: str
    note: str


def plan_parameters(at: date) -> PlanParameters:
    """What a proposal is computed with unless somebody says otherwise; one query.

    A rule may allow larger groups than the planner forms. Raises NoRuleInForce: a day long past.
    """
    found = _rules(at)
    number = {field: _number(found[code].value) for field, code in PLAN_RULES.items()}
    max_units = min(int(number["max_units"]), MOST_PLANNED_UNITS)
    return PlanParameters(
        street_radius_m=number["street_radius_m"],
        industry_radius_m=number["industry_radius_m"],
        left_out_mm=number["left_out_mm"],
        min_members=int(number["min_members"]),
        max_members=int(number["max_members"]),
        max_units=max_units,
        # A district that raised the usual limit alone means both.
        largest_units=max(max_units, min(int(number["largest_units"]), MOST_PLANNED_UNITS)),
        extra_unit_mm=number["extra_unit_mm"],
        attachment_radius_m=number["attachment_radius_m"],
        branch_places=int(number["branch_places"]),
        instructor_places=int(number["instructor_places"]),
        street_weight=number["street_weight"],
        industry_weight=number["industry_weight"],
        new_per_street=int(number["new_per_street"]),
        joins_branches=bool(number["joins_branches"]),
        host_needs_room=bool(number["host_needs_room"]),
        host_needs_secretary=bool(number["host_needs_secretary"]),
    )


def plan_rule_rows(at: date) -> tuple[PlanRuleRow, ...]:
    """Every parameter with its rule, in the order of PlanParameters; one query."""
    found = _rules(at)
    return tuple(_row(field, found[code]) for field, code in PLAN_RULES.items())


def plan_value_in_words(value: object) -> str:
    """A parameter's value as the screens write it, without its unit: whole numbers without a point."""
    is_whole = isinstance(value, float) and value.is_integer()
    return value_in_words(f"{value:.0f}" if is_whole else value)


def _number(value: Value) -> float:
    """A number, or a switch as 1 or 0."""
    return float(value) if isinstance(value, bool) else float(str(value))


def _rules(at: date) -> dict[str, Rule]:
    local = local_rules(at=at)
    return {code: rule(code, at=at, overrides=local) for code in PLAN_RULES.values()}


def _row(field: str, rule: Rule) -> PlanRuleRow:
    return PlanRuleRow(
        field=field,
        code=rule.code,
        title=rule.title,
        value=rule.value,
        unit=rule.unit,
        source=rule.source,
        confidence=rule.confidence,
        note=rule.note,
    )
