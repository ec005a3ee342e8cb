"""Merging for tests: the page's default choices, and the whole ledger as comparable values."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.apps import apps

from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.merging import merge_organisations, merge_persons
from liangxin.registry.models import (
    Distinction,
    LikelyPair,
    Merge,
    MergeStep,
    Organisation,
    Person,
    Provenance,
    Reorganisation,
    ReorganisationStep,
)
from liangxin.registry.queries.merge_plan import merge_plan
from tests.factories.viewers import office

TODAY = date(2026, 9, 1)
OWN_TABLES = (
    Merge,
    MergeStep,
    LikelyPair,
    Distinction,
    Provenance,
    Reorganisation,
    ReorganisationStep,
)


def merge(
    survivor: Organisation | Person,
    absorbed: Organisation | Person,
    *,
    by: Viewer | None = None,
    choices: Mapping[str, str] | None = None,
    today: date = TODAY,
) -> Merge:
    """Merge as somebody does who takes the defaults, the survivor's side in conflicts, plus `choices`."""
    survivor, absorbed = (type(one)._base_manager.get(pk=one.pk) for one in (survivor, absorbed))
    plan = merge_plan(survivor, absorbed, day=today)
    told = {one.key: "survivor" for one in plan.conflicts} | {"codes_differ": "yes"}
    told |= dict(choices or {})
    asked: dict[str, Any] = {
        "by": by or office(),
        "choices": told,
        "reason": "核对营业执照",
        "based_on": plan.fingerprint,
        "today": today,
    }
    if isinstance(survivor, Person):
        return merge_persons(survivor, absorbed, **asked)
    return merge_organisations(survivor, absorbed, **asked)


def whole_ledger() -> dict[str, list[dict[str, Any]]]:
    """Every row of the ledger and of what was built on it, but for merges, reorganisations and acts of telling."""
    tables = [
        model
        for label in ("registry", "coverage", "accounts", "intake")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model not in OWN_TABLES
    ]
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values()) for model in tables
    }
