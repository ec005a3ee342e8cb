"""The worker: jobs one after another, and once a day what may no longer be kept is cleared."""

from datetime import timedelta
from unittest import mock

import pytest
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from liangxin.config.cli import working
from liangxin.config.cli.working import Worker
from liangxin.kernel import blobs
from liangxin.kernel.jobs import Progress, enqueue, job
from liangxin.kernel.models import Blob, Job, JobState
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker closes old connections; here that would end the test's own transaction."""
    monkeypatch.setattr(working, "close_old_connections", lambda: None)


@job("test.worker")
def count_up(progress: Progress, *, number: int) -> dict[str, int]:
    """A job for these tests."""
    return {"number": number}


def is_kept(blob: Blob) -> bool:
    return (settings.BLOB_DIR / blob.key[:2] / blob.key).exists()


def test_worker_once_does_what_waits_in_order_and_ends() -> None:
    for number in (1, 2):
        enqueue("test.worker", by=office(), title="数数", arguments={"number": number})

    Worker().run(once=True)

    done = Job.objects.order_by("finished_at")
    assert [(one.state, one.result["number"]) for one in done] == [
        (JobState.DONE, 1),
        (JobState.DONE, 2),
    ]


def test_worker_removes_expired_files_and_keeps_the_others() -> None:
    old = blobs.keep(b"old", file_name="旧.csv", by=office(), days=30)
    new = blobs.keep(b"new", file_name="新.csv", by=office(), days=30)
    Blob.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(minutes=1))

    Worker().run(once=True)

    assert (is_kept(old), is_kept(new)) == (False, True)


def test_worker_clears_once_a_day() -> None:
    worker = Worker()
    today = timezone.localdate()
    with mock.patch.object(working, "clear_expired") as clear:
        for day in (today, today, today + timedelta(days=1)):
            with mock.patch.object(working.timezone, "localdate", return_value=day):
                worker.run(once=True)

    assert clear.call_count == 2


def test_worker_outlives_a_database_that_restarts(capsys: pytest.CaptureFixture[str]) -> None:
    worker = Worker()

    def answers(*replies: object) -> object:
        remaining = iter(replies)

        def reply() -> bool:
            found = next(remaining)
            if found == "stop":
                worker.is_running = False
                return False
            raise OperationalError(found)

        return reply

    gone = "connection refused"
    with (
        mock.patch.object(working, "run_next", answers(gone, gone, "stop")),
        mock.patch.object(working.time, "sleep"),
        mock.patch.object(working, "connection"),
    ):
        worker.run(once=False)

    assert capsys.readouterr().err.count("后台任务：连不上 PostgreSQL") == 1
