"""Serving the site and running jobs."""

import signal
import socket
import subprocess
import sys
import time
from types import FrameType

import click
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import autodiscover_modules

from liangxin.config.env import PRODUCTION
from liangxin.kernel.jobs import run_next

POLL_S = 0.5
WEB_WORKERS = 2
# Each blocking thread holds a database connection; SQLite reads in parallel, writes one at a time.
BLOCKING_THREADS = 4
BACKPRESSURE = 64


def serve_command(*, host: str, port: int, no_worker: bool) -> None:
    """Serve until stopped; restarts the job worker if it dies."""
    refuse_taken_port(host, port)
    refuse_unmigrated()
    if settings.ENV.mode == PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)
    click.echo(f"网站：http://{host}:{port}  （按 Ctrl+C 停止）", err=True)
    supervise(web_command(host, port), None if no_worker else worker_arguments())


def refuse_taken_port(host: str, port: int) -> None:
    """Fail plainly when the port is taken: granian would share it with a second copy silently."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((host, port)) == 0:
            raise click.ClickException(
                f"端口 {port} 已被占用：先停止占用它的程序，或加 --port 换一个端口。"
            )


def refuse_unmigrated() -> None:
    """Fail plainly when the database is not at this version."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise click.ClickException("数据库还没有建立或需要升级：请先运行 liangxin migrate。")


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


def supervise(web: list[str], jobs: list[str] | None) -> None:
    """Run both until the web server ends or a signal comes; a dead worker is started again."""
    signal.signal(signal.SIGTERM, _stop)
    serving = subprocess.Popen(web)
    working = subprocess.Popen(jobs) if jobs else None
    try:
        while serving.poll() is None:
            if jobs and working and working.poll() is not None:
                working = subprocess.Popen(jobs)
            time.sleep(POLL_S)
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        for process in filter(None, (serving, working)):
            process.terminate()
        for process in filter(None, (serving, working)):
            process.wait()


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def worker_command(*, once: bool) -> None:
    """Run jobs as they come; with `once` until none is waiting. A signal ends it between jobs."""
    autodiscover_modules("tasks")
    running = True

    def finish(number: int, frame: FrameType | None) -> None:
        nonlocal running
        running = False

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    while running:
        close_old_connections()
        worked = run_next()
        if once and not worked:
            return
        if not worked:
            time.sleep(POLL_S)
