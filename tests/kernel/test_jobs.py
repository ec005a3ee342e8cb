"""Jobs: claimed once, resumed after a death, stopped on request."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from liangxin.kernel import jobs
from liangxin.kernel.models import Job, JobState
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def runs() -> Iterator[list[dict[str, Any]]]:
    """Registers the job `test.note`, which notes its arguments; returns the notes."""
    noted: list[dict[str, Any]] = []

    @jobs.job("test.note")
    def note(progress: jobs.Progress, **arguments: Any) -> dict[str, Any]:
        progress.step(1, 2, "一半")
        if arguments.get("refuse"):
            raise jobs.JobRefused("名单已撤回。")
        if arguments.get("forbid"):
            raise NotAllowed("您没有权限。")
        if arguments.get("break"):
            raise ZeroDivisionError("990100199001011234")
        if arguments.get("full"):
            raise OSError(28, "No space left on device")
        noted.append(arguments)
        return {"rows": 2}

    yield noted
    jobs._functions.pop("test.note")


def put(**arguments: Any) -> Job:
    return jobs.enqueue("test.note", by=SYSTEM, title="测试", arguments=arguments)


def test_job_runs_with_its_arguments_and_keeps_its_result(runs: list[dict[str, Any]]) -> None:
    done = jobs.run_job(put(street="甲").pk)

    assert (done.state, done.result, done.percent) == (JobState.DONE, {"rows": 2}, 50)
    assert runs == [{"street": "甲"}]


def test_unknown_kind_is_refused_before_it_is_queued(runs: list[dict[str, Any]]) -> None:
    with pytest.raises(jobs.UnknownJob):
        jobs.enqueue("test.nothing", by=SYSTEM, title="", arguments={})

    assert not Job.objects.exists()


def test_finished_job_is_not_run_again(runs: list[dict[str, Any]]) -> None:
    queued = put()
    jobs.run_job(queued.pk)
    jobs.run_job(queued.pk)

    assert len(runs) == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("refuse", "名单已撤回。"),
        ("break", "ZeroDivisionError（test_jobs.py 第"),
        ("full", "磁盘已满"),
    ],
)
def test_failure_is_told_in_words(runs: list[dict[str, Any]], fault: str, words: str) -> None:
    failed = jobs.run_job(put(**{fault: True}).pk)

    assert failed.state == JobState.FAILED
    assert words in failed.error
    assert "990100199001011234" not in failed.error


def test_waiting_job_is_cancelled_at_once(runs: list[dict[str, Any]]) -> None:
    queued = put()
    jobs.request_cancel(queued.pk)

    assert jobs.run_job(queued.pk).state == JobState.CANCELLED
    assert runs == []


@pytest.mark.django_db(transaction=True)
def test_running_job_stops_at_its_next_step(runs: list[dict[str, Any]]) -> None:
    @jobs.job("test.long")
    def long(progress: jobs.Progress, **arguments: Any) -> dict[str, Any]:
        jobs.request_cancel(progress.job_id or 0)
        progress.step(1, 1)
        return {"unreachable": True}

    stopped = jobs.run_job(jobs.enqueue("test.long", by=SYSTEM, title="", arguments={}).pk)

    assert (stopped.state, stopped.result) == (JobState.CANCELLED, {})


def test_job_of_a_dead_worker_is_claimed_again(runs: list[dict[str, Any]]) -> None:
    lost = put()
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=lost.pk).update(state=JobState.RUNNING, lease_until_at=past, attempts=1)

    assert jobs.run_next() is True
    lost.refresh_from_db()
    assert (lost.state, lost.attempts) == (JobState.DONE, 2)


def test_job_of_a_living_worker_is_left_alone(runs: list[dict[str, Any]]) -> None:
    held = put()
    future = timezone.now() + timedelta(seconds=9)
    Job.objects.filter(pk=held.pk).update(state=JobState.RUNNING, lease_until_at=future, attempts=1)

    assert jobs.run_next() is False
    assert runs == []


def test_job_that_kills_its_workers_is_given_up(runs: list[dict[str, Any]]) -> None:
    deadly = put()
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=deadly.pk).update(
        state=JobState.RUNNING, lease_until_at=past, attempts=jobs.MAX_ATTEMPTS
    )

    assert jobs.run_next() is False
    deadly.refresh_from_db()
    assert deadly.state == JobState.FAILED


def test_oldest_job_runs_first(runs: list[dict[str, Any]]) -> None:
    put(number=1)
    put(number=2)
    jobs.run_next()

    assert runs == [{"number": 1}]


def test_stalled_worker_does_not_overwrite_its_successor(runs: list[dict[str, Any]]) -> None:
    @jobs.job("test.stall")
    def stall(progress: jobs.Progress, **arguments: Any) -> dict[str, Any]:
        # Meanwhile the lease ran out and another worker claimed the job.
        Job.objects.filter(pk=progress.job_id).update(attempts=2)
        return {"late": True}

    stalled = jobs.run_job(jobs.enqueue("test.stall", by=SYSTEM, title="", arguments={}).pk)

    assert (stalled.state, stalled.result) == (JobState.RUNNING, {})


def test_job_of_somebody_who_lost_the_role_says_so_in_plain_words(
    runs: list[dict[str, Any]],
) -> None:
    assert jobs.run_job(put(forbid=True).pk).error == "您没有权限。"
