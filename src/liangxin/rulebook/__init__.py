"""Dated national rules as data with their sources; local values are handed in by the caller."""

from liangxin.rulebook.lookup import all_versions, check_local_rule, codes, rule, rules
from liangxin.rulebook.terms import (
    CONFIDENCE_LABELS,
    InvalidLocalRule,
    InvalidRulebook,
    LocalRule,
    NoRuleInForce,
    Rule,
    RulebookError,
    UnknownRule,
    Value,
)

__all__ = [
    "CONFIDENCE_LABELS",
    "InvalidLocalRule",
    "InvalidRulebook",
    "LocalRule",
    "NoRuleInForce",
    "Rule",
    "RulebookError",
    "UnknownRule",
    "Value",
    "all_versions",
    "check_local_rule",
    "codes",
    "rule",
    "rules",
]
