"""What a backup asks of a database, and which one this deployment has."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from django.db import connection

from liangxin.config.backups.postgres_database import PostgresDatabase
from liangxin.config.backups.sqlite_database import SqliteDatabase


class Database(Protocol):
    """One of the two databases, as the backup sees it."""

    engine: str

    def dump(self, target: Path) -> Mapping[str, str]:
        """Write a consistent copy to `target`; returns the fingerprint of each table in it."""

    def rehearsed(self, dump: Path) -> AbstractContextManager[str]:
        """Yield the address of a scratch database restored from `dump`, gone afterwards."""

    def fingerprints(self, url: str) -> Mapping[str, str]:
        """Check the database at `url` as far as it can check itself, and fingerprint its tables."""

    def is_empty(self) -> bool:
        """Whether nothing was ever written to it."""

    def refuse_others(self) -> None:
        """Raise DatabaseInUse while another program uses it."""

    def replace(self, dump: Path) -> None:
        """Let the contents of `dump` take the place of everything there is, in one step."""


def own_database() -> Database:
    """The database of this deployment."""
    if connection.vendor == "postgresql":
        return PostgresDatabase()
    return SqliteDatabase(Path(connection.settings_dict["NAME"]))
