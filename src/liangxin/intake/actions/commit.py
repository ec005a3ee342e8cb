"""Committing a batch: the ledger is as before, or holds the whole batch; nobody sees half of it."""

import errno
from typing import Final

from django.db import DatabaseError, transaction
from django.utils import timezone

from liangxin.intake.actions.ledger_writing import PreparedWriting, prepared_writing
from liangxin.intake.actions.planned import store_plan
from liangxin.intake.models import Batch
from liangxin.intake.queries.ledger_state import LedgerState, hold_ledger, ledger_state
from liangxin.intake.queries.planned_batch import planned_batch
from liangxin.intake.terms import BatchState
from liangxin.kernel.audit import record
from liangxin.kernel.jobs import JobRefused, Progress, failure_place
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer

MAX_PLANS: Final = 6
SETTLED_MEANWHILE: Final = "这一批已由别人写入或放弃。"
COMMITTABLE = (BatchState.DRY, BatchState.COMMITTING)


class NotCommittable(JobRefused):
    """The batch cannot be committed; the ledger is as before, the text says why in Chinese."""


class _LedgerMoved(Exception):
    """Somebody told the ledger something after the plan was made."""


def commit_batch(batch: Batch, *, by: Viewer, progress: Progress) -> Batch:
    """Write the good rows of a batch into the ledger in one short transaction.

    Where the ledger moved since the plan was made, plans again. Raises NotCommittable.
    """
    require(by, Permission.IMPORT_LISTS)
    _begin(batch)
    try:
        _commit_when_still(batch, by=by, progress=progress)
    except (DatabaseError, OSError) as failure:
        _step_back(batch)
        raise NotCommittable(_plain_reason(failure)) from failure
    except BaseException:
        _step_back(batch)
        raise
    batch.refresh_from_db()
    return batch


def _commit_when_still(batch: Batch, *, by: Viewer, progress: Progress) -> None:
    for _ in range(MAX_PLANS):
        state = ledger_state()
        planned = planned_batch(batch, by=by, progress=progress)
        _refuse_settled(batch)
        store_plan(batch, planned)
        progress.step(0, 0, "准备写入")
        writing = prepared_writing(batch, planned, by=by)
        writing.stage()
        try:
            _write(batch, writing, state=state, by=by)
        except _LedgerMoved:
            continue
        finally:
            writing.clear()
        return
    _step_back(batch)
    raise NotCommittable("台账正被其他人频繁改动，本批没有写入。请稍后再试。")


def _write(batch: Batch, writing: PreparedWriting, *, state: LedgerState, by: Viewer) -> None:
    with transaction.atomic():
        hold_ledger()
        if ledger_state() != state:
            raise _LedgerMoved
        writing.write()
        done = Batch.objects.filter(pk=batch.pk, state=BatchState.COMMITTING).update(
            state=BatchState.COMMITTED,
            provenance=writing.provenance,
            committed_at=timezone.now(),
        )
        if not done:
            raise NotCommittable(SETTLED_MEANWHILE)
        summary = f"写入名单：{batch.source}，截至{batch.as_of_date.isoformat()}"
        record("intake.commit", by=by, summary=summary, about=batch, details=batch.counts)


def _begin(batch: Batch) -> None:
    begun = Batch.objects.filter(pk=batch.pk, state__in=COMMITTABLE)
    if not begun.update(state=BatchState.COMMITTING, error=""):
        batch.refresh_from_db(fields=["state"])
        raise NotCommittable(f"这一批现在是“{batch.get_state_display()}”，不能写入台账。")


def _refuse_settled(batch: Batch) -> None:
    # Its rows say what was written: a plan against the ledger that holds them would call all old.
    if not Batch.objects.filter(pk=batch.pk, state=BatchState.COMMITTING).exists():
        raise NotCommittable(SETTLED_MEANWHILE)


def _step_back(batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk, state=BatchState.COMMITTING).update(state=BatchState.DRY)


def _plain_reason(failure: Exception) -> str:
    is_full = getattr(failure, "errno", None) == errno.ENOSPC or "full" in str(failure)
    if is_full:
        return "服务器磁盘已满，本批没有写入，台账保持原样。请管理员清理磁盘后再写入。"
    if "locked" in str(failure):
        return "数据库正忙，本批没有写入，台账保持原样。请稍后再试。"
    return f"写入时出错，台账保持原样。请把这句话告诉管理员：{failure_place(failure)}"
