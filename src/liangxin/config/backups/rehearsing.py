"""A backup is believed only after it was restored once, into a scratch database, and checked there."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from liangxin.config.backups.contents import DATA, DUMP
from liangxin.config.backups.databases import Database
from liangxin.config.backups.manifest import Manifest
from liangxin.config.backups.refusals import DamagedCopy

COMMAND = "from liangxin.config.cli import main; main()"
MAX_WORDS = 400
STEPS = ((("migrate",), "不能升级到现在的版本"), (("audit", "verify"), "中，操作记录没有通过核验"))


def refuse_unlike(folder: Path, *, manifest: Manifest, database: Database) -> None:
    """Restore what was unpacked in `folder` for a trial; raises DamagedCopy where anything differs."""
    with database.rehearsed(folder / DUMP) as url:
        _refuse_other_tables(manifest.tables, database.fingerprints(url))
        _refuse_broken_trail(url, data_dir=folder / DATA)


def _refuse_other_tables(expected: Mapping[str, str], found: Mapping[str, str]) -> None:
    unlike = sorted(
        name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)
    )
    if unlike:
        raise DamagedCopy("试恢复的数据与备份时不一致：" + "、".join(unlike[:8]))


def _refuse_broken_trail(url: str, *, data_dir: Path) -> None:
    # A process of its own: Django is bound to the database of this deployment for its whole life.
    environment = {
        **os.environ,
        "LIANGXIN_DATABASE_URL": url,
        "LIANGXIN_DATA_DIR": str(data_dir),
    }
    # A backup of an older version is first brought to this one, as restoring does.
    for words, faulty in STEPS:
        done = subprocess.run(
            [sys.executable, "-c", COMMAND, *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip()[-MAX_WORDS:]
            raise DamagedCopy(f"试恢复的数据{faulty}：{said}")
