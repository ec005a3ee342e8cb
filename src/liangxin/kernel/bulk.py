"""Writing many rows in one short transaction: everything slow happens before the lock is taken.

SQLite lets one writer in at a time. Preparing 100,000 rows takes seconds (encryption, conversion).
So callers reserve ids, prepare tuples, stage them in a temporary table of their connection, and only
then open the transaction in which `PreparedRows.insert` copies them inside the database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections, models, transaction
from django.db.models import Value


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


@dataclass
class PreparedRows:
    """Rows of one table as database values, ready to insert."""

    table: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    staged: str = ""

    def stage(self) -> None:
        """Lay the rows in a temporary table that only this connection sees; takes no lock."""
        if not self.rows:
            return
        staged = f"staged_{self.table}"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {_quoted(staged)}")
            cursor.execute(
                f"CREATE TEMPORARY TABLE {_quoted(staged)} AS "
                f"SELECT {self._names()} FROM {_quoted(self.table)} WHERE 1 = 0"
            )
        self._send(staged)
        self.staged, self.rows = staged, []

    def insert(self) -> None:
        """Insert all rows; call inside the transaction that must hold them together."""
        if not self.staged:
            self._send(self.table)
            return
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {_quoted(self.table)} ({self._names()}) "
                f"SELECT {self._names()} FROM {_quoted(self.staged)}"
            )

    def clear(self) -> None:
        """Drop the temporary table of staged rows."""
        if self.staged:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {_quoted(self.staged)}")
            self.staged = ""

    def _send(self, table: str) -> None:
        if not self.rows:
            return
        marks = ", ".join(["%s"] * len(self.columns))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {_quoted(table)} ({self._names()}) VALUES ({marks})", self.rows
            )

    def _names(self) -> str:
        return ", ".join(_quoted(column) for column in self.columns)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def copy_rows(rows: models.QuerySet[Any], values: Mapping[str, Any]) -> int:
    """Insert a copy of every row, `values` (by column attribute) in place of its own; returns the number.

    The rows stay inside the database: nothing is read, unsealed or converted.
    """
    fields = [one for one in rows.model._meta.concrete_fields if not one.primary_key]
    kept = [one for one in fields if one.attname not in values]
    told = [one for one in fields if one.attname in values]
    named = {f"copied_{one.attname}": _constant(one, values[one.attname]) for one in told}
    found = rows.order_by().annotate(**named).values_list(*(one.attname for one in kept), *named)
    sql, params = found.query.sql_with_params()
    columns = ", ".join(_quoted(str(one.column)) for one in (*kept, *told))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_quoted(rows.model._meta.db_table)} ({columns}) {sql}", params
        )
        return int(cursor.rowcount)


def _constant(field: "models.Field[Any, Any]", value: Any) -> Value:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return Value(value, output_field=target)


def prepare_rows(model: type[models.Model], objects: Iterable[models.Model]) -> PreparedRows:
    """Database values of `objects` (which carry their primary keys), sealed and converted."""
    fields = model._meta.concrete_fields
    getters = [(field.attname, field.get_db_prep_save) for field in fields]
    # The connection itself: its stand-in costs a look-up for every value of every row.
    own = connections[connection.alias]
    rows = [
        tuple([prepare(getattr(item, name), connection=own) for name, prepare in getters])
        for item in objects
    ]
    columns = tuple(str(field.column) for field in fields)
    return PreparedRows(model._meta.db_table, columns, rows)
