"""Cleaned rows as sealed packs: a few hundred rows compressed and encrypted together."""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from heapq import merge
from typing import Any

from liangxin.intake.models import RowPack, SheetReading
from liangxin.intake.terms import PackContent
from liangxin.kernel.encryption import seal, unseal
from liangxin.workbook.kinds import Column, ListKind

ROWS_PER_PACK = 500
DATE_TYPES = frozenset({"date", "past_date"})


@dataclass(frozen=True, slots=True)
class PackedRow:
    """A clean row: its Excel number, values by column code (blank ones absent), texts as they came."""

    number: int
    values: dict[str, Any]
    raw: Sequence[str]


def sealed_json(content: Any) -> bytes:
    """`content` as JSON, compressed and sealed; dates and decimals become text."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str)
    return seal(zlib.compress(text.encode(), 1))


def opened_json(sealed: bytes | memoryview) -> Any:
    """What `sealed_json` sealed."""
    return json.loads(zlib.decompress(unseal(bytes(sealed))))


def packed_rows(rows: Iterable[PackedRow], *, kind: ListKind) -> bytes:
    """Rows of one kind of list, sealed together."""
    codes = [column.code for column in kind.columns]
    return sealed_json(
        [[row.number, [row.values.get(code) for code in codes], row.raw] for row in rows]
    )


def unpacked_rows(sealed: bytes | memoryview, *, kind: ListKind) -> Iterator[PackedRow]:
    """The rows that `packed_rows` sealed, dates, money and names restored to their types."""
    codes = [column.code for column in kind.columns]
    restorers = [(c.code, restore) for c in kind.columns if (restore := _restorer(c))]
    for number, values, raw in opened_json(sealed):
        row = {code: value for code, value in zip(codes, values, strict=True) if value is not None}
        for code, restore in restorers:
            if code in row:
                row[code] = restore(row[code])
        yield PackedRow(number, row, raw)


def _restorer(column: Column) -> Any:
    if column.type in DATE_TYPES:
        return date.fromisoformat
    if column.type == "money_wan":
        return Decimal
    return tuple if column.type == "names" else None


def staged_rows(sheet: SheetReading, *, kind: ListKind) -> Iterator[PackedRow]:
    """Every clean row of a sheet by its number, mended ones in place of what they were."""
    mended = {
        row.number: row
        for pack in RowPack.objects.filter(sheet=sheet, content=PackContent.MENDED)
        for row in unpacked_rows(pack.sealed, kind=kind)
    }
    untouched = (row for row in _clean_rows(sheet, kind) if row.number not in mended)
    return merge(untouched, sorted(mended.values(), key=_number), key=_number)


def _clean_rows(sheet: SheetReading, kind: ListKind) -> Iterator[PackedRow]:
    """The rows that were clean from the start, a few packs in memory at a time."""
    packs = RowPack.objects.filter(sheet=sheet, content=PackContent.ROWS).order_by("position")
    for pack in packs.iterator(chunk_size=20):
        yield from unpacked_rows(pack.sealed, kind=kind)


def _number(row: PackedRow) -> int:
    return row.number
