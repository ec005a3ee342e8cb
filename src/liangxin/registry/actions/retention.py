"""Erasing what identifies a person when its time is over; rows, facts and counts stay."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from liangxin.kernel.audit import record
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Merge, MergeStep, Person, Post
from liangxin.registry.queries.retention import ERASED_NAME, due_persons

BATCH = 500
ERASED = {"name": ERASED_NAME, "person_name": ERASED_NAME, "id_index": None}
BLANKED = ("id_number", "phone")


def erase_due_persons(*, by: Viewer, today: date) -> int:
    """Erase the name and the numbers of everybody whose time is over; returns how many.

    One transaction and one entry of counts for some hundred; safe to stop and to begin again.
    """
    require(by, Permission.EDIT_RULES)
    erased = 0
    while keys := list(due_persons(by, at=today).values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            erased += _erase(keys, today=today)
            record(
                "person.erase",
                by=by,
                summary=f"保存期满，清除 {len(keys)} 人的姓名、身份证号和电话",
                details={"count": len(keys)},
            )
    return erased


def without_identifiers(told: Any) -> Any:
    """A remembered row of a person, or of their post, without what identifies them."""
    if isinstance(told, list):
        return [without_identifiers(held) for held in told]
    if not isinstance(told, dict):
        return told
    kept = {name: without_identifiers(value) for name, value in told.items()}
    for name in kept.keys() & ERASED.keys():
        kept[name] = ERASED[name]
    for name in kept.keys() & set(BLANKED):
        kept[name] = ""
    return kept


def _erase(keys: Sequence[int], *, today: date) -> int:
    posts = list(Post.objects.filter(person_id__in=keys).values_list("pk", flat=True))
    Post.objects.filter(pk__in=posts).update(person_name=ERASED_NAME)
    # Merges keep both names as they stood on the day.
    Merge.objects.filter(survivor_person__in=keys).update(survivor_name=ERASED_NAME)
    Merge.objects.filter(absorbed_person__in=keys).update(absorbed_name=ERASED_NAME)
    for model, rows in ((Person, keys), (Post, posts)):
        _erase_remembered(model._meta.label_lower, rows)
    return Person.objects.filter(pk__in=keys, erased_date__isnull=True).update(
        name=ERASED_NAME, id_number="", id_index=None, phone="", erased_date=today
    )


def _erase_remembered(table: str, rows: Sequence[int]) -> None:
    """What merges remember of these rows."""
    for step in MergeStep.objects.filter(table=table, row_key__in=rows):
        if not step.remembered:
            continue
        told = without_identifiers(json.loads(step.remembered))
        step.remembered = json.dumps(told, ensure_ascii=False)
        step.save(update_fields=["remembered"])
