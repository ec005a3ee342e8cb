"""Backup and restore of the embedded database."""

import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from liangxin.config.backups.refusals import DamagedCopy, DatabaseInUse

PAGES_AT_ONCE = 4096
IN_USE = "数据库正被另一个程序使用：请先停止网站和后台任务，再恢复。"


class SqliteDatabase:
    """The database file at `path`, in WAL mode."""

    engine = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path

    def dump(self, target: Path) -> Mapping[str, str]:
        """A consistent copy while others go on writing (SQLite's own backup interface)."""
        with (
            closing(sqlite3.connect(self.path)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.execute("BEGIN")  # else a busy writer would make the copy start again and again
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(copy, pages=PAGES_AT_ONCE)
        return self.fingerprints(f"sqlite:///{target}")

    @contextmanager
    def rehearsed(self, dump: Path) -> Iterator[str]:
        """The copy is a database itself; a scratch one keeps WAL files away from it."""
        with tempfile.TemporaryDirectory(dir=dump.parent) as folder:
            scratch = Path(folder) / "rehearsal.sqlite3"
            with closing(sqlite3.connect(dump)) as source, closing(sqlite3.connect(scratch)) as to:
                source.backup(to)
            yield f"sqlite:///{scratch}"

    def fingerprints(self, url: str) -> Mapping[str, str]:
        """Rows of each table; raises DamagedCopy where SQLite finds its own structure broken."""
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            # Constraints use it, and SQLite has none of its own.
            database.create_function("REGEXP", 2, _matches, deterministic=True)
            try:
                _refuse_damage(database)
                return {name: str(_rows(database, name)) for name in _tables(database)}
            except sqlite3.DatabaseError as error:
                raise DamagedCopy(f"数据库文件已损坏：{error}") from error

    def is_empty(self) -> bool:
        if not self.path.exists():
            return True
        with closing(sqlite3.connect(self.path)) as database:
            return not _tables(database)

    def refuse_others(self) -> None:
        """Leaving WAL mode succeeds only for the sole user of the file, and folds the WAL file in."""
        if not self.path.exists():
            return
        connection.close()
        with closing(sqlite3.connect(self.path, timeout=1)) as database:
            try:
                mode = database.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
            except sqlite3.OperationalError as error:
                raise DatabaseInUse(IN_USE) from error
        if mode != "delete":
            raise DatabaseInUse(IN_USE)

    def replace(self, dump: Path) -> None:
        """One rename: a crash leaves the old file or the new one."""
        connection.close()
        draft = self.path.with_name(f"{self.path.name}.restoring")
        draft.unlink(missing_ok=True)
        with closing(sqlite3.connect(dump)) as source, closing(sqlite3.connect(draft)) as to:
            source.backup(to)
        descriptor = os.open(draft, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self.refuse_others()
        draft.replace(self.path)


def _matches(pattern: str, text: str | None) -> bool | None:
    return None if text is None else re.search(pattern, str(text)) is not None


def _tables(database: sqlite3.Connection) -> list[str]:
    found = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%'"
        " ESCAPE '\\' ORDER BY name"
    )
    return [str(name) for (name,) in found]


def _rows(database: sqlite3.Connection, table: str) -> int:
    return int(database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])


def _refuse_damage(database: sqlite3.Connection) -> None:
    said = database.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        raise DamagedCopy(f"数据库文件已损坏：{said}")
    broken = database.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise DamagedCopy(f"数据库中有断开的引用：{broken[0]}")
