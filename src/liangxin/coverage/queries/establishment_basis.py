"""On what a joint branch is established: the rules with their sources, and what the plan found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from liangxin.coverage.models import BranchProposal, ProposedGroup
from liangxin.coverage.queries.plan_rules import PLAN_RULES, plan_value_in_words
from liangxin.coverage.terms import GroupMode
from liangxin.registry.queries.rules import local_rules, value_in_words
from liangxin.rulebook import NoRuleInForce, Rule, rule

GROUNDS = ("branch.min_full_members", "joint_branch.max_units", "joint_branch.principles")
DISTANCES = {
    GroupMode.STREET.value: "joint_branch.street_radius_m",
    GroupMode.INDUSTRY.value: "joint_branch.industry_radius_m",
}
FIELDS = {code: field for field, code in PLAN_RULES.items()}


@dataclass(frozen=True, kw_only=True)
class BasisRule:
    """A rule as a document quotes it."""

    code: str
    title: str
    value: str
    source: str
    confidence: str


BasisRules = dict[str, BasisRule]


def basis_rules(at: date, parameters: Mapping[str, object] | None = None) -> BasisRules:
    """The rules of joint branches in force on `at`, by code; one query.

    `parameters` are those of a plan: where it set another value than the rule, that one is told, and the rule's beside
    its source.
    """
    local = local_rules(at=at)
    found = {}
    for code in (*GROUNDS, *DISTANCES.values()):
        try:
            found[code] = _basis_rule(rule(code, at=at, overrides=local), parameters or {})
        except NoRuleInForce:  # a day long past
            continue
    return found


def _basis_rule(found: Rule, parameters: Mapping[str, object]) -> BasisRule:
    usual = value_in_words(found.value, unit=found.unit)
    set_to = parameters.get(FIELDS.get(found.code, ""))
    is_usual = set_to is None or float(str(set_to)) == float(str(found.value))
    value = usual if is_usual else f"{plan_value_in_words(set_to)} {found.unit}"
    plain = usual.replace(" ", "")
    return BasisRule(
        code=found.code,
        title=found.title,
        value=value,
        source=found.source if is_usual else f"本方案设定，规则为{plain}：{found.source}",
        confidence=found.confidence,
    )


def quoted(rules: BasisRules, *, modes: set[str]) -> tuple[BasisRule, ...]:
    """The rules that groups of these modes stand on, as documents quote them."""
    codes = [*GROUNDS, *(DISTANCES[mode] for mode in sorted(modes) if mode in DISTANCES)]
    return tuple(rules[code] for code in codes if code in rules)


def basis_text(group: ProposedGroup, *, proposal: BranchProposal, rules: BasisRules) -> str:
    """The basis of one group's branch, a paragraph to a line."""
    day = f"{proposal.at.year}年{proposal.at.month}月{proposal.at.day}日"
    lines = [
        f"联建方案“{proposal.title}”第{group.number}组，按{day}的台账测算。",
        *(
            f"{one.title}：{one.value}（{one.source}）。"
            for one in quoted(rules, modes={group.mode})
        ),
        f"本组{group.units_count}个单位共有正式党员{group.members}名，"
        f"其中{group.to_transfer}名需转接组织关系；"
        f"最远单程{group.longest_way_m:.0f}米，每次开会全体党员单程走路合计{group.cost_mm:.0f}米。",
        group.reason,
    ]
    return "\n".join(lines)
