"""Retiring a key that may have leaked: nothing that is kept may depend on it any more.

Blind indexes and the audit chain are derived from the oldest key. Retiring it derives them anew from
the oldest key that stays, in one transaction, so that the old key can be taken out of the settings.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from liangxin.kernel import chain_guard
from liangxin.kernel.anchors import Anchor, anchors_path, head_anchor
from liangxin.kernel.audit import record
from liangxin.kernel.chain import HEAD
from liangxin.kernel.chain_check import Verification, verified_chain
from liangxin.kernel.chain_links import CHAINED, entry_hash, head_mac
from liangxin.kernel.encryption import blind_index, key_ids, oldest_key_id
from liangxin.kernel.models import AuditEntry, AuditHead
from liangxin.kernel.rekeying import keys_in_use
from liangxin.kernel.viewer import SYSTEM

CHUNK = 2000
OnStep = Callable[[int, int, str], None]


class CannotRetire(Exception):
    """The key cannot be retired; the text says why and what to do, in Chinese."""


class BrokenChain(CannotRetire):
    """The audit trail is not whole: hashing it anew would cover the traces."""


@dataclass(frozen=True)
class Retired:
    """The chain's end before and after, to be noted down, and how many indexes were made anew."""

    before: Anchor | None
    after: Anchor | None
    indexes: int


def retire_key(
    key_id: str, *, now: datetime, despite_faults: bool = False, on_step: OnStep | None = None
) -> Retired:
    """Derive from the keys that stay whatever was derived from `key_id`; raises CannotRetire, BrokenChain.

    Run `reseal_everything` first: a value that still carries the key is a reason to refuse.
    """
    stays = _key_that_stays(key_id)
    _refuse_carried(key_id)
    if stays is None:
        return Retired(before=None, after=None, indexes=0)
    found = verified_chain(on_step=_noted(on_step, "核对操作记录"))
    if not found.is_whole and not despite_faults:
        raise BrokenChain(
            f"操作记录有 {found.fault_count} 处问题，先用 liangxin audit verify 查明；"
            "查明并另行留存后仍要更换的，加 --despite-faults。"
        )
    before = head_anchor(now=now)
    with transaction.atomic():
        record(
            "keys.retire",
            by=SYSTEM,
            summary=f"停用密钥“{key_id}”，重算身份证索引和操作记录校验码",
            details={"key": key_id, "faults_before": found.fault_count},
            changes_ledger=False,
        )
        indexes = _index_anew(stays, on_step=on_step)
        _chain_anew(stays, found=found, on_step=on_step)
    # Its lines speak of hashes that no longer exist.
    if anchors_path().exists():
        anchors_path().replace(anchors_path().with_name(f"{anchors_path().name}.{key_id}"))
    return Retired(before=before, after=head_anchor(now=now), indexes=indexes)


def _key_that_stays(key_id: str) -> str | None:
    """The oldest key that stays; None where nothing was derived from the one that goes."""
    held = key_ids()
    if key_id not in held:
        raise CannotRetire(f"没有编号为“{key_id}”的密钥，现有：{'、'.join(held)}。")
    if len(held) == 1:
        raise CannotRetire("只有一个密钥：先在 LIANGXIN_FIELD_KEYS 最前面加一个新的，再停用旧的。")
    if key_id == held[0]:
        raise CannotRetire("这是最新的密钥，新内容正用它加密：先在最前面加一个新的。")
    head = AuditHead.objects.filter(pk=HEAD).first()
    derived_from = head.key_id if head else oldest_key_id()
    if derived_from != key_id:
        return None
    return [held_id for held_id in held if held_id != key_id][-1]


def _refuse_carried(key_id: str) -> None:
    carried = {place: used[key_id] for place, used in keys_in_use().items() if used[key_id]}
    if carried:
        shown = "、".join(f"{place} {count} 处" for place, count in carried.items())
        raise CannotRetire(
            f"还有内容用密钥“{key_id}”加密（{shown}）：先运行 liangxin keys rotate。"
        )


def _index_anew(key_id: str, *, on_step: OnStep | None) -> int:
    """Make the blind indexes anew of the values they stand for, rows in the order of their keys."""
    made = 0
    for model in apps.get_models():
        for index, source in getattr(model, "blind_indexes", {}).items():
            made += _index_model(model, index, source, key_id=key_id, on_step=on_step)
    return made


def _index_model(
    model: type[models.Model], index: str, source: str, *, key_id: str, on_step: OnStep | None
) -> int:
    rows = model._base_manager.exclude(**{index: None}).only("pk", index, source)
    total, last, made = rows.count(), 0, 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        for row in batch:
            setattr(row, index, blind_index(getattr(row, source), key_id=key_id))
        model._base_manager.bulk_update(batch, [index])
        last, made = batch[-1].pk, made + len(batch)
        _noted(on_step, "重算索引")(made, total)
    return made


def _chain_anew(key_id: str, *, found: Verification, on_step: OnStep | None) -> None:
    """Hash every entry anew; the database's guard is off only within this transaction."""
    chain_guard.remove(connection)
    previous, last, number = "", 0, 0
    entries = AuditEntry.objects.order_by("number")
    while batch := list(entries.filter(number__gt=last).values(*CHAINED)[:CHUNK]):
        links = []
        for said in batch:
            link = entry_hash(said, previous=previous, key_id=key_id)
            links.append((previous, link, said["number"]))
            previous, number = link, said["number"]
        _write_links(links)
        last = number
        _noted(on_step, "重算操作记录")(number, max(found.entries, number))
    AuditHead.objects.filter(pk=HEAD).update(
        number=number,
        hash=previous,
        mac=head_mac(number, previous, key_id=key_id),
        key_id=key_id,
    )
    chain_guard.install(connection)


def _write_links(links: list[tuple[str, str, Any]]) -> None:
    told = f"UPDATE {AuditEntry._meta.db_table} SET previous_hash = %s, hash = %s WHERE number = %s"
    with connection.cursor() as cursor:
        cursor.executemany(told, links)


def _noted(on_step: OnStep | None, note: str) -> Callable[[int, int], None]:
    return lambda done, total: on_step(done, total, note) if on_step else None
