"""The rules that decide coverage, as they stand on a day in this district."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from liangxin.coverage.terms import Base, parsed_base
from liangxin.registry.queries.rules import local_rules
from liangxin.rulebook import Value, rule


@dataclass(frozen=True, kw_only=True)
class CoverageRules:
    """Values of the rules in force on one day; each field names its rule's code."""

    base: str  # coverage.base
    numerator: tuple[str, ...]  # coverage.organisation_numerator
    work_means: tuple[str, ...]  # coverage.work_means
    count_branch_offices: bool  # coverage.count_branch_offices
    count_sole_traders: bool  # coverage.count_sole_traders
    san_you_min_staff: int  # san_you.min_employees
    branch_min_full: int  # branch.min_full_members
    staff_for_member: int  # employees.should_have_member
    staff_for_organisation: int  # employees.should_have_organisation


def coverage_rules(at: date) -> CoverageRules:
    """The rules in force on `at`, local values over national ones; one query."""
    local = local_rules(at=at)

    def value(code: str) -> Value:
        return rule(code, at=at, overrides=local).value

    return CoverageRules(
        base=cast(str, value("coverage.base")),
        numerator=cast(tuple[str, ...], value("coverage.organisation_numerator")),
        work_means=cast(tuple[str, ...], value("coverage.work_means")),
        count_branch_offices=bool(value("coverage.count_branch_offices")),
        count_sole_traders=bool(value("coverage.count_sole_traders")),
        san_you_min_staff=cast(int, value("san_you.min_employees")),
        branch_min_full=cast(int, value("branch.min_full_members")),
        staff_for_member=cast(int, value("employees.should_have_member")),
        staff_for_organisation=cast(int, value("employees.should_have_organisation")),
    )


def usual_base(at: date) -> Base:
    """The base that this district counts by where nobody asks for another."""
    return parsed_base(coverage_rules(at).base)
