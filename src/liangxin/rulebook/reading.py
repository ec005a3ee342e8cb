"""Reading rules from TOML and holding them to their promises."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby, pairwise
from typing import cast

from liangxin.rulebook.terms import CONFIDENCE_LABELS, Confidence, InvalidRulebook, Rule, Value

_CODE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
_REQUIRED = {"code", "title", "value", "unit", "valid_from", "source", "confidence"}
_OPTIONAL = {"valid_to", "note", "choices"}


def read_rules(text: str) -> tuple[Rule, ...]:
    """Return the rules of one TOML text (`[[rule]]` tables), in its order.

    Raises InvalidRulebook with the rule and the fault.
    """
    try:
        tables = tomllib.loads(text).get("rule", [])
    except tomllib.TOMLDecodeError as error:
        raise InvalidRulebook(f"not TOML: {error}") from error
    return tuple(_rule(table) for table in tables)


def versions_by_code(rules: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    """Return the versions of each code, oldest first, codes in order.

    Raises InvalidRulebook where versions overlap or differ in kind of value.
    """
    ordered = sorted(rules, key=lambda rule: (rule.code, rule.valid_from))
    book = {code: tuple(group) for code, group in groupby(ordered, key=lambda rule: rule.code)}
    for versions in book.values():
        for earlier, later in pairwise(versions):
            _check_succession(earlier, later)
    return book


def value_fault(value: Value, *, like: Rule) -> str | None:
    """Return why a value cannot stand in for a rule's value, in Chinese, or None."""
    if _kind(value) != _kind(like.value):
        return f"“{like.title}”的取值类型不符，应与“{like.value}”同类"
    if _is_negative(value):
        return f"“{like.title}”不能为负数"
    chosen = value if isinstance(value, tuple) else (value,)
    wrong = [item for item in chosen if like.choices and item not in like.choices]
    if wrong:
        return f"“{like.title}”没有“{wrong[0]}”这个选项，可选：{'、'.join(like.choices)}"
    return None


def _rule(table: Mapping[str, object]) -> Rule:
    code = str(table.get("code", "?"))
    if fault := _table_fault(table):
        raise InvalidRulebook(f"{code}: {fault}")
    rule = Rule(
        code=code,
        title=str(table["title"]),
        value=_frozen(table["value"]),
        unit=str(table["unit"]),
        valid_from=cast(date, table["valid_from"]),
        valid_to=cast("date | None", table.get("valid_to")),
        source=str(table["source"]),
        confidence=cast(Confidence, table["confidence"]),
        note=str(table.get("note", "")),
        choices=tuple(cast("list[str]", table.get("choices", []))),
    )
    if fault := value_fault(rule.value, like=rule):
        raise InvalidRulebook(f"{code}: {fault}")
    return rule


def _table_fault(table: Mapping[str, object]) -> str | None:
    if missing := _REQUIRED - table.keys():
        return f"missing {', '.join(sorted(missing))}"
    if unknown := table.keys() - _REQUIRED - _OPTIONAL:
        return f"unknown key {', '.join(sorted(unknown))}"
    texts = ("code", "title", "unit", "source", "confidence")
    if wrong := [key for key in texts if not isinstance(table[key], str)]:
        return f"{wrong[0]} is not a text"
    if not _CODE.fullmatch(str(table["code"])):
        return "the code is not of the form group.name"
    if not (table["title"] and table["source"]):
        return "title and source may not be empty"
    if table["confidence"] not in CONFIDENCE_LABELS:
        return f"unknown confidence {table['confidence']}"
    return _period_fault(table) or _value_kind_fault(table["value"])


def _period_fault(table: Mapping[str, object]) -> str | None:
    begins, ends = table["valid_from"], table.get("valid_to", date.max)
    if not (_is_date(begins) and _is_date(ends)):
        return "valid_from and valid_to must be dates"
    if cast(date, begins) >= cast(date, ends):
        return "valid_to is not after valid_from"
    return None


def _value_kind_fault(value: object) -> str | None:
    if isinstance(value, list):
        kinds = {type(item) for item in value}
        return None if len(kinds) == 1 and kinds <= {int, str} else "a list holds texts or integers"
    return None if isinstance(value, int | float | str | bool) else "the value has an unknown kind"


def _check_succession(earlier: Rule, later: Rule) -> None:
    if earlier.valid_to is None or earlier.valid_to > later.valid_from:
        raise InvalidRulebook(f"{later.code}: versions overlap from {later.valid_from}")
    if _kind(earlier.value) != _kind(later.value):
        raise InvalidRulebook(f"{later.code}: versions differ in kind of value")


def _kind(value: Value) -> str:
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, tuple):
        return "numbers" if value and isinstance(value[0], int) else "texts"
    return "text"


def _is_negative(value: Value) -> bool:
    numbers = value if isinstance(value, tuple) else (value,)
    return any(isinstance(item, int | float) and item < 0 for item in numbers)


def _is_date(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _frozen(value: object) -> Value:
    return cast(Value, tuple(value) if isinstance(value, list) else value)
