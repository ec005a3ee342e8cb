"""A process killed while it commits leaves the ledger as it was, and the batch can be committed again."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.intake import FIRM_HEADER, write_list
from tests.factories.registry import next_uscc

SET_UP = """
import django, json, os, signal, sys
django.setup()
from datetime import date
from pathlib import Path
from django.core.management import call_command
from liangxin.intake.actions import commit, commit_batch, stage_files
from liangxin.intake.models import Batch
from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.models import Area, OrganisationVersion, Provenance
"""
KILLED = """
call_command("migrate", verbosity=0, interactive=False)
Area.objects.create(code="990100000001", name="甲街道", kind="street")
batch = stage_files([Path(sys.argv[1])], by=SYSTEM, source="测试", as_of=date(2025, 6, 30), progress=Progress())
def die(*args, **named):
    assert OrganisationVersion.objects.count() == 3
    os.kill(os.getpid(), signal.SIGKILL)
commit_module = sys.modules["liangxin.intake.actions.commit"]
commit_module.record = die
commit_batch(batch, by=SYSTEM, progress=Progress())
"""
AFTERWARDS = """
batch = Batch.objects.get()
def told():
    return [batch.state, OrganisationVersion.objects.count(), Provenance.objects.count()]
before = told()
commit_batch(batch, by=SYSTEM, progress=Progress())
print(json.dumps([before, told()]))
"""


def run(code: str, *, folder: Path, path: Path) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "LIANGXIN_DATA_DIR": str(folder),
        "LIANGXIN_DATABASE_URL": f"sqlite:///{folder / 'ledger.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "liangxin.config.settings",
    }
    command = [sys.executable, "-c", SET_UP + code, str(path)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A data folder whose process was killed inside the transaction of a commit, all rows written."""
    rows = [[f"测试{n}有限公司", next_uscc(), "存续", "甲街道", n, None] for n in range(3)]
    path = write_list(tmp_path, "企业.xlsx", FIRM_HEADER, *rows)
    done = run(KILLED, folder=tmp_path, path=path)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return tmp_path


def test_a_killed_commit_leaves_nothing_and_can_be_repeated(killed: Path) -> None:
    done = run(AFTERWARDS, folder=killed, path=killed)
    assert done.returncode == 0, done.stderr
    before, after = json.loads(done.stdout)
    assert before == ["committing", 0, 0]
    assert after == ["committed", 3, 1]
