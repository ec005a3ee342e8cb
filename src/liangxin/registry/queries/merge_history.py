"""A merge told step by step, also what was taken out and stands in no table any more."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps

from liangxin.registry.models import Merge
from liangxin.registry.queries.merge_words import row_in_words, table_title
from liangxin.registry.queries.row_memory import recalled
from liangxin.registry.terms import MergeHow

MAX_SHOWN = 200
SHOWN = (MergeHow.ENDED, MergeHow.BEGUN, MergeHow.REPOINTED, MergeHow.REMOVED)


@dataclass(frozen=True)
class StepWords:
    """One row of the merge in words."""

    title: str
    words: str
    how: str


def merge_steps_in_words(merge: Merge) -> Sequence[StepWords]:
    """What became of each row, in the order of the merge, at most MAX_SHOWN."""
    found = []
    for step in merge.steps.filter(how__in=SHOWN).order_by("position")[:MAX_SHOWN]:
        model = apps.get_model(step.table)
        row = model._base_manager.filter(pk=step.row_key).first()
        if row is None and step.how == MergeHow.REMOVED:
            row = model(**recalled(model, step.remembered))
        words = row_in_words(row) if row is not None else "已不在台账中"
        found.append(StepWords(table_title(step.table), words, str(step.get_how_display())))
    return found
