"""What points at an organisation or a person, in any app, and what a merge does with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from liangxin.registry.models import Fact, Organisation, OrganisationVersion, Person
from liangxin.registry.terms import CARRIED, OnMerge

Subject = type[Organisation] | type[Person]
# Columns of a fact that say when and by whom, not what.
TOLD_APART = ("id", "valid_from", "valid_to", "recorded_at", "provenance_id", "ended_by_id")


class UnclassifiedRelation(RuntimeError):
    """A model points at organisations or persons and does not say what a merge does with its rows."""


@dataclass(frozen=True)
class Relation:
    """One foreign key to the subject; `title` is what the screens call its rows."""

    model: type[models.Model]
    column: str
    on_merge: OnMerge

    @property
    def is_dated(self) -> bool:
        return issubclass(self.model, Fact)

    @property
    def table(self) -> str:
        return self.model._meta.label_lower

    def rows(self, key: int) -> QuerySet[Any]:
        """Every row that points at the subject of this key."""
        return self.model._base_manager.filter(**{f"{self.column}_id": key}).order_by("pk")

    def carried(self, key: int, *, day: date) -> QuerySet[Any]:
        """The rows that a merge on `day` takes along: facts that hold on, work that is open."""
        if self.is_dated:
            return self.rows(key).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
        return self.rows(key).filter(**dict(self.on_merge.where))

    def rivals(self, row: models.Model, *, survivor_id: int, day: date) -> list[Any]:
        """Rows of the survivor that stand where this one would come to stand."""
        found: dict[Any, Any] = {}
        for slot in self._slots():
            values = {name: getattr(row, name) for name in slot}
            standing = self.carried(survivor_id, day=day).filter(**values).exclude(pk=row.pk)
            found |= {one.pk: one for one in standing}
        return [found[key] for key in sorted(found)]

    def _slots(self) -> list[tuple[str, ...]]:
        """Columns that only one open row of the survivor may share, the foreign key itself left out."""
        meta = self.model._meta
        slots = [
            one.fields
            for one in meta.constraints
            if isinstance(one, models.UniqueConstraint) and self.column in one.fields
        ]
        if meta.get_field(self.column).unique:  # type: ignore[union-attr]
            slots.append((self.column,))
        named = [[meta.get_field(name).attname for name in slot] for slot in slots]  # type: ignore[union-attr]
        # A table without any: only an equal row is in the way.
        named = named or [list(value_columns(self.model))]
        return [tuple(name for name in slot if name != f"{self.column}_id") for slot in named]


def relations(subject: Subject) -> Iterator[Relation]:
    """Every foreign key to `subject` in any app, by table; raises UnclassifiedRelation.

    The dated versions of an organisation are not among them: their fields are chosen one by one.
    """
    found: list[tuple[Any, str]] = [
        (field.related_model, field.field.name)  # type: ignore[union-attr]
        for field in subject._meta.get_fields(include_hidden=True)
        if field.auto_created and (field.one_to_many or field.one_to_one)
    ]
    for model, column in sorted(found, key=lambda one: (one[0]._meta.label_lower, one[1])):
        if model is not OrganisationVersion:
            yield Relation(model, column, classified(model, column))


def classified(model: type[models.Model], column: str) -> OnMerge:
    """What the model says of this foreign key; dated facts are carried without saying it."""
    # The table of a many-to-many field has no class of its own to say it.
    spokesman = model._meta.auto_created or model
    told: dict[str, OnMerge] = getattr(spokesman, "on_merge", {})
    if column in told:
        return told[column]
    if issubclass(model, Fact):
        return CARRIED
    raise UnclassifiedRelation(
        f"{model._meta.label}.{column} points at a subject of merges: say in `on_merge` whether it is carried"
    )


def value_columns(model: type[models.Model]) -> tuple[str, ...]:
    """Names (with _id) of the columns that say what a row tells."""
    return tuple(
        field.attname for field in model._meta.concrete_fields if field.attname not in TOLD_APART
    )


def is_equal(one: models.Model, other: models.Model, *, apart_from: str) -> bool:
    """Whether two rows of one table tell the same, the named foreign key left aside."""
    columns = [name for name in value_columns(type(one)) if name != f"{apart_from}_id"]
    return all(getattr(one, name) == getattr(other, name) for name in columns)
