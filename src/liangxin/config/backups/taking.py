"""Taking a backup: dump, seal, restore for a trial, and only then give it its name."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from liangxin.config.backups.contents import DUMP, packing, unpack
from liangxin.config.backups.databases import own_database
from liangxin.config.backups.manifest import FORMAT, Manifest
from liangxin.config.backups.processes import is_running
from liangxin.config.backups.rehearsing import refuse_unlike
from liangxin.kernel import audit
from liangxin.kernel.anchors import keep_anchor
from liangxin.kernel.viewer import Viewer

PREFIX = "liangxin-"
SUFFIX = ".backup"
DRAFT = ".part"
ROOM = "backing-up-"
OnStep = Callable[[str], None]


def take_backup(
    folder: Path, *, by: Viewer, now: datetime, is_verified: bool, on_step: OnStep
) -> Path:
    """Write one sealed file into `folder` and return it; until it is verified it has no final name."""
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"{PREFIX}{now:%Y%m%d-%H%M%S}{SUFFIX}"
    draft = final.with_name(final.name + DRAFT)
    try:
        with working_room() as room:
            on_step("复制数据库")
            manifest = _pack(draft, room=room, now=now, on_step=on_step)
        if is_verified:
            on_step("试恢复并核对")
            verify_backup(draft)
        draft.replace(final)
    finally:
        draft.unlink(missing_ok=True)
    audit.record(
        "backup.take",
        by=by,
        summary=f"备份“{final.name}”，{len(manifest.tables)} 张表、{len(manifest.files)} 个文件",
        details={"file": final.name, "is_verified": is_verified},
        changes_ledger=False,
    )
    return final


def verify_backup(backup: Path) -> Manifest:
    """Open a backup and restore it into a scratch database; raises what is wrong with it."""
    with working_room() as room:
        manifest = unpack(backup, into=room)
        refuse_unlike(room, manifest=manifest, database=own_database())
    return manifest


def forget_old_backups(folder: Path, *, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups of the folder; returns what went."""
    own = sorted(folder.glob(f"{PREFIX}*{SUFFIX}"))
    gone = own[:-keep] if keep else []
    for path in gone:
        path.unlink()
    return gone


@contextmanager
def working_room() -> Iterator[Path]:
    """A folder only this account can read, for the plain dump; what a killed process left goes first."""
    for left in Path(settings.DATA_DIR).glob(f"{ROOM}*"):
        if not is_running(left.name.removeprefix(ROOM).partition("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=f"{ROOM}{os.getpid()}-") as room:
        yield Path(room)


def _pack(draft: Path, *, room: Path, now: datetime, on_step: OnStep) -> Manifest:
    database = own_database()
    keep_anchor(now=now)
    tables = database.dump(room / DUMP)
    on_step("加密写入备份文件")
    with packing(draft) as pack:
        pack.add_dump(room / DUMP)
        pack.add_kept(Path(settings.DATA_DIR))
        manifest = Manifest(
            format=FORMAT,
            engine=database.engine,
            taken_at=now.isoformat(),
            migrations=_newest_migrations(),
            tables=tables,
            files=pack.files,
        )
        pack.add_manifest(manifest)
    return manifest


def _newest_migrations() -> dict[str, str]:
    applied = MigrationLoader(connection).applied_migrations
    newest: dict[str, str] = {}
    for app, name in sorted(applied):
        newest[app] = max(name, newest.get(app, ""))
    return newest
