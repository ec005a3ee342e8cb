"""`liangxin worker`: runs jobs as they come, and once a day clears what may no longer be kept."""

import signal
import time
from datetime import date
from types import FrameType

import click
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from liangxin.config.cli.clearing import clear_expired
from liangxin.config.cli.failures import database_sentence
from liangxin.config.cli.readiness import refuse_unready
from liangxin.kernel.jobs import run_next
from liangxin.registry.actions.searching import enqueue_when_stale

POLL_S = 0.5
SEARCH_CHECK_S = 15.0
DATABASE_PAUSE_S = 3.0


class Worker:
    """Runs one job after another until it is told to stop; a signal ends it between jobs."""

    def __init__(self) -> None:
        self.is_running = True
        self._cleared_date: date | None = None
        self._complaint = ""
        self._search_checked_s = float("-inf")

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Take no further job."""
        self.is_running = False

    def run(self, *, once: bool) -> None:
        """Work until stopped; with `once` until no job is waiting."""
        while self.is_running:
            worked = self._turn(is_patient=not once)
            if once and not worked:
                return
            if not worked:
                time.sleep(POLL_S)

    def _turn(self, *, is_patient: bool) -> bool:
        close_old_connections()
        try:
            self._clear_daily(timezone.localdate())
            self._mind_search()
            worked = run_next()
        except DatabaseError as error:
            # A database that restarts must not cost the worker its life, nor fill the log.
            if not is_patient:
                raise
            self._complain(database_sentence(str(error)) or str(error))
            connection.close()
            time.sleep(DATABASE_PAUSE_S)
            return False
        self._complaint = ""
        return worked

    def _complain(self, sentence: str) -> None:
        if sentence != self._complaint:
            click.echo(f"后台任务：{sentence}", err=True)
        self._complaint = sentence

    def _mind_search(self) -> None:
        """Have the search index built where it is missing or far behind: no action needs to think of it."""
        now_s = time.monotonic()
        if now_s - self._search_checked_s >= SEARCH_CHECK_S:
            self._search_checked_s = now_s
            enqueue_when_stale()

    def _clear_daily(self, today: date) -> None:
        if self._cleared_date != today:
            clear_expired()
            self._cleared_date = today


def worker_command(*, once: bool) -> None:
    """Run the worker of this deployment."""
    refuse_unready()
    autodiscover_modules("tasks")
    worker = Worker()
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.run(once=once)
