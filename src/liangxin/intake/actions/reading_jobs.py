"""Long steps of a batch as jobs; their functions are in tasks."""

from django.db import transaction

from liangxin.intake.models import Batch
from liangxin.intake.terms import BatchState
from liangxin.kernel.jobs import JobRefused, enqueue
from liangxin.kernel.models import JobState
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer

READ, PLAN, COMMIT, UNDO = "intake.read", "intake.plan", "intake.commit", "intake.undo"
TITLES = {READ: "读取名单", PLAN: "对照台账", COMMIT: "写入台账", UNDO: "撤销写入"}
OPEN = (BatchState.READING, BatchState.DRY, BatchState.FAILED)


class BatchBusy(JobRefused):
    """Another step of the batch is under way; the text says so in Chinese."""


def start_step(kind: str, batch: Batch, *, by: Viewer) -> Batch:
    """Put a step of the batch in the queue of jobs. Raises BatchBusy."""
    require(by, Permission.IMPORT_LISTS)
    if is_busy(batch):
        raise BatchBusy("这一批正在处理，请等它完成。")
    title = f"{TITLES[kind]}：{batch.source}（第{batch.pk}批）"
    batch.job = enqueue(
        kind, by=by, title=title[:120], arguments={"batch": batch.pk, "user": by.user_id}
    )
    batch.save(update_fields=["job"])
    return batch


def read_again(batch: Batch, *, by: Viewer) -> Batch:
    """Read the files of an open batch anew, as a job."""
    with transaction.atomic():
        start_step(READ, batch, by=by)
        opened = Batch.objects.filter(pk=batch.pk, state__in=OPEN)
        if not opened.update(state=BatchState.READING):
            batch.refresh_from_db(fields=["state"])
            raise BatchBusy(f"这一批现在是“{batch.get_state_display()}”，不能重新读取。")
    return batch


def is_busy(batch: Batch) -> bool:
    """Whether a step of the batch waits or runs."""
    return batch.job is not None and batch.job.state in (JobState.QUEUED, JobState.RUNNING)
