"""What a merge of two entries would do: fields to choose, rows carried over, rows in each other's way.

The page shows it and the action carries it out, so both say the same.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models

from liangxin.registry.models import (
    Distinction,
    LikelyPair,
    Merge,
    Organisation,
    OrganisationVersion,
    Person,
)
from liangxin.registry.queries.merge_fields import (
    FieldChoice,
    code_words,
    person_choices,
    version_choices,
)
from liangxin.registry.queries.merge_relations import Relation, is_equal, relations
from liangxin.registry.queries.merge_words import row_in_words, subject_name, table_title

SHOWN_ROWS = 20
# What merging itself writes is nobody's history.
UNSAID = (Merge, LikelyPair, Distinction, Organisation, Person)


class NothingToMerge(LookupError):
    """One of the two is not there, was absorbed already, or both are one."""


@dataclass(frozen=True)
class Carrying:
    """One row of the absorbed entry and what stands in its way at the survivor's."""

    relation: Relation
    row: Any
    rivals: tuple[Any, ...]

    @property
    def key(self) -> str:
        return f"{self.relation.table}-{self.row.pk}"

    @cached_property
    def is_repeated(self) -> bool:
        """The survivor has an equal one already."""
        return bool(self.rivals) and all(
            is_equal(self.row, rival, apart_from=self.relation.column) for rival in self.rivals
        )

    @property
    def is_conflict(self) -> bool:
        return bool(self.rivals) and not self.is_repeated

    @property
    def title(self) -> str:
        return table_title(self.relation.table)

    @property
    def words(self) -> str:
        return row_in_words(self.row)

    @property
    def rival_words(self) -> str:
        return "；".join(row_in_words(rival) for rival in self.rivals)


@dataclass(frozen=True)
class CarriedGroup:
    """Rows of one table that go along, in words, at most SHOWN_ROWS of them."""

    title: str
    count: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class MergePlan:
    """Two organisations or two persons, and everything a merge on `day` would touch."""

    survivor: Organisation | Person
    absorbed: Organisation | Person
    day: date
    survivor_version: OrganisationVersion | None
    absorbed_version: OrganisationVersion | None
    carrying: tuple[Carrying, ...]
    staying: tuple[tuple[str, int], ...]

    @property
    def is_of_persons(self) -> bool:
        return isinstance(self.survivor, Person)

    @cached_property
    def names(self) -> tuple[str, str]:
        return subject_name(self.survivor), subject_name(self.absorbed)

    @cached_property
    def fields(self) -> tuple[FieldChoice, ...]:
        if isinstance(self.survivor, Person) and isinstance(self.absorbed, Person):
            return person_choices(self.survivor, self.absorbed)
        if self.survivor_version is None or self.absorbed_version is None:
            return ()
        return version_choices(self.survivor_version, self.absorbed_version)

    @property
    def conflicts(self) -> tuple[Carrying, ...]:
        return tuple(one for one in self.carrying if one.is_conflict)

    @property
    def repeated(self) -> tuple[Carrying, ...]:
        return tuple(one for one in self.carrying if one.is_repeated)

    @cached_property
    def groups(self) -> tuple[CarriedGroup, ...]:
        free = [one for one in self.carrying if not one.rivals]
        return tuple(
            CarriedGroup(title, number, tuple(_first_words(free, title)))
            for title, number in Counter(one.title for one in free).items()
        )

    @property
    def codes(self) -> tuple[str | None, str | None]:
        """The credit codes or ID numbers of survivor and absorbed."""
        return _code(self.survivor), _code(self.absorbed)

    @property
    def code_words(self) -> tuple[str, str]:
        own, other = self.codes
        masked = self.is_of_persons
        return code_words(own, is_id=masked), code_words(other, is_id=masked)

    @property
    def has_two_codes(self) -> bool:
        """Both have a code and they differ: rarely one and the same."""
        own, other = self.codes
        return bool(own and other and own != other)

    @property
    def takes_code(self) -> bool:
        own, other = self.codes
        return bool(other and not own)

    @cached_property
    def fingerprint(self) -> str:
        """Another one when anything of this plan has changed since somebody looked at it."""
        told = [
            str(self.survivor.pk),
            str(self.absorbed.pk),
            self.day.isoformat(),
            *self.code_words,
        ]
        told += [f"{one.code}:{one.survivor_words}:{one.absorbed_words}" for one in self.fields]
        told += [f"{one.key}:{[rival.pk for rival in one.rivals]}" for one in self.carrying]
        return hashlib.sha256("|".join(told).encode()).hexdigest()[:32]


def merge_plan(
    survivor: Organisation | Person, absorbed: Organisation | Person, *, day: date
) -> MergePlan:
    """The plan of a merge; whether anybody may see or do it is the caller's to ask.

    Raises NothingToMerge.
    """
    _refuse_nothing(survivor, absorbed)
    known = list(relations(type(survivor)))
    return MergePlan(
        survivor=survivor,
        absorbed=absorbed,
        day=day,
        survivor_version=_open_version(survivor),
        absorbed_version=_open_version(absorbed),
        carrying=tuple(_carrying(known, survivor.pk, absorbed.pk, day=day)),
        staying=tuple(_staying(known, absorbed.pk, day=day)),
    )


def _refuse_nothing(survivor: Organisation | Person, absorbed: Organisation | Person) -> None:
    if type(survivor) is not type(absorbed) or survivor.pk == absorbed.pk:
        raise NothingToMerge("请选择两条不同的记录。")
    for one in (survivor, absorbed):
        if one.merged_into_id is not None:
            raise NothingToMerge("其中一条已经并入别的记录，请打开保留的那一条办理。")
        if isinstance(one, Organisation) and _open_version(one) is None:
            raise NothingToMerge("其中一家单位没有现行资料，不能合并。")


def _open_version(subject: Organisation | Person) -> OrganisationVersion | None:
    if isinstance(subject, Person):
        return None
    held = OrganisationVersion.objects.filter(organisation=subject, valid_to__isnull=True)
    return held.select_related("organisation", "street", "site", "provenance").first()


def _carrying(
    known: list[Relation], survivor_id: int, absorbed_id: int, *, day: date
) -> Iterator[Carrying]:
    for relation in known:
        if not relation.on_merge.is_carried:
            continue
        for row in relation.carried(absorbed_id, day=day).select_related(*_foreign(relation)):
            rivals = relation.rivals(row, survivor_id=survivor_id, day=day)
            yield Carrying(relation, row, tuple(rivals))


def _foreign(relation: Relation) -> list[str]:
    fields: list[models.Field[Any, Any]] = list(relation.model._meta.concrete_fields)
    return [one.name for one in fields if one.is_relation and one.name in ("person", "provenance")]


def _staying(known: list[Relation], absorbed_id: int, *, day: date) -> Iterator[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for relation in known:
        if relation.model in UNSAID:
            continue
        number = relation.rows(absorbed_id).count()
        if relation.on_merge.is_carried:
            number -= relation.carried(absorbed_id, day=day).count()
        if number:
            counts[table_title(relation.table)] += number
    yield from counts.items()


def _first_words(rows: list[Carrying], title: str) -> list[str]:
    return [one.words for one in rows if one.title == title][:SHOWN_ROWS]


def _code(subject: Organisation | Person) -> str | None:
    return (subject.id_number if isinstance(subject, Person) else subject.uscc) or None
