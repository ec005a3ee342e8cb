"""`liangxin serve`: the web server and a job worker, watched over by one process."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import FrameType

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from liangxin.config.cli.readiness import refuse_taken_port, refuse_unready
from liangxin.config.env import KEPT_DIR, PRODUCTION
from liangxin.config.lifeline import end_with

POLL_S = 0.5
# A worker that dies at once would otherwise be started twice a second for ever.
RESTART_PAUSE_S = 5.0
# A job in progress is not waited for: it starts again from its beginning with the next worker.
PATIENCE_S = 8.0
WEB_WORKERS = 2
# Each blocking thread holds a database connection; SQLite reads in parallel, writes one at a time.
BLOCKING_THREADS = 4
BACKPRESSURE = 64


def serve_command(*, host: str, port: int, no_worker: bool) -> None:
    """Serve until stopped; restarts the job worker if it dies."""
    refuse_taken_port(host, port)
    refuse_unready()
    if settings.ENV.mode == PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()
    click.echo("网站正在启动，请稍候。", err=True)
    with kept_figures_shared():
        ended = supervise(
            web_command(host, port),
            None if no_worker else worker_arguments(),
            look=address_told_when_open(host, port),
        )
    if ended:
        click.echo("网站进程意外退出，原因见上面几行。", err=True)
        raise SystemExit(ended)


@contextlib.contextmanager
def kept_figures_shared() -> Iterator[None]:
    """Let the processes started meanwhile keep figures in one folder: what one has counted all have.

    It must not outlive the server: a restored ledger counts its revisions anew, and old figures would
    pass for new ones.
    """
    with tempfile.TemporaryDirectory(prefix="liangxin-kept-") as folder:
        os.environ[KEPT_DIR] = folder
        try:
            yield
        finally:
            del os.environ[KEPT_DIR]


def web_command(host: str, port: int) -> list[str]:
    """The granian command line."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", host, "--port", str(port), "--workers", str(WEB_WORKERS)),
        *("--blocking-threads", str(BLOCKING_THREADS), "--backpressure", str(BACKPRESSURE)),
        *("--no-ws", "--log-level", "warning", "--respawn-failed-workers"),
        "liangxin.config.wsgi:application",
    ]


def worker_arguments() -> list[str]:
    """The command line of a job worker."""
    return [sys.executable, "-c", "from liangxin.config.cli import main; main()", "worker"]


@dataclass
class Ward:
    """A program that lives no longer than its supervisor, with everything it starts itself."""

    command: Sequence[str]
    process: subprocess.Popen[bytes] = field(init=False)
    started_s: float = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start the program in a process group of its own, so that its children end with it."""
        self.started_s = time.monotonic()
        self.process = subprocess.Popen(
            self.command, process_group=0, preexec_fn=partial(end_with, os.getpid())
        )

    def restart_if_dead(self) -> None:
        """Start it again, but not more often than every few seconds."""
        if self.process.poll() is not None and self._age_s() > RESTART_PAUSE_S:
            self.start()

    def stop(self, *, deadline_s: float) -> None:
        """End the program, which ends what it has started; what is left of its group is killed."""
        self.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline_s - time.monotonic()))
        self.signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self) -> None:
        """Ask the program alone to end: told to its children too, it would report that they went."""
        self.process.terminate()

    def signal(self, number: int) -> None:
        """Send a signal to the group, if anything of it is left."""
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return

    def _age_s(self) -> float:
        return time.monotonic() - self.started_s


def address_told_when_open(host: str, port: int) -> Callable[[], None]:
    """Return a look at the site that tells its address, once, when it can be opened.

    The web workers listen when they have loaded all pages, some seconds after their start.
    """
    is_told = False

    def look() -> None:
        nonlocal is_told
        if is_told:
            return
        with contextlib.suppress(OSError):
            socket.create_connection((host, port), timeout=POLL_S).close()
            is_told = True
            click.echo(f"网站：http://{host}:{port}  （按 Ctrl+C 停止）", err=True)

    return look


def supervise(
    web: Sequence[str], jobs: Sequence[str] | None, *, look: Callable[[], None] = lambda: None
) -> int:
    """Run both until a signal comes (returns 0) or the web server ends (returns its exit code).

    Meanwhile `look` is called every half second.
    """
    signal.signal(signal.SIGTERM, _stop)
    wards = [Ward(command) for command in (web, jobs) if command]
    ended = 0
    try:
        while wards[0].process.poll() is None:
            for worker in wards[1:]:
                worker.restart_if_dead()
            look()
            time.sleep(POLL_S)
        ended = wards[0].process.returncode or 1
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        deadline_s = time.monotonic() + PATIENCE_S
        for ward in wards:
            ward.terminate()
        for ward in wards:
            ward.stop(deadline_s=deadline_s)
    return ended


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
