"""Restoring a backup: everything is checked before one single step replaces what is there."""

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from liangxin.config.backups.contents import DATA, DUMP, unpack
from liangxin.config.backups.databases import own_database
from liangxin.config.backups.manifest import Manifest, UnknownManifest
from liangxin.config.backups.refusals import NotEmpty, WrongEngine
from liangxin.config.backups.rehearsing import refuse_unlike
from liangxin.config.backups.taking import OnStep, take_backup, working_room
from liangxin.kernel import audit
from liangxin.kernel.models import Blob
from liangxin.kernel.viewer import Viewer

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def restore_backup(
    backup: Path, *, by: Viewer, now: datetime, may_replace: bool, on_step: OnStep
) -> Manifest:
    """Let a backup take the place of what this deployment holds; raises before anything was touched.

    What was there is backed up first, beside the given file. The site and the worker must be stopped.
    """
    data_dir = Path(settings.DATA_DIR)
    data_dir.mkdir(parents=True, exist_ok=True)
    database = own_database()
    is_empty = database.is_empty()
    if not is_empty and not may_replace:
        raise NotEmpty(
            "这里已经有数据：确认要用备份替换时，加 --replace（现有数据会先另存一份备份）。"
        )
    database.refuse_others()
    with working_room() as room:
        on_step("打开备份")
        manifest = unpack(backup, into=room)
        _refuse_unfit(manifest, engine=database.engine)
        on_step("试恢复并核对")
        refuse_unlike(room, manifest=manifest, database=database)
        if not is_empty:
            on_step("另存现有数据")
            # It need not be rehearsed to be kept: the present data is what it is.
            take_backup(backup.parent, by=by, now=now, is_verified=False, on_step=lambda _: None)
            database.refuse_others()
        on_step("写入")
        _copy_kept(room / DATA, data_dir)
        database.replace(room / DUMP)
    _settle(backup, by=by)
    return manifest


def _refuse_unfit(manifest: Manifest, *, engine: str) -> None:
    if manifest.engine != engine:
        raise WrongEngine(
            f"这是 {ENGINES.get(manifest.engine, manifest.engine)} 的备份，"
            f"这里用的是 {ENGINES[engine]}：请把 LIANGXIN_DATABASE_URL 指向同类的数据库。"
        )
    known = MigrationLoader(None).disk_migrations
    unknown = [
        f"{app}.{name}" for app, name in manifest.migrations.items() if (app, name) not in known
    ]
    if unknown:
        raise UnknownManifest(f"备份由更新的版本生成，请先升级程序再恢复（这里没有 {unknown[0]}）")


def _copy_kept(source: Path, target: Path) -> None:
    """Kept files have random names: adding those of the backup overwrites none of the present ones."""
    for path in sorted(source.rglob("*")):
        if not path.is_file():
            continue
        final = target / path.relative_to(source)
        final.parent.mkdir(parents=True, exist_ok=True)
        draft = final.with_suffix(".part")
        draft.write_bytes(path.read_bytes())
        draft.replace(final)


def _settle(backup: Path, *, by: Viewer) -> None:
    """Bring an older database to this version, and remove files that the restored one does not know."""
    connection.close()
    call_command("migrate", interactive=False, verbosity=0)
    _remove_unknown_files()
    audit.record(
        "backup.restore",
        by=by,
        summary=f"从备份“{backup.name}”恢复",
        details={"file": backup.name},
    )


def _remove_unknown_files() -> None:
    known = set(Blob.objects.values_list("key", flat=True))
    folder = Path(settings.BLOB_DIR)
    for path in folder.rglob("*") if folder.is_dir() else ():
        if path.is_file() and path.name not in known:
            os.unlink(path)
