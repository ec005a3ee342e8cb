"""`liangxin backup` and `liangxin restore` on the database the run is on, in processes of their own."""

import json
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.config.backups.deployments import Deployment, deployment

FILLING = """
Area.objects.create(code="990100000001", name="甲街道", kind="street")
blobs.keep("身份证号,姓名".encode() * 999, file_name="名单.csv", by=SYSTEM, days=30)
audit.record("area.create", by=SYSTEM, summary="新建甲街道")
"""
TOLD = """
opened = [blobs.content(blob).decode()[:7] for blob in Blob.objects.all()]
kept = sum(path.is_file() for path in Path(settings.BLOB_DIR).rglob("*"))
print(json.dumps([list(Area.objects.values_list("name", flat=True)), opened, kept]))
"""
FILLED = [["甲街道"], ["身份证号,姓名"], 1]
LATER = """
Area.objects.create(code="990100000002", name="乙街道", kind="street")
blobs.keep(b"later", file_name="later.csv", by=SYSTEM, days=30)
"""
OTHER_KEYS = "k2:another-secret-that-is-long-enough-for-a-key"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment with a street, a kept file and an audit trail."""
    with deployment(tmp_path_factory.mktemp("filled") / "data") as made:
        assert made.run("migrate").returncode == 0
        done = made.python(FILLING)
        assert done.returncode == 0, done.stderr
        yield made


@pytest.fixture(scope="module")
def backup(filled: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A verified backup of `filled`."""
    folder = tmp_path_factory.mktemp("backups")
    done = filled.run("backup", str(folder))
    assert done.returncode == 0, done.stderr
    assert "已试恢复核对" in done.stdout
    (made,) = folder.iterdir()
    return made


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Deployment]:
    with deployment(tmp_path / "data") as made:
        yield made


