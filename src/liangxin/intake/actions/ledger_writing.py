"""Writing a plan into the ledger: everything slow is prepared first, then one short transaction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import models
from django.utils import timezone

from liangxin.intake.models import Batch, DisplacedPack
from liangxin.intake.queries.ledger_organisations import FIELDS, OrganisationEntry
from liangxin.intake.queries.plan import Draft, Ending, Plan
from liangxin.intake.queries.plan_organisations import first_valid_from
from liangxin.intake.queries.planned_batch import PlannedBatch
from liangxin.intake.queries.row_packs import sealed_json
from liangxin.intake.terms import DisplacedHow
from liangxin.kernel.bulk import PreparedRows, prepare_rows, reserve_ids
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.recording import industry_section, name_initials, size_class_code
from liangxin.registry.models import Fact, Organisation, OrganisationVersion, Provenance
from liangxin.registry.terms import SourceKind
from liangxin.standards.organisation_names import core_name

ROWS_PER_STATEMENT = 500


@dataclass
class PreparedWriting:
    """Database values, ready: `write` only sends them."""

    provenance: Provenance
    inserts: list[PreparedRows] = field(default_factory=list)
    endings: dict[tuple[type[models.Model], date], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )
    deletions: dict[type[models.Model], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )
    updates: list[tuple[type[models.Model], int, dict[str, Any]]] = field(default_factory=list)
    displaced: PreparedRows | None = None

    def stage(self) -> None:
        """Hand the rows to the database ahead of the transaction: the lock is held only to copy."""
        for rows in self._prepared():
            rows.stage()

    def clear(self) -> None:
        """Let go of what `stage` handed over."""
        for rows in self._prepared():
            rows.clear()

    def _prepared(self) -> list[PreparedRows]:
        return [*self.inserts, *([self.displaced] if self.displaced else [])]

    def write(self) -> None:
        """Send everything; call inside the transaction that must hold it together.

        What ends goes first: two facts that are open at once would break a constraint.
        """
        self.provenance.save(force_insert=True)
        if self.displaced is not None:
            self.displaced.insert()
        for model, keys in self.deletions.items():
            for portion in _portions(keys):
                model._base_manager.filter(pk__in=portion).delete()
        for (model, on), keys in self.endings.items():
            for portion in _portions(keys):
                model._base_manager.filter(pk__in=portion).update(
                    valid_to=on, ended_by=self.provenance
                )
        for model, key, values in self.updates:
            model._base_manager.filter(pk=key).update(**values)
        for rows in self.inserts:
            rows.insert()


def prepared_writing(batch: Batch, planned: PlannedBatch, *, by: Viewer) -> PreparedWriting:
    """The plan as database values with keys of their own, prepared outside any transaction."""
    now = timezone.now()
    provenance = Provenance(
        id=reserve_ids(Provenance, 1)[0],
        kind=SourceKind.DEMO if batch.is_synthetic else SourceKind.IMPORT,
        source=batch.source,
        as_of_date=batch.as_of_date,
        recorded_at=now,
        recorded_by_id=by.user_id,
    )
    return _Preparation(batch, planned.plan, provenance, now).prepared(
        planned.organisations.by_key.values()
    )


class _Preparation:
    """One plan on its way to database values."""

    def __init__(self, batch: Batch, plan: Plan, provenance: Provenance, now: datetime) -> None:
        self.batch = batch
        self.plan = plan
        self.now = now
        self.writing = PreparedWriting(provenance)
        self.deletions = list(plan.deletions)
        self.endings = list(plan.endings)
        self.drafts = list(plan.drafts)
        self.keys: dict[tuple[type[models.Model], int], int] = {}

    def prepared(self, entries: Iterable[OrganisationEntry]) -> PreparedWriting:
        for entry in entries:
            if entry.is_touched:
                self._draft_organisation(entry)
        self._reserve_keys()
        self._prepare_inserts()
        self._prepare_endings()
        self._prepare_displaced()
        return self.writing

    def _draft_organisation(self, entry: OrganisationEntry) -> None:
        as_of = self.plan.as_of
        if entry.key < 0:
            self.drafts.append(Draft(Organisation, {"id": entry.key, "uscc": entry.uscc}))
        elif entry.is_uscc_new:
            self.plan.update(Organisation, key=entry.key, values={"uscc": entry.uscc})
        if entry.version_key is not None and entry.valid_from is not None:
            if entry.valid_from < as_of:
                self.endings.append(Ending(OrganisationVersion, entry.version_key, as_of))
            else:
                self.deletions.append((OrganisationVersion, entry.version_key))
        self.drafts.append(Draft(OrganisationVersion, self._version_values(entry)))

    def _version_values(self, entry: OrganisationEntry) -> dict[str, Any]:
        told = dict(zip(FIELDS, entry.told, strict=True))
        industry = told["industry_code"]
        as_of = self.plan.as_of
        return {
            **told,
            "organisation_id": entry.key,
            "valid_from": first_valid_from(entry, as_of=as_of) if entry.key < 0 else as_of,
            "name_initials": name_initials(told["name"]),
            "name_core": core_name(told["name"]),
            "industry_section": industry_section(industry),
            "size_class": size_class_code(
                industry, employees=told["employees"], revenue_wan=told["revenue_wan"]
            ),
        }

    def _reserve_keys(self) -> None:
        by_model: dict[type[models.Model], list[Draft]] = defaultdict(list)
        for draft in self.drafts:
            by_model[draft.model].append(draft)
        for model, drafts in by_model.items():
            for key, draft in zip(reserve_ids(model, len(drafts)), drafts, strict=True):
                planned_key = draft.values.get("id")
                if planned_key is not None:
                    self.keys[(model, planned_key)] = key
                draft.values["id"] = key

    def _prepare_inserts(self) -> None:
        by_model: dict[type[models.Model], list[Draft]] = defaultdict(list)
        for draft in self.drafts:
            by_model[draft.model].append(draft)
        for model, drafts in by_model.items():
            self.writing.inserts.append(prepare_rows(model, self._objects(model, drafts)))

    def _objects(self, model: type[models.Model], drafts: list[Draft]) -> Iterator[models.Model]:
        common = self._common_values(model)
        references = _references(model)
        for draft in drafts:
            values = draft.values | common
            for attribute, target in references:
                key = values.get(attribute)
                if key is not None and key < 0:
                    values[attribute] = self.keys[(target, key)]
            yield model(**values)

    def _common_values(self, model: type[models.Model]) -> dict[str, Any]:
        common: dict[str, Any] = {"provenance_id": self.writing.provenance.pk}
        if issubclass(model, Fact):
            common["recorded_at"] = self.now
        else:
            common["is_synthetic"] = self.batch.is_synthetic
        return common

    def _prepare_endings(self) -> None:
        for ending in self.endings:
            self.writing.endings[(ending.model, ending.on)].append(ending.key)
        for model, key in self.deletions:
            self.writing.deletions[model].append(key)
        for (model, key), values in self.plan.updates.items():
            told = {code: self._real_key(model, code, value) for code, value in values.items()}
            told["provenance_id"] = self.writing.provenance.pk
            self.writing.updates.append((model, key, told))

    def _real_key(self, model: type[models.Model], code: str, value: Any) -> Any:
        target = dict(_references(model)).get(code)
        is_planned = target is not None and isinstance(value, int) and value < 0
        return self.keys[(target, value)] if target and is_planned else value

    def _prepare_displaced(self) -> None:
        """Keep a copy of every stored row that will be deleted, changed, or ended a second time."""
        packs = [
            *self._copies(DisplacedHow.DELETED, self.writing.deletions),
            *self._copies(DisplacedHow.UPDATED, self._changed_keys()),
        ]
        for key, pack in zip(reserve_ids(DisplacedPack, len(packs)), packs, strict=True):
            pack.pk = key
        self.writing.displaced = prepare_rows(DisplacedPack, packs)

    def _changed_keys(self) -> dict[type[models.Model], list[int]]:
        changed: dict[type[models.Model], list[int]] = defaultdict(list)
        for model, key, _ in self.writing.updates:
            changed[model].append(key)
        for (model, _), keys in self.writing.endings.items():
            changed[model] += _keys_with_an_end(model, keys)
        return changed

    def _copies(
        self, how: DisplacedHow, keys: dict[type[models.Model], list[int]]
    ) -> Iterator[DisplacedPack]:
        for model, wanted in keys.items():
            for portion in _portions(wanted):
                rows = model._base_manager.filter(pk__in=portion).order_by("provenance_id", "pk")
                for provenance_key, told in groupby(rows, key=attrgetter("provenance_id")):
                    values = [row_values(row) for row in told]
                    yield DisplacedPack(
                        batch=self.batch,
                        table=model._meta.label,
                        how=how,
                        provenance_key=provenance_key,
                        row_count=len(values),
                        sealed=sealed_json(values),
                    )


def row_values(row: models.Model) -> dict[str, Any]:
    """Every column of a row by its attribute name, as JSON can hold it."""
    return {
        item.attname: item.value_to_string(row)
        if isinstance(item, models.DateTimeField | models.DateField | models.DecimalField)
        and getattr(row, item.attname) is not None
        else getattr(row, item.attname)
        for item in row._meta.concrete_fields
    }


def _keys_with_an_end(model: type[models.Model], keys: list[int]) -> list[int]:
    """Those facts that had an end in sight: re-opening them must bring it back."""
    found: list[int] = []
    for portion in _portions(keys):
        ended = model._base_manager.filter(pk__in=portion, valid_to__isnull=False)
        found += ended.order_by("pk").values_list("pk", flat=True)
    return found


def _references(model: type[models.Model]) -> list[tuple[str, type[models.Model]]]:
    return [
        (item.attname, item.related_model)
        for item in model._meta.concrete_fields
        if isinstance(item, models.ForeignKey) and isinstance(item.related_model, type)
    ]


def _portions(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), ROWS_PER_STATEMENT):
        yield keys[start : start + ROWS_PER_STATEMENT]
