"""Asking the rulebook: which value holds at a date, and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files

from liangxin.rulebook.reading import read_rules, value_fault, versions_by_code
from liangxin.rulebook.terms import InvalidLocalRule, LocalRule, NoRuleInForce, Rule, UnknownRule


def rule(code: str, *, at: date, overrides: Sequence[LocalRule] = ()) -> Rule:
    """Return the version of a rule in force at a date, with the local value where there is one.

    Of several local values in force the one with the latest valid_from wins, of equals the last.
    Raises UnknownRule, NoRuleInForce, and InvalidLocalRule where the local value does not fit.
    """
    national = _in_force(all_versions(code), at)
    if national is None:
        raise NoRuleInForce(f"{code} at {at}")
    return _localised(national, at, overrides)


def rules(*, at: date, overrides: Sequence[LocalRule] = ()) -> tuple[Rule, ...]:
    """Return every rule in force at a date, ordered by code, local values applied."""
    found = (_in_force(versions, at) for versions in _book().values())
    return tuple(_localised(national, at, overrides) for national in found if national)


def all_versions(code: str) -> tuple[Rule, ...]:
    """Return the national versions of a rule, oldest first; raises UnknownRule."""
    try:
        return _book()[code]
    except KeyError:
        raise UnknownRule(code) from None


def codes() -> tuple[str, ...]:
    """Return every code of the rulebook, in order."""
    return tuple(_book())


def check_local_rule(local: LocalRule) -> None:
    """Raise UnknownRule or InvalidLocalRule (with a Chinese sentence) where it cannot be used."""
    if fault := value_fault(local.value, like=all_versions(local.code)[-1]):
        raise InvalidLocalRule(fault)
    if local.valid_to is not None and local.valid_to <= local.valid_from:
        raise InvalidLocalRule("停用日期应晚于启用日期")


@cache
def _book() -> dict[str, tuple[Rule, ...]]:
    folder = files("liangxin.rulebook") / "data"
    texts = sorted((file.name, file) for file in folder.iterdir() if file.name.endswith(".toml"))
    found = [rule for _, file in texts for rule in read_rules(file.read_text("utf-8"))]
    return versions_by_code(found)


def _in_force(versions: Sequence[Rule], at: date) -> Rule | None:
    return next((version for version in versions if version.is_in_force(at)), None)


def _localised(national: Rule, at: date, overrides: Sequence[LocalRule]) -> Rule:
    mine = [local for local in overrides if local.code == national.code and local.is_in_force(at)]
    if not mine:
        return national
    local = max(reversed(mine), key=lambda candidate: candidate.valid_from)
    if fault := value_fault(local.value, like=national):
        raise InvalidLocalRule(fault)
    return replace(
        national,
        value=local.value,
        valid_from=local.valid_from,
        valid_to=local.valid_to,
        source=local.source,
        confidence="local",
        is_local=True,
    )
