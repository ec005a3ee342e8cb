"""Processes that are killed in the middle of an act, in a database of their own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

MAKE = 'CREATE DATABASE "{name}"'
DROP = 'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'


def killed_and_repeated(folder: Path, url: str, *, killed: str, afterwards: str) -> list[object]:
    """Run `killed`, which has to die of SIGKILL, then `afterwards`; returns what that prints as JSON.

    Both are given the path of a file in `folder` as their argument.
    """
    done = _run(killed, folder=folder, url=url)
    assert done.returncode == -signal.SIGKILL, done.stderr
    done = _run(afterwards, folder=folder, url=url)
    assert done.returncode == 0, done.stderr
    told: list[object] = json.loads(done.stdout)
    return told


@contextmanager
def scratch_database(name: str) -> Iterator[str]:
    """An empty PostgreSQL database beside the suite's own, by its address."""
    with connection.cursor() as cursor:
        cursor.execute(DROP.format(name=name))
        cursor.execute(MAKE.format(name=name))
    try:
        yield os.environ["LIANGXIN_DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(DROP.format(name=name))


def _run(code: str, *, folder: Path, url: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "LIANGXIN_DATA_DIR": str(folder),
        "LIANGXIN_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "liangxin.config.settings",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    command = [sys.executable, "-c", code, str(folder / "before.json")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
