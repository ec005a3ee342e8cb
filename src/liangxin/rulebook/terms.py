"""What a rule is: a dated value with its source."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Scalar = int | float | str | bool
Value = Scalar | tuple[int, ...] | tuple[str, ...]
Confidence = Literal["text", "local", "check", "practice"]

CONFIDENCE_LABELS: dict[Confidence, str] = {
    "text": "依据原文",
    "local": "地方做法",
    "check": "待核原文",
    "practice": "工作惯例",
}


class RulebookError(Exception):
    """Something was asked of the rulebook that it cannot answer."""


class UnknownRule(RulebookError):
    """No rule has this code."""


class NoRuleInForce(RulebookError):
    """The rule exists, but no version of it is in force at the date."""


class InvalidLocalRule(RulebookError):
    """A local rule gives a value the national rule does not allow."""


class InvalidRulebook(RulebookError):
    """The rule data break their own promises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One version of a rule, valid in [valid_from, valid_to); `is_local` where a district set it."""

    code: str
    title: str
    value: Value
    unit: str
    valid_from: date
    valid_to: date | None
    source: str
    confidence: Confidence
    note: str = ""
    choices: tuple[str, ...] = ()
    is_local: bool = False

    def is_in_force(self, at: date) -> bool:
        """Tell whether the version holds at the date."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRule:
    """A district's own value for a rule, valid in [valid_from, valid_to)."""

    code: str
    value: Value
    valid_from: date
    valid_to: date | None
    source: str

    def is_in_force(self, at: date) -> bool:
        """Tell whether the local value holds at the date."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)
