"""Appending to the audit chain: one entry after the other, whoever writes at the same time."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from liangxin.kernel.chain_links import entry_hash, head_mac
from liangxin.kernel.encryption import oldest_key_id
from liangxin.kernel.models import AuditEntry, AuditHead
from liangxin.kernel.permissions import NotAllowed

HEAD = 1
RESTART = "服务器的密钥已经更换，这个程序还在用旧的：请管理员重新启动网站和后台任务后再办理。"


class StaleKeys(NotAllowed):
    """This process was started before a key was retired: what it wrote could not be found again."""


def append(said: Mapping[str, Any]) -> AuditEntry:
    """Add an entry to the end of the chain; nobody else can until the caller's transaction ends.

    So it is best the last thing that a transaction does.
    """
    with transaction.atomic(savepoint=False):
        head = _held_head()
        told = {**said, "number": head.number + 1}
        link = entry_hash(told, previous=head.hash)
        entry = AuditEntry.objects.create(**told, previous_hash=head.hash, hash=link)
        AuditHead.objects.filter(pk=HEAD).update(
            number=entry.number, hash=link, mac=head_mac(entry.number, link)
        )
    return entry


def _held_head() -> AuditHead:
    """The head, locked until the transaction ends."""
    locked = AuditHead.objects.select_for_update()
    head = locked.filter(pk=HEAD).first()
    if head is None:
        AuditHead.objects.bulk_create([_new_head()], ignore_conflicts=True)
        head = locked.get(pk=HEAD)
    if head.key_id != oldest_key_id():
        raise StaleKeys(RESTART)
    return head


def _new_head() -> AuditHead:
    # Only an empty trail has no head. Where somebody removed it the break must show: the next entry
    # follows no hash, which verification finds.
    number = AuditEntry.objects.aggregate(last=Max("number"))["last"] or 0
    return AuditHead(pk=HEAD, number=number, mac=head_mac(number, ""), key_id=oldest_key_id())