@pytest.fixture(scope="module")
def gone_on(
    filled: Deployment, backup: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """What `filled` is some time after the backup."""
    with deployment(tmp_path_factory.mktemp("gone_on") / "data", like=filled) as made:
        done = made.python(LATER)
        assert done.returncode == 0, done.stderr
        yield made


@pytest.fixture
def other(gone_on: Deployment, tmp_path: Path) -> Iterator[Deployment]:
    """A copy of `gone_on` for one test."""
    with deployment(tmp_path / "data", like=gone_on) as made:
        yield made


def copied(backup: Path, folder: Path) -> Path:
    """A copy beside which further backups may be laid."""
    target = folder / "backups" / backup.name
    target.parent.mkdir(exist_ok=True)
    shutil.copy(backup, target)
    return target


def told(made: Deployment) -> object:
    done = made.python(TOLD)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_backup_restores_into_an_empty_deployment(
    empty: Deployment, backup: Path, tmp_path: Path
) -> None:
    done = empty.run("restore", str(copied(backup, tmp_path)))

    assert (done.returncode, done.stderr) == (0, "")
    assert told(empty) == FILLED
    assert empty.run("audit", "verify").returncode == 0


def test_a_backup_holds_no_plain_text(backup: Path) -> None:
    content = backup.read_bytes()

    assert ("甲街道".encode() in content, "身份证号".encode() in content) == (False, False)


def test_a_backup_can_be_checked_without_touching_anything(
    filled: Deployment, backup: Path
) -> None:
    done = filled.run("restore", str(backup), "--check")

    assert done.returncode == 0, done.stderr
    assert "备份完好" in done.stdout
    assert told(filled) == FILLED


def test_what_is_there_is_replaced_only_when_asked(
    other: Deployment, backup: Path, tmp_path: Path
) -> None:
    before = told(other)
    done = other.run("restore", str(copied(backup, tmp_path)))

    assert done.returncode == 2
    assert "--replace" in done.stderr
    assert told(other) == before == [["甲街道", "乙街道"], ["later", "身份证号,姓名"], 2]


def test_what_is_replaced_is_backed_up_first(
    other: Deployment, backup: Path, tmp_path: Path
) -> None:
    own = copied(backup, tmp_path)
    done = other.run("restore", str(own), "--replace")
    assert done.returncode == 0, done.stderr
    assert told(other) == FILLED

    (saved,) = set(own.parent.iterdir()) - {own}
    done = other.run("restore", str(saved), "--replace")
    assert done.returncode == 0, done.stderr
    assert told(other) == [["甲街道", "乙街道"], ["later", "身份证号,姓名"], 2]


@pytest.mark.parametrize("place", [0.001, 0.5])
def test_a_tampered_backup_is_found(
    filled: Deployment, backup: Path, tmp_path: Path, place: float
) -> None:
    content = bytearray(backup.read_bytes())
    content[int(place * len(content))] ^= 1
    tampered = tmp_path / backup.name
    tampered.write_bytes(content)
    done = filled.run("restore", str(tampered), "--check")

    assert done.returncode == 2
    assert done.stderr.startswith("错误：")
    assert "程序出错" not in done.stderr


def test_a_backup_cut_short_is_found(filled: Deployment, backup: Path, tmp_path: Path) -> None:
    cut = tmp_path / backup.name
    cut.write_bytes(backup.read_bytes()[:-1])
    done = filled.run("restore", str(cut), "--check")

    assert (done.returncode, "被改动或不完整" in done.stderr) == (2, True)


def test_other_keys_do_not_open_a_backup(empty: Deployment, backup: Path, tmp_path: Path) -> None:
    own = copied(backup, tmp_path)
    done = empty.run("restore", str(own), LIANGXIN_FIELD_KEYS=OTHER_KEYS)

    assert (done.returncode, "LIANGXIN_FIELD_KEYS" in done.stderr) == (2, True)


def test_a_database_in_use_is_not_replaced(other: Deployment, backup: Path, tmp_path: Path) -> None:
    own = copied(backup, tmp_path)
    if connection.vendor == "postgresql":
        with psycopg.connect(other.settings["LIANGXIN_DATABASE_URL"]):
            done = other.run("restore", str(own), "--replace")
    else:
        with closing(sqlite3.connect(other.folder / "liangxin.sqlite3")) as user:
            user.execute("SELECT count(*) FROM registry_area").fetchone()
            done = other.run("restore", str(own), "--replace")

    assert (done.returncode, "请先停止网站和后台任务" in done.stderr) == (2, True)
    assert told(other) == [["甲街道", "乙街道"], ["later", "身份证号,姓名"], 2]


def test_only_the_newest_backups_are_kept(filled: Deployment, tmp_path: Path) -> None:
    old = [tmp_path / f"liangxin-2025010{day}-000000.backup" for day in (1, 2, 3)]
    for path in old:
        path.write_bytes(b"old")
    foreign = tmp_path / "notes.txt"
    foreign.write_text("keep me", encoding="utf-8")
    done = filled.run("backup", str(tmp_path), "--no-verify", "--keep", "2")

    assert done.returncode == 0, done.stderr
    assert [path.exists() for path in (*old, foreign)] == [False, False, True, True]
    assert len(list(tmp_path.glob("*.backup"))) == 2


KILLED_BACKUP = """
from django.utils import timezone
from liangxin.config.backups import taking
def die(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)
taking.{function} = die
taking.take_backup(Path(settings.DATA_DIR).parent / "to", by=SYSTEM, now=timezone.now(), is_verified=True,
                   on_step=print)
"""


@pytest.mark.parametrize("function", ["Manifest", "verify_backup"])
def test_a_killed_backup_leaves_the_data_and_no_backup(other: Deployment, function: str) -> None:
    before = told(other)
    done = other.python(KILLED_BACKUP.format(function=function))
    to = other.folder.parent / "to"

    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (told(other), list(to.glob("*.backup"))) == (before, [])
    again = other.run("backup", str(to))
    assert again.returncode == 0, again.stderr
    assert list(other.folder.glob("backing-up-*")) == []


KILLED_RESTORE = """
from django.utils import timezone
from liangxin.config.backups import {module} as place
import subprocess
real = place.{function}
def die(*given, **named):
    if {is_after}:
        real(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)
place.{function} = die
from liangxin.config.backups.restoring import restore_backup
restore_backup(Path({backup!r}), by=SYSTEM, now=timezone.now(), may_replace=True, on_step=print)
"""
BEFORE, AFTER = (
    [["甲街道", "乙街道"], ["later", "身份证号,姓名"], 2],
    [["甲街道"], ["身份证号,姓名"], 2],
)


@pytest.mark.parametrize(
    ("module", "function", "is_after", "left"),
    [
        ("restoring", "_copy_kept", False, BEFORE),
        ("restoring", "_copy_kept", True, BEFORE),
        ("restoring", "_settle", False, AFTER),
    ],
)
def test_a_killed_restore_leaves_the_old_data_or_the_new(
    other: Deployment,
    backup: Path,
    tmp_path: Path,
    module: str,
    function: str,
    is_after: bool,
    left: object,
) -> None:
    code = KILLED_RESTORE.format(
        module=module, function=function, is_after=is_after, backup=str(copied(backup, tmp_path))
    )
    done = other.python(code)

    assert done.returncode == -signal.SIGKILL, done.stderr
    assert told(other) == left
    again = other.run("restore", str(copied(backup, tmp_path)), "--replace")
    assert again.returncode == 0, again.stderr
    assert told(other) == FILLED
