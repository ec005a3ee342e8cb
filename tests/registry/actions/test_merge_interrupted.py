"""A process killed while it merges leaves the ledger as it was, and the merge can be done again."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

SET_UP = """
import django, json, os, signal, sys
django.setup()
from django.core.management import call_command
from liangxin.registry.actions import merging
from liangxin.registry.models import Merge, MergeStep, Organisation, Provenance
from tests.factories.merges import merge, whole_ledger
from tests.factories.registry import make_member, make_organisation, make_party_organisation
def told():
    return json.dumps(whole_ledger(), default=str)
"""
KILLED = """
call_command("migrate", verbosity=0, interactive=False)
kept, gone = make_organisation().organisation, make_organisation().organisation
make_member(gone)
make_party_organisation(covers=(gone,))
open(sys.argv[1], "w").write(told())
def die(*args, **named):
    assert Organisation.objects.filter(merged_into=kept).exists()
    assert MergeStep.objects.exists()
    os.kill(os.getpid(), signal.SIGKILL)
merging._record = die
merge(kept, gone)
"""
AFTERWARDS = """
kept, gone = Organisation.objects.order_by("pk")[:2]
is_as_before = told() == open(sys.argv[1]).read()
counts = [Merge.objects.count(), MergeStep.objects.count()]
merge(kept, gone)
print(json.dumps([is_as_before, counts, Merge.objects.count(), told() == open(sys.argv[1]).read()]))
"""
MAKE = 'CREATE DATABASE "{name}"'
DROP = 'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
SCRATCH = "liangxin_merge_killed"


def run(code: str, *, folder: Path, url: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "LIANGXIN_DATA_DIR": str(folder),
        "LIANGXIN_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "liangxin.config.settings",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    command = [sys.executable, "-c", SET_UP + code, str(folder / "before.json")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def killed_and_repeated(folder: Path, url: str) -> None:
    done = run(KILLED, folder=folder, url=url)
    assert done.returncode == -signal.SIGKILL, done.stderr
    done = run(AFTERWARDS, folder=folder, url=url)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True, [0, 0], 1, False]


def test_a_killed_merge_leaves_nothing_on_sqlite(tmp_path: Path) -> None:
    killed_and_repeated(tmp_path, f"sqlite:///{tmp_path / 'ledger.sqlite3'}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the suite runs on SQLite")
def test_a_killed_merge_leaves_nothing_on_postgresql(tmp_path: Path) -> None:
    known = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(DROP.format(name=SCRATCH))
        cursor.execute(MAKE.format(name=SCRATCH))
    try:
        own = os.environ["LIANGXIN_DATABASE_URL"]
        url = own.rsplit("/", 1)[0] + f"/{SCRATCH}"
        assert known["ENGINE"].endswith("postgresql")
        killed_and_repeated(tmp_path, url)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(DROP.format(name=SCRATCH))
