"""Undoing a committed batch: the ledger as it was, unless somebody built on what the batch said."""

from collections.abc import Iterable, Iterator
from typing import Final

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from liangxin.intake.models import Batch, DisplacedPack
from liangxin.intake.queries.later_changes import later_changes
from liangxin.intake.queries.ledger_state import hold_ledger, ledger_state
from liangxin.intake.queries.ledger_tables import FACTS, IDENTITIES
from liangxin.intake.queries.row_packs import opened_json
from liangxin.intake.terms import BatchState, DisplacedHow
from liangxin.kernel.audit import record
from liangxin.kernel.bulk import PreparedRows, prepare_rows
from liangxin.kernel.encryption import blind_index
from liangxin.kernel.jobs import JobRefused
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Provenance

SHOWN_NAMES = 10
MAX_TRIES: Final = 6


class NotUndoable(JobRefused):
    """The batch cannot be undone; the ledger is unchanged, the text says why in Chinese."""


def undo_batch(batch: Batch, *, by: Viewer) -> Batch:
    """Take a committed batch out of the ledger and bring back what it ended. Raises NotUndoable."""
    require(by, Permission.IMPORT_LISTS)
    _undo_when_still(batch, by=by)
    batch.refresh_from_db()
    return batch


def _undo_when_still(batch: Batch, *, by: Viewer) -> None:
    for _ in range(MAX_TRIES):
        state = ledger_state()
        _refuse_unless_undoable(batch, by=by)
        deleted = [prepare_rows(model, rows) for model, rows in _deleted(batch)]
        try:
            for rows in deleted:
                rows.stage()
            with transaction.atomic():
                hold_ledger()
                if ledger_state() == state:
                    _undo(batch, deleted, by=by)
                    return
        except IntegrityError as error:
            raise NotUndoable("后来的记录建立在这一批之上，不能撤销；台账保持原样。") from error
        finally:
            for rows in deleted:
                rows.clear()
    raise NotUndoable("台账正被其他人频繁改动，没有撤销。请稍后再试。")


def _refuse_unless_undoable(batch: Batch, *, by: Viewer) -> None:
    batch.refresh_from_db()
    if batch.state != BatchState.COMMITTED or batch.provenance_id is None:
        raise NotUndoable(f"这一批现在是“{batch.get_state_display()}”，没有可撤销的内容。")
    _refuse_other_hands(batch, by=by)
    _refuse_later_changes(later_changes(batch.provenance_id))


def _undo(batch: Batch, deleted: list[PreparedRows], *, by: Viewer) -> None:
    assert batch.provenance_id is not None
    for fact in FACTS:
        _take_out(fact, batch.provenance_id)
    _reopen(batch)
    _restore_changed(batch)
    for rows in deleted:
        rows.insert()
    for identity in IDENTITIES:
        _take_out(identity, batch.provenance_id)
    batch.displaced.all().delete()
    Provenance.objects.filter(pk=batch.provenance_id).update(is_withdrawn=True)
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.UNDONE, undone_at=timezone.now())
    record("intake.undo", by=by, summary=f"撤销名单写入：{batch}", about=batch)


def _refuse_other_hands(batch: Batch, *, by: Viewer) -> None:
    if not by.sees_district() and batch.created_by_id != by.user_id:
        raise NotUndoable("这一批是别人导入的，请由导入人或区级撤销。")


def _refuse_later_changes(names: Iterable[str]) -> None:
    found = list(names)
    if not found:
        return
    shown = "、".join(found[:SHOWN_NAMES])
    more = f"等{len(found)}项" if len(found) > SHOWN_NAMES else ""
    raise NotUndoable(
        f"写入之后又有改动，不能整批撤销：{shown}{more}。请先撤销后来的改动，或逐项更正。"
    )


def _take_out(model: type[models.Model], provenance_key: int) -> None:
    # Django's own delete would first read every row that may refer to one of these; the database's
    # foreign keys refuse the transaction if one still does.
    rows = model._base_manager.filter(provenance=provenance_key)
    rows._raw_delete(rows.db)


def _reopen(batch: Batch) -> None:
    for fact in FACTS:
        ended = fact._base_manager.filter(ended_by=batch.provenance_id)
        ended.update(valid_to=None, ended_by=None)


def _restore_changed(batch: Batch) -> None:
    """Put back the columns of rows that the batch changed."""
    for pack in batch.displaced.filter(how=DisplacedHow.UPDATED).order_by("id"):
        for stored in restored(pack):
            values = {
                item.attname: getattr(stored, item.attname)
                for item in stored._meta.concrete_fields
                if not item.primary_key
            }
            type(stored)._base_manager.filter(pk=stored.pk).update(**values)


def _deleted(batch: Batch) -> Iterator[tuple[type[models.Model], list[models.Model]]]:
    """The rows that the batch deleted, by table."""
    packs = batch.displaced.filter(how=DisplacedHow.DELETED)
    for table in sorted(set(packs.values_list("table", flat=True))):
        found = packs.filter(table=table).order_by("id")
        yield apps.get_model(table), [row for pack in found for row in restored(pack)]


def restored(pack: DisplacedPack) -> Iterator[models.Model]:
    """The rows of the ledger that were kept aside, every column as it was."""
    model = apps.get_model(pack.table)
    fields = [(item.attname, item.to_python) for item in model._meta.concrete_fields]
    for told in opened_json(pack.sealed):
        # A row kept aside before a column came to the table has no value for it.
        row = model(**{name: to_python(told[name]) for name, to_python in fields if name in told})
        # The key that indexes are derived from may have been retired since.
        for index, source in getattr(model, "blind_indexes", {}).items():
            setattr(row, index, blind_index(getattr(row, source)))
        yield row
