"""Long work: kept in one table, run by a worker, visible by its progress, safe against a killed worker.

A worker claims a job by a lease that a heartbeat renews. A lease that runs out means that the worker
died: the job is claimed again, so a job's function must be safe to run from its start once more.
"""

import contextlib
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from liangxin.kernel.models import Job, JobState
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Viewer

LEASE = timedelta(seconds=20)
HEARTBEAT_S = 5.0
REPORT_EVERY_S = 0.3
MAX_ATTEMPTS = 3

JobFunction = Callable[..., dict[str, Any]]
_functions: dict[str, JobFunction] = {}
_kinds: set[str] = set()


class Cancelled(Exception):
    """Somebody asked for the job to stop; raised inside the job by Progress.step."""


class JobRefused(Exception):
    """The job cannot be done; the text tells the person why and what to do, in Chinese."""


class UnknownJob(KeyError):
    """The kind of this job was never declared."""


@dataclass
class Progress:
    """Handed to a job's function: tells how far it is, and hears of a request to stop."""

    job_id: int | None = None
    listener: Callable[[int, int, str], None] | None = None
    _reported_s: float = field(default=0.0, repr=False)

    def step(self, done: int, total: int, note: str = "") -> None:
        """Report `done` of `total`; cheap enough for every row. Raises Cancelled on request."""
        if self.listener is not None:
            self.listener(done, total, note)
        now_s = time.monotonic()
        if self.job_id is None or (now_s - self._reported_s < REPORT_EVERY_S and done < total):
            return
        self._reported_s = now_s
        mine = Job.objects.filter(pk=self.job_id)
        mine.update(done=done, total=total, note=note[:120])
        # Inside a transaction it is too late to stop: the step that writes is all or nothing.
        if not connection.in_atomic_block and mine.filter(is_cancel_requested=True).exists():
            raise Cancelled


def job_kind(kind: str) -> str:
    """Declare a kind of job, so that it can be queued where its function, perhaps heavy, is not loaded."""
    _kinds.add(kind)
    return kind


def job(kind: str) -> Callable[[JobFunction], JobFunction]:
    """Register a function `run(progress, **arguments) -> result` for jobs of `kind`."""

    def register(function: JobFunction) -> JobFunction:
        _functions[job_kind(kind)] = function
        return function

    return register


def enqueue(kind: str, *, by: Viewer, title: str, arguments: dict[str, Any]) -> Job:
    """Put a job in the queue; a worker sees it as soon as the caller's transaction commits."""
    if kind not in _kinds:
        raise UnknownJob(kind)
    return Job.objects.create(kind=kind, title=title, arguments=arguments, created_by_id=by.user_id)


def request_cancel(job_id: int) -> None:
    """Ask a job to stop at its next step; a job still in the queue is cancelled at once."""
    waiting = Job.objects.filter(pk=job_id, state=JobState.QUEUED)
    if not waiting.update(state=JobState.CANCELLED, finished_at=timezone.now()):
        Job.objects.filter(pk=job_id, state=JobState.RUNNING).update(is_cancel_requested=True)


def run_job(job_id: int) -> Job:
    """Run one job here and now (worker, command line, tests) and return it finished."""
    if _claim(job_id, now=timezone.now()):
        with _heartbeat(job_id):
            _run_claimed(Job.objects.get(pk=job_id))
    return Job.objects.get(pk=job_id)


def run_next() -> bool:
    """Run the oldest job that waits or whose worker died; False where there is none."""
    give_up_hopeless(now=timezone.now())
    for job_id in (
        Job.objects.filter(_claimable(timezone.now()))
        .order_by("id")
        .values_list("id", flat=True)[:5]
    ):
        if _claim(job_id, now=timezone.now()):
            with _heartbeat(job_id):
                _run_claimed(Job.objects.get(pk=job_id))
            return True
    return False


def give_up_hopeless(*, now: datetime) -> int:
    """Fail jobs whose worker died MAX_ATTEMPTS times; returns how many."""
    lost = Job.objects.filter(
        state=JobState.RUNNING, lease_until_at__lt=now, attempts__gte=MAX_ATTEMPTS
    )
    return lost.update(
        state=JobState.FAILED,
        finished_at=now,
        error="处理程序多次中断，已停止重试。数据保持原样，请联系管理员查看服务器日志后重新提交。",
    )


def _claimable(now: datetime) -> Q:
    died = Q(state=JobState.RUNNING, lease_until_at__lt=now, attempts__lt=MAX_ATTEMPTS)
    return Q(state=JobState.QUEUED) | died


def _claim(job_id: int, *, now: datetime) -> bool:
    # One conditional UPDATE: two workers that see the same job cannot both change it.
    claimed = Job.objects.filter(_claimable(now), pk=job_id).update(
        state=JobState.RUNNING,
        started_at=now,
        lease_until_at=now + LEASE,
        attempts=F("attempts") + 1,
    )
    return claimed == 1


def _run_claimed(claimed: Job) -> None:
    state, result, error = JobState.DONE, {}, ""
    try:
        result = _functions[claimed.kind](Progress(job_id=claimed.pk), **claimed.arguments)
    except Cancelled:
        state = JobState.CANCELLED
    except (JobRefused, NotAllowed) as refusal:
        state, error = JobState.FAILED, str(refusal)
    except Exception as failure:  # a worker must outlive any job
        state, error = JobState.FAILED, _explain(failure)
    # A worker that stalled past its lease may not overwrite what its successor made of the job.
    mine = Job.objects.filter(pk=claimed.pk, attempts=claimed.attempts)
    mine.update(
        state=state, result=result, error=error, finished_at=timezone.now(), lease_until_at=None
    )


def _explain(failure: Exception) -> str:
    if isinstance(failure, OSError) and failure.errno == 28:
        return "服务器磁盘已满，这项工作没有完成，数据保持原样。请管理员清理磁盘后重新提交。"
    return f"程序出错，数据保持原样。请把这句话告诉管理员：{failure_place(failure)}"


def failure_place(failure: BaseException) -> str:
    """What went wrong and where, for the administrator.

    Without the message of the exception: that of a database may quote a row, ID number and all.
    """
    frames = traceback.extract_tb(failure.__traceback__)
    place = f"（{Path(frames[-1].filename).name} 第 {frames[-1].lineno} 行）" if frames else ""
    return f"{type(failure).__name__}{place}"


@contextlib.contextmanager
def _heartbeat(job_id: int) -> Iterator[None]:
    stop = threading.Event()

    def renew() -> None:
        while not stop.wait(HEARTBEAT_S):
            # A renewal that fails is tried again in a moment; the lease lasts several of them.
            with contextlib.suppress(Exception):
                Job.objects.filter(pk=job_id, state=JobState.RUNNING).update(
                    lease_until_at=timezone.now() + LEASE
                )
        connection.close()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=HEARTBEAT_S)
