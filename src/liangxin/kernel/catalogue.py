"""What the apps offer by name, found by walking their rooms; what an indicator and a handover promise."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from liangxin.kernel.viewer import Viewer

PREFIX = "liangxin."


@dataclass(frozen=True)
class Measured:
    """A figure on the day `at`; the counts are the lengths of `counted` and `among`."""

    at: date
    count: int
    counted: QuerySet[Any]
    denominator: int | None = None
    among: QuerySet[Any] | None = None

    @property
    def value(self) -> float | None:
        """The share, or the bare count where there is no denominator; None for nothing of nothing."""
        if self.denominator is None:
            return self.count
        return self.count / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Indicator:
    """A named figure: what it counts, in which unit, and how it is measured for a viewer on a day."""

    code: str
    title: str
    unit: str
    measure: Callable[[Viewer, date], Measured]


class DoubledCode(RuntimeError):
    """Two things of one sort have one code, so that one would stand for the other."""


@dataclass(frozen=True)
class Handover:
    """What is somebody's own and still open in an app, so that it can pass to a successor.

    `open_rows` are those of an account by its key; `owner` names the field that holds the account
    (its column is changed and nothing else). With an empty `owner` the rows are shown only: they reach
    the successor with the scope of the roles. `label` tells one row without any fact of the ledger:
    whoever manages accounts sees none. Registered as HANDOVER in a module of the room of actions.
    """

    code: str
    title: str
    open_rows: Callable[[int], QuerySet[Any]]
    owner: str
    label: Callable[[Any], str]


def handovers() -> tuple[Handover, ...]:
    """Every HANDOVER of every app's room of actions, by code; raises DoubledCode."""
    found = [
        constant
        for config in apps.get_app_configs()
        if config.name.startswith(PREFIX)
        for constant in _constants(f"{config.name}.actions", name="HANDOVER")
    ]
    codes = [handover.code for handover in found]
    if doubled := sorted({code for code in codes if codes.count(code) > 1}):
        raise DoubledCode(f"handovers share a code: {', '.join(doubled)}")
    return tuple(sorted(found, key=lambda handover: handover.code))


def indicators() -> tuple[Indicator, ...]:
    """Every INDICATOR of every app's room of indicators, by code; raises DoubledCode."""
    found = [
        constant
        for config in apps.get_app_configs()
        if config.name.startswith(PREFIX)
        for constant in _constants(f"{config.name}.indicators", name="INDICATOR")
    ]
    codes = [indicator.code for indicator in found]
    if doubled := sorted({code for code in codes if codes.count(code) > 1}):
        raise DoubledCode(f"indicators share a code: {', '.join(doubled)}")
    return tuple(sorted(found, key=lambda indicator: indicator.code))


def _constants(room: str, *, name: str) -> list[Any]:
    try:
        package = importlib.import_module(room)
    except ModuleNotFoundError as error:
        if error.name != room:
            raise
        return []
    modules = [
        importlib.import_module(f"{room}.{module.name}")
        for module in pkgutil.iter_modules(getattr(package, "__path__", []))
    ]
    return [getattr(module, name) for module in modules if hasattr(module, name)]
