"""Facts that go on elsewhere from a day on, written so that the act can be undone as one.

Nothing is lost: what held before the day stays told as it was, on the place where it was true.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from liangxin.kernel.bulk import copy_rows
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.party_organisations import told_by
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.models import Fact, Provenance, Reorganisation, ReorganisationStep
from liangxin.registry.queries.row_memory import changed_memory
from liangxin.registry.terms import ReorganisationState

ROWS_PER_STATEMENT = 400
MAX_BASIS = 200


class SamePlace(RefusedChange):
    """Somebody or something is to go where it is."""

    field = "into"


@dataclass(frozen=True, kw_only=True)
class Order:
    """By which document, and from which day on."""

    on_date: date
    basis: str


def dated(act: Reorganisation, order: Order, *, by: Viewer) -> Reorganisation:
    """Write on an unsaved act its day and document, and who tells of it; returns it."""
    act.on_date, act.basis = order.on_date, order.basis.strip()[:MAX_BASIS]
    act.asked_at, act.asked_by_id = timezone.now(), by.user_id
    return act


def begun(act: Reorganisation, *, by: Viewer) -> "Shift":
    """Let a dated act, new or waiting, be carried out: it gets its source and is saved."""
    source = f"{act.get_act_display()}：{act.basis}"
    told = told_by(by, source=source, as_of_date=act.on_date)
    act.state, act.provenance = ReorganisationState.DONE, told
    act.save()
    return Shift(act, told)


class Shift:
    """Carries out one act; `save` stores what an undo needs. Call inside the act's transaction."""

    def __init__(self, act: Reorganisation, told: Provenance) -> None:
        self.act, self.told, self.day = act, told, act.on_date
        self._steps: list[ReorganisationStep] = []
        self._begun: Counter[str] = Counter()
        self._ended: Counter[str] = Counter()

    def carry(self, facts: QuerySet[Any], **values: Any) -> None:
        """Let facts that last beyond the day go on with `values` (by column) from the day on."""
        lasting = self._lasting(facts)
        for row in lasting.filter(valid_from__gte=self.day):
            # With the act's source: a form that shows the row as it was must not be saved over it.
            told = {name: value for name, value in self._told().items() if name != "valid_from"}
            self.change(row, **values, **told)
            self._begun[row._meta.label_lower] += 1
        earlier = lasting.filter(valid_from__lt=self.day)
        for row in earlier.filter(valid_to__isnull=False):
            copy = self._copy(row, values)
            self._end_bounded(row)
            copy.save(force_insert=True)
            self._begun[row._meta.label_lower] += 1
        for rows in _portions(earlier.filter(valid_to__isnull=True)):
            # The old ones end first: a database allows one open fact of a series at a time.
            self._end_open(rows)
            lasts = {"valid_to": None, "ended_by_id": None}
            self._begun[_label(rows)] += copy_rows(rows, self._told() | lasts | values)

    def begin(self, fact: type[Fact], **values: Any) -> None:
        """Let a fact of these `values` (by column) begin on the day."""
        fact._base_manager.create(**(self._told() | values))
        self._begun[fact._meta.label_lower] += 1

    def end(self, facts: QuerySet[Any]) -> None:
        """Let facts last no longer than the day; those that begin on it or later are left alone."""
        earlier = self._lasting(facts).filter(valid_from__lt=self.day)
        for row in earlier.filter(valid_to__isnull=False):
            self._end_bounded(row)
        for rows in _portions(earlier.filter(valid_to__isnull=True)):
            self._end_open(rows)

    def change(self, row: models.Model, **values: Any) -> None:
        """Change columns of a row in place."""
        self._steps.append(
            ReorganisationStep(
                reorganisation=self.act,
                position=len(self._steps),
                table=row._meta.label_lower,
                row_key=row.pk,
                remembered=changed_memory(row, values),
            )
        )
        type(row)._base_manager.filter(pk=row.pk).update(**values)

    def save(self) -> None:
        """Store the steps and the numbers of rows begun and ended."""
        ReorganisationStep.objects.bulk_create(self._steps, batch_size=ROWS_PER_STATEMENT)
        self.act.begun, self.act.ended = dict(self._begun), dict(self._ended)
        self.act.save(update_fields=["begun", "ended"])

    def _lasting(self, facts: QuerySet[Any]) -> QuerySet[Any]:
        lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=self.day)
        return facts.filter(lasting).order_by("pk")

    def _end_bounded(self, row: Fact) -> None:
        # Where it would have ended of itself is forgotten otherwise.
        self.change(row, valid_to=self.day, ended_by_id=self.told.pk)
        self._ended[row._meta.label_lower] += 1

    def _end_open(self, rows: QuerySet[Any]) -> None:
        self._ended[_label(rows)] += rows.update(valid_to=self.day, ended_by=self.told)

    def _copy(self, row: Fact, values: dict[str, Any]) -> Fact:
        told = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if not field.primary_key
        }
        return type(row)(**(told | self._told() | values))

    def _told(self) -> dict[str, Any]:
        return {
            "valid_from": self.day,
            "recorded_at": self.told.recorded_at,
            "provenance_id": self.told.pk,
        }


def _portions(facts: QuerySet[Any]) -> Iterator[QuerySet[Any]]:
    """The rows by keys, as many at a time as a statement holds: what is written is not read again."""
    keys = list(facts.values_list("pk", flat=True))
    for start in range(0, len(keys), ROWS_PER_STATEMENT):
        chosen = keys[start : start + ROWS_PER_STATEMENT]
        yield facts.model._base_manager.filter(pk__in=chosen)


def _label(rows: QuerySet[Any]) -> str:
    return str(rows.model._meta.label_lower)
