"""Changing one fact of many organisations as one act, and undoing it as one act.

Each organisation's version ends and another begins, so that the act can be taken back exactly:
what it began is removed, what it ended is open again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from liangxin.kernel import audit
from liangxin.kernel.bulk import prepare_rows, reserve_ids
from liangxin.kernel.jobs import enqueue, job_kind
from liangxin.kernel.models import AuditEntry, Job
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.recording import industry_section, size_class_code
from liangxin.registry.actions.refusals import NothingChanged, OutOfScope, RefusedChange
from liangxin.registry.actions.telling import refuse_future
from liangxin.registry.models import OrganisationVersion, Provenance
from liangxin.registry.queries.bulk_edit import (
    BULK_SOURCE,
    BulkChange,
    bulk_acts,
    bulk_plan,
)
from liangxin.registry.queries.organisations import EDITING_ROLES
from liangxin.registry.queries.scope import in_scope
from liangxin.registry.terms import SourceKind

BULK = job_kind("registry.organisations.bulk")
REVISED = "organisation.bulk_revise"
LARGE = 500
KEYS_PER_STATEMENT = 500
MAX_SOURCE = 120


class ListChanged(RefusedChange):
    """Somebody changed one of the organisations after the preview was shown."""


class NotUndoable(RefusedChange):
    """Something was built on what the act wrote; the text says so."""


@dataclass(frozen=True)
class BulkDone:
    """How many organisations were changed, and the act that holds them together."""

    number: int
    provenance_id: int


def revise_organisations(
    keys: Iterable[int],
    change: BulkChange,
    *,
    by: Viewer,
    today: date,
    digest: str,
    job_id: int | None = None,
) -> BulkDone:
    """Change all that the plan of this digest changes, in one transaction; raises RefusedChange.

    A job that ran already is not run a second time.
    """
    require(by, Permission.EDIT_LEDGER)
    refuse_future(change.from_date, today=today)
    done = _done_before(job_id)
    if done is not None:
        return done
    plan = bulk_plan(keys, change, by=by, today=today)
    if plan.digest != digest:
        raise ListChanged("预览以后有单位的资料改过了，没有保存任何改动。请重新预览。")
    if not plan.changing:
        raise NothingChanged("没有需要改的单位。")
    return _write(plan.changing, change, by=by, today=today, job_id=job_id)


def queue_revision(keys: Sequence[int], change: BulkChange, *, by: Viewer, digest: str) -> Job:
    """The same as a job, with the rights that `by` holds now."""
    require(by, Permission.EDIT_LEDGER)
    held = [[one.role.value, one.scope.kind.value, one.scope.key] for one in sorted_held(by)]
    return enqueue(
        BULK,
        by=by,
        title=f"批量修改 {len(keys)} 家：{change.words}"[:MAX_SOURCE],
        arguments={
            "keys": list(keys),
            "field": change.field,
            "value": change.value,
            "from_date": change.from_date.isoformat(),
            "digest": digest,
            "by": {"user_id": by.user_id, "username": by.username, "name": by.name, "held": held},
        },
    )


def sorted_held(by: Viewer) -> list[Any]:
    """What a viewer holds, in an order that is always the same."""
    return sorted(by.held, key=lambda one: (one.role, one.scope.kind, one.scope.key))


def undo_revision(act: Provenance, *, by: Viewer) -> int:
    """Take the act out of the ledger and open again what it ended; returns how many.

    Raises RefusedChange and changes nothing where any of them was changed since.
    """
    require(by, Permission.EDIT_LEDGER)
    with transaction.atomic():
        held = Provenance.objects.select_for_update().get(pk=act.pk)
        if held.is_withdrawn or not bulk_acts(by).filter(pk=act.pk).exists():
            raise OutOfScope("这次批量修改已经撤销，或者要由经办人、区级撤销。")
        begun = OrganisationVersion.objects.filter(provenance=held).order_by()
        ended = OrganisationVersion.objects.filter(ended_by=held).order_by()
        number = begun.filter(valid_to__isnull=True).count()
        in_reach = begun.filter(in_scope(by, at=timezone.localdate(), roles=EDITING_ROLES))
        if not number == begun.count() == ended.count() == in_reach.count() == _told(held):
            raise NotUndoable("其中有单位后来又改过，不能整批撤销；请逐家修改。")
        # The database allows one open version: what was begun goes first.
        begun._raw_delete(begun.db)
        ended.update(valid_to=None, ended_by=None)
        Provenance.objects.filter(pk=held.pk).update(is_withdrawn=True)
        audit.record(
            "organisation.bulk_undo",
            by=by,
            summary=f"撤销：{held.source}，{number} 家",
            details={"provenance": held.pk, "number": number},
        )
    return number


def _told(act: Provenance) -> int:
    """How many the act changed, as its entry says."""
    entry = AuditEntry.objects.filter(action=REVISED, details__provenance=act.pk).first()
    return int(entry.details["number"]) if entry else -1


def _done_before(job_id: int | None) -> BulkDone | None:
    if job_id is None:
        return None
    entry = AuditEntry.objects.filter(action=REVISED, details__job=job_id).first()
    if entry is None:
        return None
    return BulkDone(int(entry.details["number"]), int(entry.details["provenance"]))


def _write(
    changing: Sequence[OrganisationVersion],
    change: BulkChange,
    *,
    by: Viewer,
    today: date,
    job_id: int | None,
) -> BulkDone:
    told = Provenance(
        id=reserve_ids(Provenance, 1)[0],
        kind=SourceKind.FORM,
        source=f"{BULK_SOURCE}{change.words}"[:MAX_SOURCE],
        as_of_date=change.from_date,
        recorded_at=timezone.now(),
        recorded_by_id=by.user_id,
    )
    editions = {one.pk: one.provenance_id for one in changing}
    rows = prepare_rows(OrganisationVersion, _begun(changing, change, told=told))
    try:
        rows.stage()
        with transaction.atomic():
            # First of all, like every act of telling: an import holds this table while it writes.
            told.save(force_insert=True)
            _end(editions, on=change.from_date, told=told)
            rows.insert()
            _refuse_out_of_scope(told, number=len(editions), by=by, today=today)
            _record(change, told=told, number=len(editions), by=by, job_id=job_id)
    finally:
        rows.clear()
    return BulkDone(len(editions), told.pk)


def _begun(
    changing: Sequence[OrganisationVersion], change: BulkChange, *, told: Provenance
) -> list[OrganisationVersion]:
    names = [field.attname for field in OrganisationVersion._meta.concrete_fields]
    keys = reserve_ids(OrganisationVersion, len(changing))
    begun = []
    for key, before in zip(keys, changing, strict=True):
        version = OrganisationVersion(**{name: getattr(before, name) for name in names})
        version.pk, version.provenance_id, version.recorded_at = key, told.pk, told.recorded_at
        version.valid_from, version.valid_to, version.ended_by_id = change.from_date, None, None
        setattr(version, change.field, change.value)
        if change.field == "industry_code":
            version.industry_section = industry_section(version.industry_code)
            version.size_class = size_class_code(
                version.industry_code, employees=version.employees, revenue_wan=version.revenue_wan
            )
        begun.append(version)
    return begun


def _end(editions: dict[int, int], *, on: date, told: Provenance) -> None:
    keys = sorted(editions)
    for start in range(0, len(keys), KEYS_PER_STATEMENT):
        portion = keys[start : start + KEYS_PER_STATEMENT]
        held = OrganisationVersion.objects.select_for_update().order_by("pk")
        found = held.filter(pk__in=portion, valid_to__isnull=True)
        now = dict(found.values_list("pk", "provenance_id"))
        if now != {key: editions[key] for key in portion}:
            raise ListChanged("保存的同时有人改了其中的单位，没有保存任何改动。请重新预览。")
        OrganisationVersion.objects.filter(pk__in=portion).update(valid_to=on, ended_by=told)


def _refuse_out_of_scope(told: Provenance, *, number: int, by: Viewer, today: date) -> None:
    reached = OrganisationVersion.objects.filter(
        in_scope(by, at=today, roles=EDITING_ROLES), provenance=told
    )
    if reached.count() != number:
        raise OutOfScope("改了以后有单位就不在您负责的范围内了，没有保存任何改动。请由区级办理。")


def _record(
    change: BulkChange, *, told: Provenance, number: int, by: Viewer, job_id: int | None
) -> None:
    details: dict[str, object] = {
        "provenance": told.pk,
        "number": number,
        "fields": [change.field.removesuffix("_id")],
        "valid_from": change.from_date.isoformat(),
    }
    if job_id is not None:
        details["job"] = job_id
    audit.record(REVISED, by=by, summary=f"批量修改 {number} 家：{change.words}", details=details)
