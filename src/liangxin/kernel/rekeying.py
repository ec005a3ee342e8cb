"""Sealing everything anew under the newest key, in small steps, while the site goes on working.

Safe to stop at any moment and to begin again: what already carries the newest key is passed over.
"""

import base64
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from liangxin.kernel.blobs import replace_durably
from liangxin.kernel.encryption import WrongKey, key_id_of, key_ids, seal, unseal
from liangxin.kernel.fields import EncryptedTextField, SealedBytesField
from liangxin.kernel.models import Blob

BATCH = 500
KEY_SAMPLE = "key-sample"
OnStep = Callable[[int, int, str], None]


@dataclass(frozen=True)
class SealedColumn:
    """A column of the database that holds sealed values."""

    model: type[models.Model]
    column: str
    is_text: bool

    @property
    def title(self) -> str:
        return f"{self.model._meta.label_lower}.{self.column}"


@dataclass
class Resealing:
    """What one run did: how much was sealed anew or carried the newest key, and what cannot be opened."""

    resealed: int = 0
    kept: int = 0
    unopened: Counter[str] = field(default_factory=Counter)


def sealed_columns() -> list[SealedColumn]:
    """Every sealed column of every model, found by the class of its field."""
    return [
        SealedColumn(model, str(column.column), isinstance(column, EncryptedTextField))
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
        for column in model._meta.local_concrete_fields
        if isinstance(column, EncryptedTextField | SealedBytesField)
    ]


def sealed_files() -> list[Path]:
    """Every sealed file of the data folder: kept ones, and the sample that tells wrong keys."""
    folder = Path(settings.BLOB_DIR)
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".part")
    sample = Path(settings.DATA_DIR) / KEY_SAMPLE
    return [*found, sample] if sample.exists() else found


def keys_in_use(*, on_step: OnStep | None = None) -> dict[str, Counter[str]]:
    """How many values of each column, and files, carry which key; a place without any is left out."""
    used: dict[str, Counter[str]] = {}
    for column in sealed_columns():
        counted: Counter[str] = Counter()
        for batch in _batches(column):
            counted.update(key_id_of(_bytes(sealed)) for _, sealed in batch)
            _step(on_step, counted.total(), counted.total(), column.title)
        used[column.title] = counted
    used["files"] = Counter(_key_of_file(path) for path in sealed_files())
    return {place: counted for place, counted in used.items() if counted}


def reseal_everything(*, on_step: OnStep | None = None) -> Resealing:
    """Seal every value and file under the newest key; what no key opens is counted and left as it is."""
    done = Resealing()
    columns = sealed_columns()
    totals = [_size(column) for column in columns]
    files = sealed_files()
    total, before = sum(totals) + len(files), 0
    for column, size in zip(columns, totals, strict=True):
        for batch in _batches(column):
            _reseal_batch(column, batch, done)
            before += len(batch)
            _step(on_step, min(before, total), total, column.title)
        before = max(before, size)
    for path in files:
        _reseal_file(path, done)
        before += 1
        _step(on_step, min(before, total), total, "files")
    return done


def _step(on_step: OnStep | None, done: int, total: int, note: str) -> None:
    if on_step is not None:
        on_step(done, total, note)


def _size(column: SealedColumn) -> int:
    return column.model._base_manager.count()


def _batches(column: SealedColumn) -> Iterator[list[tuple[Any, Any]]]:
    """Rows with a value in the column, as the database has it, in the order of their keys."""
    table, key, name = _names(column)
    empty = f"AND {name} <> ''" if column.is_text else ""
    asked = (
        f"SELECT {key}, {name} FROM {table} "
        f"WHERE {name} IS NOT NULL {empty} AND {key} > %s ORDER BY {key} LIMIT {BATCH}"
    )
    last: Any = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(asked, [last])
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _reseal_batch(column: SealedColumn, batch: list[tuple[Any, Any]], done: Resealing) -> None:
    newest = key_ids()[0]
    changes = []
    for key, stored in batch:
        sealed = _bytes(stored)
        if key_id_of(sealed) == newest:
            done.kept += 1
            continue
        try:
            changes.append((_as_stored(seal(unseal(sealed)), column), key, stored))
        except WrongKey:
            done.unopened[column.title] += 1
    done.resealed += _exchange(column, changes)


def _exchange(column: SealedColumn, changes: list[tuple[Any, Any, Any]]) -> int:
    # Compared with what was read: a value that somebody changed meanwhile stays as they left it, and
    # they sealed it with the newest key.
    table, key, name = _names(column)
    told = f"UPDATE {table} SET {name} = %s WHERE {key} = %s AND {name} = %s"
    exchanged = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for change in changes:
            cursor.execute(told, change)
            exchanged += cursor.rowcount
    return exchanged


def _names(column: SealedColumn) -> tuple[str, str, str]:
    quote = connection.ops.quote_name
    meta = column.model._meta
    return (
        quote(meta.db_table),
        quote(str(meta.pk.column if meta.pk else "id")),
        quote(column.column),
    )


def _bytes(stored: Any) -> bytes:
    return base64.b64decode(stored) if isinstance(stored, str) else bytes(stored)


def _as_stored(sealed: bytes, column: SealedColumn) -> str | bytes:
    return base64.b64encode(sealed).decode() if column.is_text else sealed


def _key_of_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return key_id_of(file.read(64))
    except FileNotFoundError:  # expired since it was listed
        return key_ids()[0]


def _reseal_file(path: Path, done: Resealing) -> None:
    if _key_of_file(path) == key_ids()[0]:
        done.kept += 1
        return
    try:
        replace_durably(path, seal(unseal(path.read_bytes())))
        done.resealed += 1
    except FileNotFoundError:
        return
    except WrongKey:
        done.unopened["files"] += 1
    # It may have expired while it was sealed anew; what is gone must not come back.
    if Blob.objects.filter(key=path.name, expires_at__lte=timezone.now()).exists():
        os.unlink(path)
