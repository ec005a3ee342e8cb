"""Replacing keys at the command line: killed in the middle, run again, the old key gone."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.backups.deployments import SET_UP, Deployment, deployment
from tests.config.programs import environment

OLD = "k1:" + "old-secret-" * 4
NEW = "k2:" + "new-secret-" * 4
BOTH = f"{NEW},{OLD}"
PEOPLE = 1500
FILL = f"""
from datetime import date
from django.utils import timezone
from liangxin.kernel.encryption import blind_index
from liangxin.registry.models import Person, Provenance
told = Provenance.objects.create(source="测试", as_of_date=date(2026, 1, 1), recorded_at=timezone.now())
Person.objects.bulk_create(
    Person(name="甲", id_number=f"N{{n}}", id_index=blind_index(f"N{{n}}"), phone=str(n), provenance=told)
    for n in range({PEOPLE})
)
for n in range(20):
    blobs.keep(b"list", file_name="a.csv", by=SYSTEM, days=30)
for n in range(5):
    audit.record("rule.set", by=SYSTEM, summary=str(n))
"""
OPENED = f"""
from liangxin.kernel.encryption import blind_index
from liangxin.registry.models import Person
people = list(Person.objects.order_by("id"))
assert [one.id_number for one in people] == [f"N{{n}}" for n in range({PEOPLE})]
assert [one.phone for one in people] == [str(n) for n in range({PEOPLE})]
assert Person.objects.get(id_index=blind_index("N7")).phone == "7"
assert all(blobs.content(blob) == b"list" for blob in Blob.objects.all())
"""
# A slow machine in every batch, so that the kill comes in the middle.
SLOWLY = """
import time
from liangxin.kernel import rekeying
rekeying.BATCH = 50
exchange = rekeying._exchange
def slow(*arguments):
    print("step", flush=True)
    time.sleep(0.05)
    return exchange(*arguments)
rekeying._exchange = slow
rekeying.reseal_everything()
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment with people, kept files and an audit trail under the old key."""
    with deployment(tmp_path_factory.mktemp("original") / "own") as made:
        assert made.run("migrate", LIANGXIN_FIELD_KEYS=OLD).returncode == 0
        done = _python(made, FILL, OLD)
        assert done.returncode == 0, done.stderr
        yield made


@pytest.fixture
def filled(original: Deployment, tmp_path: Path) -> Iterator[Deployment]:
    """A copy of it for one test."""
    with deployment(tmp_path / "own", like=original) as made:
        yield made


def _python(made: Deployment, code: str, keys: str) -> "subprocess.CompletedProcess[str]":
    kept = Deployment(made.folder, {**made.settings, "LIANGXIN_FIELD_KEYS": keys})
    return kept.python(code)


def _used(made: Deployment) -> dict[str, dict[str, int]]:
    done = made.run("keys", "status", "--json", LIANGXIN_FIELD_KEYS=BOTH)
    return dict(json.loads(done.stdout)["used"])


def _kill_in_the_middle(made: Deployment) -> None:
    told = environment(
        made.folder,
        DJANGO_SETTINGS_MODULE="liangxin.config.settings",
        **{**made.settings, "LIANGXIN_FIELD_KEYS": BOTH},
    )
    command = [sys.executable, "-c", SET_UP + SLOWLY]
    with subprocess.Popen(command, env=told, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        for _ in range(6):
            running.stdout.readline()
        time.sleep(0.02)
        os.kill(running.pid, signal.SIGKILL)


def test_rotation_survives_a_kill_and_the_old_key_can_go(filled: Deployment) -> None:
    _kill_in_the_middle(filled)
    half = _used(filled)
    assert half["registry.person.id_number"].keys() == {"k1", "k2"}
    done = _python(filled, OPENED, BOTH)
    assert done.returncode == 0, done.stderr

    done = filled.run("keys", "rotate", LIANGXIN_FIELD_KEYS=BOTH)
    assert done.returncode == 0, done.stderr
    assert {key for used in _used(filled).values() for key in used} == {"k2"}
    # Sealed anew, but indexes and chain are still those of the old key.
    refused = filled.run("audit", "verify", LIANGXIN_FIELD_KEYS=NEW)
    assert (refused.returncode, "keys retire k1" in refused.stderr) == (2, True)

    done = filled.run("keys", "retire", "k1", LIANGXIN_FIELD_KEYS=BOTH)
    assert done.returncode == 0, done.stderr
    assert f"重算身份证索引 {PEOPLE} 个" in done.stdout
    refused = filled.run("keys", "rotate", LIANGXIN_FIELD_KEYS=BOTH)
    assert (refused.returncode, "去掉它" in refused.stderr) == (2, True)

    done = _python(filled, OPENED, NEW)
    assert done.returncode == 0, done.stderr
    done = filled.run("audit", "verify", "--json", LIANGXIN_FIELD_KEYS=NEW)
    assert (done.returncode, json.loads(done.stdout)["is_whole"]) == (0, True)


def test_status_tells_of_a_missing_key(filled: Deployment) -> None:
    done = filled.run("keys", "status", LIANGXIN_FIELD_KEYS="k9:" + "other-secret-" * 3)

    assert done.returncode == 1
    assert "没有密钥“k1”" in done.stdout


def test_tampered_entry_is_named_at_the_command_line(filled: Deployment) -> None:
    tampered = """
from django.db import DatabaseError, connection, transaction
from liangxin.kernel import chain_guard
try:
    with transaction.atomic():
        AuditEntry.objects.filter(number=3).update(summary="改")
except DatabaseError:
    chain_guard.remove(connection)
    AuditEntry.objects.filter(number=3).update(summary="改")
    chain_guard.install(connection)
else:
    raise SystemExit("the database let it through")
"""
    assert _python(filled, tampered, OLD).returncode == 0

    done = filled.run("audit", "verify", LIANGXIN_FIELD_KEYS=OLD)

    assert done.returncode == 1
    assert "操作记录有 1 处问题" in done.stdout
    assert "第 3 条" in done.stdout
    assert "被改动过" in done.stdout


def test_anchor_is_printed_and_checked_again(filled: Deployment) -> None:
    done = filled.run("audit", "anchor", LIANGXIN_FIELD_KEYS=OLD)
    code = done.stdout.strip()
    good = filled.run("audit", "verify", "--noted", code, LIANGXIN_FIELD_KEYS=OLD)
    bad = filled.run("audit", "verify", "--noted", f"4-{'0' * 64}", LIANGXIN_FIELD_KEYS=OLD)
    unread = filled.run("audit", "verify", "--noted", "4", LIANGXIN_FIELD_KEYS=OLD)

    assert code.startswith("5-")
    assert (good.returncode, bad.returncode, unread.returncode) == (0, 1, 2)
    assert "与 另外记下 留存的校验点不一致" in bad.stdout
