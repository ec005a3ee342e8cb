"""Writing many rows in one short transaction: everything slow happens before the lock is taken.

SQLite lets one writer in at a time. Preparing 100,000 rows takes seconds (encryption, conversion);
inserting prepared tuples takes about one. So callers reserve ids, prepare tuples, and only then open
the transaction in which `PreparedRows.insert` runs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction


def reserve_ids(model: type[models.Model], count: int) -> range:
    """Primary keys that no other writer will be given; works ahead of the inserting transaction."""
    if count == 0:
        return range(0)
    if connection.vendor == "sqlite":
        first = _reserve_sqlite(model._meta.db_table, count)
        return range(first, first + count)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(s, nextval(s) + %s) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS s) q",
            [count - 1, f'"{model._meta.db_table}"'],
        )
        last = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


def _reserve_sqlite(table: str, count: int) -> int:
    # AUTOINCREMENT never reuses numbers up to sqlite_sequence.seq, so moving it reserves a block.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count]
            )
            return 1
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
        return int(row[0]) + 1


@dataclass(frozen=True)
class PreparedRows:
    """Rows of one table as database values, ready to insert."""

    table: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def insert(self) -> None:
        """Insert all rows; call inside the transaction that must hold them together."""
        if not self.rows:
            return
        names = ", ".join(connection.ops.quote_name(column) for column in self.columns)
        marks = ", ".join(["%s"] * len(self.columns))
        table = connection.ops.quote_name(self.table)
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", self.rows)


def prepare_rows(model: type[models.Model], objects: Iterable[models.Model]) -> PreparedRows:
    """Database values of `objects` (which carry their primary keys), sealed and converted."""
    fields = model._meta.concrete_fields
    getters = [(field.attname, field.get_db_prep_save) for field in fields]
    rows = [
        tuple(prepare(getattr(item, name), connection=connection) for name, prepare in getters)
        for item in objects
    ]
    columns = tuple(str(field.column) for field in fields)
    return PreparedRows(model._meta.db_table, columns, rows)
