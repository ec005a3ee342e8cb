"""A process killed in the middle of taking a street into another leaves the ledger as it was."""

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
from liangxin.registry.actions import place_changes
from liangxin.registry.models import Area, OrganisationVersion, Reorganisation
from tests.factories.merges import whole_ledger
from tests.factories.registry import make_area, make_organisation, make_party_organisation, make_site
from tests.factories.reorganisations import order
from tests.factories.viewers import office
def told():
    return json.dumps(whole_ledger(), default=str)
def merge(gone, stays):
    place_changes.merge_streets(gone, stays, by=office(), order=order())
"""
KILLED = """
call_command("migrate", verbosity=0, interactive=False)
gone, stays = make_area(), make_area()
for _ in range(5):
    make_organisation(street=gone, site=make_site(street=gone))
make_party_organisation(street=gone)
open(sys.argv[1], "w").write(told())
def die(*args, **named):
    assert OrganisationVersion.objects.filter(street=stays).count() == 5
    assert Reorganisation.objects.exists()
    os.kill(os.getpid(), signal.SIGKILL)
place_changes._record = die
merge(gone, stays)
"""
AFTERWARDS = """
gone, stays = Area.objects.order_by("pk")[:2]
is_as_before = told() == open(sys.argv[1]).read()
count = Reorganisation.objects.count()
merge(gone, stays)
print(json.dumps([is_as_before, count, Reorganisation.objects.count(), told() == open(sys.argv[1]).read()]))
"""
MAKE = 'CREATE DATABASE "{name}"'
DROP = 'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
SCRATCH = "liangxin_street_killed"


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
    assert json.loads(done.stdout) == [True, 0, 1, False]


def test_a_killed_reorganisation_leaves_nothing_on_sqlite(tmp_path: Path) -> None:
    killed_and_repeated(tmp_path, f"sqlite:///{tmp_path / 'ledger.sqlite3'}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the suite runs on SQLite")
def test_a_killed_reorganisation_leaves_nothing_on_postgresql(tmp_path: Path) -> None:
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
