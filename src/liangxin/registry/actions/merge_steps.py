"""The single steps of a merge, each carried out and remembered so that it can be undone."""

from collections import Counter
from datetime import date
from typing import Any

from django.db import models

from liangxin.registry.models import Fact, Merge, MergeStep, Provenance
from liangxin.registry.queries.row_memory import changed_memory, remembered
from liangxin.registry.terms import MergeHow

ROWS_PER_STATEMENT = 200


class StepWriter:
    """Carries out steps in order and keeps a note of each; `save` stores the notes."""

    def __init__(self, merge: Merge, told: Provenance, *, day: date) -> None:
        self.merge, self.told, self.day = merge, told, day
        self.steps: list[MergeStep] = []
        self.counts: Counter[str] = Counter()

    def end(self, row: Any) -> None:
        """Let a row stop on the day: a fact gets its end, what would have lasted no day is taken out."""
        if not isinstance(row, Fact) or row.valid_from >= self.day:
            self._note(MergeHow.REMOVED, row, memory=remembered(row))
            type(row)._base_manager.filter(pk=row.pk).delete()
            return
        self._note(MergeHow.ENDED, row, memory=remembered(row, columns=("valid_to", "ended_by_id")))
        type(row)._base_manager.filter(pk=row.pk).update(valid_to=self.day, ended_by=self.told)

    def carry(self, row: Any, *, column: str, to: int) -> None:
        """Let a row go on with the survivor: a fact is begun anew, all else is re-pointed."""
        self.counts[row._meta.label_lower] += 1
        if not isinstance(row, Fact) or row.valid_from >= self.day:
            self._note(MergeHow.REPOINTED, row, memory=remembered(row, columns=(f"{column}_id",)))
            type(row)._base_manager.filter(pk=row.pk).update(**{f"{column}_id": to})
            return
        # Both before the old one ends: its end is not the end of what goes on.
        begun = _copy(row, **{f"{column}_id": to})
        self.end(row)
        self.begin(begun, origin=row)

    def begin(self, row: Fact, *, origin: Fact) -> None:
        """Begin a fact on the day that goes on from `origin`; `row` is not saved yet."""
        row.valid_from, row.recorded_at = self.day, self.told.recorded_at
        row.provenance, row.ended_by = self.told, None
        row.save(force_insert=True)
        self._note(
            MergeHow.BEGUN,
            row,
            memory=remembered(row, columns=("valid_to",)),
            origin=origin.pk,
        )

    def change(self, row: Any, **values: Any) -> None:
        """Change columns of a row in place; without any, note that the merge stands on the row."""
        self._note(MergeHow.CHANGED, row, memory=changed_memory(row, values))
        if values:
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=_fields(row, values))

    def save(self) -> None:
        """Store the notes."""
        MergeStep.objects.bulk_create(self.steps, batch_size=ROWS_PER_STATEMENT)
        self.merge.counts = dict(self.counts)
        self.merge.save(update_fields=["counts"])

    def _note(
        self, how: MergeHow, row: models.Model, *, memory: str, origin: int | None = None
    ) -> None:
        self.steps.append(
            MergeStep(
                merge=self.merge,
                position=len(self.steps),
                how=how,
                table=row._meta.label_lower,
                row_key=row.pk,
                origin_key=origin,
                provenance_key=getattr(row, "provenance_id", None),
                remembered=memory,
            )
        )


def _copy(row: Fact, **values: Any) -> Fact:
    told = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    return type(row)(**(told | values))


def _fields(row: models.Model, values: dict[str, Any]) -> list[str]:
    by_attname = {field.attname: field.name for field in row._meta.concrete_fields}
    return [by_attname[name] for name in values]
