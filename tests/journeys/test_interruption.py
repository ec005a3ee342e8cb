"""A worker that is killed while it writes costs time, never a half ledger."""

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.config.programs import (
    LIANGXIN,
    children,
    environment,
    free_port,
    liangxin,
    serving,
    until,
)

pytestmark = pytest.mark.journey

FIRMS = 12_000
WORKER = "main() worker"
STREET = "甲街道"
AREAS = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties":'
    ' {"code": "1", "name": "甲街道", "kind": "street"}, "geometry": {"type": "Polygon",'
    ' "coordinates": [[[113, 23], [114, 23], [114, 24], [113, 23]]]}}]}'
)
# What the page of a batch does when "commit" is pressed, after the upload was read.
PRESS_COMMIT = """
import sys
from datetime import date
from pathlib import Path
import django
django.setup()
from liangxin.accounts.queries import viewer_of
from liangxin.accounts.actions import create_user, grant_role
from liangxin.intake.actions import stage_files
from liangxin.intake.actions.reading_jobs import COMMIT, start_step
import liangxin.intake.tasks
from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import SETUP, Role, Scope, ScopeKind
day = date(2026, 6, 30)
user = create_user(username="office", name="office", password="not-used-here", by=SETUP)
grant_role(user, role=Role.DISTRICT_OFFICE, scope=Scope(ScopeKind.DISTRICT), from_date=day, by=SETUP)
by = viewer_of(user, at=date.today())
batch = stage_files([Path(sys.argv[1])], by=by, source="test", as_of=day, progress=Progress())
assert batch.counts["new"] == int(sys.argv[2]), batch.counts
start_step(COMMIT, batch, by=by)
"""
LEASE_AND_WORK_S = 40.0


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[tuple[Path, "subprocess.Popen[bytes]"]]:
    """An empty ledger with one street, served with a worker."""
    folder = tmp_path / "data"
    areas = tmp_path / "areas.geojson"
    areas.write_text(AREAS, encoding="utf-8")
    for arguments in (["migrate"], ["import-areas", str(areas)]):
        assert liangxin(*arguments, folder=folder).returncode == 0
    with serving(folder, port=free_port()) as server:
        yield folder, server


def test_killed_worker_leaves_the_ledger_as_before_or_complete(
    deployment: tuple[Path, "subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    folder, server = deployment
    press_commit(folder, firm_list(tmp_path))
    until(lambda: asked(folder, "SELECT note FROM kernel_job") == "准备写入", 30.0)
    (worker,) = children(server.pid, running=WORKER)

    os.kill(worker, signal.SIGKILL)
    killed_s = time.monotonic()
    until(lambda: children(server.pid, running=WORKER) not in ([], [worker]), 10.0)

    assert organisations(folder) in (0, FIRMS)
    until(lambda: asked(folder, "SELECT state FROM kernel_job") == "done", LEASE_AND_WORK_S)
    assert time.monotonic() - killed_s < LEASE_AND_WORK_S
    assert asked(folder, "SELECT attempts FROM kernel_job") == 2
    assert asked(folder, "SELECT state FROM intake_batch") == "committed"
    assert organisations(folder) == FIRMS
    assert asked(folder, "SELECT count(*) FROM registry_organisationversion") == FIRMS


def firm_list(folder: Path) -> Path:
    """A list long enough for its writing to be interrupted."""
    path = folder / "企业名单.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["企业名称", "登记状态", "所属街道", "从业人数"])
        writer.writerows([f"测试{n}有限公司", "存续", STREET, n % 50 + 1] for n in range(FIRMS))
    return path


def press_commit(folder: Path, path: Path) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "liangxin.config.settings"}
    subprocess.run(
        [sys.executable, "-c", PRESS_COMMIT, str(path), str(FIRMS)],
        env={**environment(folder), **settings},
        check=True,
    )


def organisations(folder: Path) -> int:
    return int(asked(folder, "SELECT count(*) FROM registry_organisation"))


def asked(folder: Path, question: str) -> Any:
    """The only value of the answer; None where there is none."""
    connection = sqlite3.connect(folder / "liangxin.sqlite3", timeout=20)
    try:
        row = connection.execute(question).fetchone()
    finally:
        connection.close()
    return row[0] if row else None


def test_killed_demo_is_told_again_from_its_beginning(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    first = subprocess.Popen([*LIANGXIN, "demo", "--no-serve"], env=environment(folder))
    until(lambda: (folder / "liangxin.sqlite3").exists() and has_batch(folder), 60.0)
    first.kill()
    first.wait()

    again = liangxin("demo", "--no-serve", "--json", folder=folder)

    assert again.returncode == 0
    assert json.loads(again.stdout)["rejected_equals_spoilt"] is True
    assert asked(folder, "SELECT count(*) FROM intake_batch") == 1


def has_batch(folder: Path) -> bool:
    try:
        return bool(asked(folder, "SELECT count(*) FROM intake_batch"))
    except sqlite3.OperationalError:  # its tables are being made
        return False
