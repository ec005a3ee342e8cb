"""The long steps of a batch, run by the worker; each is safe to run again from its start."""

from typing import Any

from django.utils import timezone

from liangxin.accounts.queries import viewer_of
from liangxin.intake.actions import commit_batch, read_batch, undo_batch
from liangxin.intake.actions.planned import plan_batch
from liangxin.intake.actions.reading_jobs import COMMIT, PLAN, READ, UNDO
from liangxin.intake.models import Batch
from liangxin.intake.terms import BatchState
from liangxin.kernel.jobs import Progress, job
from liangxin.kernel.models import User
from liangxin.kernel.viewer import Viewer


@job(READ)
def read(progress: Progress, *, batch: int, user: int) -> dict[str, Any]:
    """Read, clean and plan the files of a batch."""
    return dict(read_batch(_batch(batch), by=_viewer(user), progress=progress).counts)


@job(PLAN)
def plan(progress: Progress, *, batch: int, user: int) -> dict[str, Any]:
    """Plan the rows of a batch anew."""
    return dict(plan_batch(_batch(batch), by=_viewer(user), progress=progress).counts)


@job(COMMIT)
def commit(progress: Progress, *, batch: int, user: int) -> dict[str, Any]:
    """Write a batch into the ledger; one that a killed worker had already written is left alone."""
    found = _batch(batch)
    if found.state != BatchState.COMMITTED:
        found = commit_batch(found, by=_viewer(user), progress=progress)
    return dict(found.counts)


@job(UNDO)
def undo(progress: Progress, *, batch: int, user: int) -> dict[str, Any]:
    """Take a batch out of the ledger; one that is out already is left alone."""
    found = _batch(batch)
    progress.step(0, 0, "核对后来的改动")
    if found.state != BatchState.UNDONE:
        undo_batch(found, by=_viewer(user))
    return {}


def _batch(key: int) -> Batch:
    return Batch.objects.get(pk=key)


def _viewer(user: int) -> Viewer:
    # As of now: a role that was taken away while the job waited no longer counts.
    return viewer_of(User.objects.get(pk=user), at=timezone.localdate())
