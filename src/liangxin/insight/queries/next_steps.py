"""What the rules suggest to do next for one organisation, each with the rule it follows from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from liangxin.coverage.queries import Reason
from liangxin.registry.models import OrganisationVersion, Posting
from liangxin.registry.queries.rules import local_rules
from liangxin.registry.terms import OrganisationStatus
from liangxin.rulebook import LocalRule, NoRuleInForce, Rule, rule

DAYS_IN_MONTH = 30


@dataclass(frozen=True)
class NextStep:
    """One thing to do and the rule that asks for it."""

    text: str
    rule: Rule


def next_steps(
    version: OrganisationVersion,
    *,
    reason: Reason | None,
    postings: Sequence[Posting],
    may_edit: bool,
    at: date,
) -> tuple[NextStep, ...]:
    """Coverage first, then guides whose term ends, then (for those who may edit) missing facts."""
    local = local_rules(at=at)
    told = [(finding.text, finding.rule) for finding in reason.findings] if reason else []
    told += _terms_ending(postings, at=at, local=local)
    if may_edit:
        told += _missing_facts(version)
    return tuple(NextStep(text, rule(code, at=at, overrides=local)) for text, code in told)


def _terms_ending(
    postings: Sequence[Posting], *, at: date, local: Sequence[LocalRule]
) -> list[tuple[str, str]]:
    try:
        months = cast(int, rule("term.warning_months", at=at, overrides=local).value)
    except NoRuleInForce:  # a day long past
        return []
    soon = at + timedelta(days=months * DAYS_IN_MONTH)
    return [
        (
            f"{one.get_role_display()} {one.person.name} 将于 {one.valid_to} 届满，请安排续派或接替",
            "instructor.term_years",
        )
        for one in postings
        if one.valid_to and one.valid_to <= soon
    ]


def _missing_facts(version: OrganisationVersion) -> list[tuple[str, str]]:
    missing = []
    if version.status == OrganisationStatus.UNKNOWN:
        missing.append(("核实登记状态：状态不明的单位不计入统计基数，另行列出", "coverage.base"))
    if version.employees is None:
        missing.append(
            (
                "补填从业人数：没有人数就判断不了规模和是否应有党组织",
                "employees.should_have_organisation",
            )
        )
    if version.has_premises is None or version.has_activity is None:
        missing.append(("核实有无固定场所、经营活动，用于认定三有企业", "san_you.min_employees"))
    return missing
