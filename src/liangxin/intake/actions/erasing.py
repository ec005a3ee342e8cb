"""Copies of the ledger's rows that batches keep for their undoing, when a person is erased."""

from typing import Any

from liangxin.intake.models import DisplacedPack
from liangxin.intake.queries.row_packs import opened_json, sealed_json
from liangxin.registry.actions.retention import without_identifiers
from liangxin.registry.models import Person, Post

# Of each table that names people: the column that says who.
NAMING = {Person._meta.label: "id", Post._meta.label: "person_id"}


def forget_erased_persons() -> int:
    """Take the identifiers of erased persons out of the copies; returns how many copies changed.

    Safe to run again: copies that hold none of them are left as they are.
    """
    erased = set(Person.objects.filter(erased_date__isnull=False).values_list("pk", flat=True))
    if not erased:
        return 0
    changed = 0
    packs = DisplacedPack.objects.filter(table__in=NAMING).order_by("pk")
    for pack in packs.iterator(chunk_size=20):
        changed += _forget(pack, erased, column=NAMING[pack.table])
    return changed


def _forget(pack: DisplacedPack, erased: set[int], *, column: str) -> int:
    rows: list[dict[str, Any]] = opened_json(pack.sealed)
    kept = [without_identifiers(row) if row.get(column) in erased else row for row in rows]
    if kept == rows:
        return 0
    # Compared with what was read: a rotation of keys may have sealed it anew meanwhile.
    mine = DisplacedPack.objects.filter(pk=pack.pk, sealed=pack.sealed)
    return mine.update(sealed=sealed_json(kept))
