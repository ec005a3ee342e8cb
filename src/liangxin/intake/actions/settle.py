"""Letting go of batches: by hand, or when the time for keeping uploads is over."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from liangxin.intake.actions.reading_jobs import OPEN, BatchBusy, is_busy
from liangxin.intake.models import Batch, RowPack, StagedRow
from liangxin.intake.terms import BatchState
from liangxin.kernel.audit import record
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.rulebook.lookup import rule

RETENTION = "upload.retention_days"


def discard_batch(batch: Batch, *, by: Viewer) -> Batch:
    """Give up a batch that was not committed and forget its rows. Raises BatchBusy."""
    require(by, Permission.IMPORT_LISTS)
    with transaction.atomic():
        # One conditional UPDATE: a commit that ended since the page was opened must stand.
        is_open = not is_busy(batch) and Batch.objects.filter(pk=batch.pk, state__in=OPEN).update(
            state=BatchState.DISCARDED
        )
        batch.refresh_from_db(fields=["state"])
        if not is_open:
            raise BatchBusy(f"这一批现在是“{batch.get_state_display()}”，不能放弃。")
        _forget_rows(batch)
        record(
            "intake.discard", by=by, summary=f"放弃导入：{batch}", about=batch, changes_ledger=False
        )
    return batch


def forget_expired(*, today: date) -> int:
    """Forget the rows of batches older than the rule allows; returns how many batches."""
    days = int(rule(RETENTION, at=today).value)  # type: ignore[arg-type]
    oldest = datetime.combine(today - timedelta(days=days), time.min)
    old = Batch.objects.filter(created_at__lt=timezone.make_aware(oldest)).filter(
        uploads__sheets__packs__isnull=False
    ) | Batch.objects.filter(created_at__lt=timezone.make_aware(oldest)).filter(
        uploads__sheets__rows__isnull=False
    )
    forgotten = 0
    for batch in old.distinct().order_by("id"):
        with transaction.atomic():
            _forget_rows(batch)
            Batch.objects.filter(pk=batch.pk, state__in=OPEN).update(state=BatchState.DISCARDED)
        forgotten += 1
    return forgotten


def _forget_rows(batch: Batch) -> None:
    RowPack.objects.filter(sheet__upload__batch=batch).delete()
    StagedRow.objects.filter(sheet__upload__batch=batch).delete()
