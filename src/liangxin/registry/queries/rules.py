"""The rules in force here on a day: this district's values over the national ones."""

from collections.abc import Sequence
from datetime import date

from liangxin.kernel.remembering import remembered
from liangxin.registry.models import DistrictRule
from liangxin.registry.queries.periods import true_at
from liangxin.rulebook import LocalRule, Rule, rule, rules

SHARE = "比例"
# What the screens call the words that rules choose among.
VALUE_TITLES = {
    "operating": "在营单位",
    "san_you": "三有企业",
    "min_employees": "达到指定人数的单位",
    "single": "单独组建",
    "joint": "联合组建",
    "instructor": "党建指导员",
    "liaison": "党建联络员",
    "union": "工会",
    "league": "共青团组织",
    "owner_is_secretary": "出资人担任书记",
    "large": "企业规模大",
    "many_members": "党员人数多",
}


def local_rules(*, at: date) -> tuple[LocalRule, ...]:
    """This district's own values on `at`, by code; a request asks once for those of a day."""
    return remembered(("local rules", at), lambda: _local_rules(at))


def _local_rules(at: date) -> tuple[LocalRule, ...]:
    found = DistrictRule.objects.filter(true_at(at)).order_by("code", "valid_from", "id")
    return tuple(as_local_rule(row) for row in found)


def rules_at(*, at: date) -> tuple[Rule, ...]:
    """Every rule in force on `at`, ordered by code; one query."""
    return rules(at=at, overrides=local_rules(at=at))


def rule_at(code: str, *, at: date) -> Rule:
    """One rule in force on `at`. Raises UnknownRule, NoRuleInForce."""
    return rule(code, at=at, overrides=local_rules(at=at))


def district_history(code: str) -> Sequence[DistrictRule]:
    """Every value this district ever gave a rule, newest first, with who recorded it."""
    return list(
        DistrictRule.objects.filter(code=code)
        .select_related("provenance", "provenance__recorded_by")
        .order_by("-valid_from", "-id")
    )


def as_local_rule(row: DistrictRule) -> LocalRule:
    """A stored value as the rulebook takes it; JSON has lists where rules have tuples."""
    return LocalRule(
        code=row.code,
        value=tuple(row.value) if isinstance(row.value, list) else row.value,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
    )


def value_in_words(value: object, *, unit: str = "") -> str:
    """A rule's value as the screens write it."""
    if unit == SHARE and isinstance(value, float):
        return f"{value:.0%}"
    if isinstance(value, tuple | list):
        words = "、".join(value_in_words(one) for one in value)
        return f"{words} {unit}" if unit else words
    if isinstance(value, bool):
        return "是" if value else "否"
    text = VALUE_TITLES.get(str(value), str(value))
    return f"{text} {unit}" if unit else text
