"""Whether the audit chain is whole: every entry in its place and as it was written, the end included."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection

from liangxin.kernel import chain_guard
from liangxin.kernel.anchors import Anchor, read_anchors
from liangxin.kernel.chain import HEAD
from liangxin.kernel.chain_links import CHAINED, entry_hash, head_mac, is_same
from liangxin.kernel.models import AuditEntry, AuditHead

CHUNK = 2000
MOST_LISTED = 200
READ = (*CHAINED, "id", "previous_hash", "hash")
Row = Mapping[str, Any]
OnStep = Callable[[int, int], None]

CHANGED = "这一条的内容、编号或时间与记录时不一致：被改动过，或不是由本系统写入。"
MOVED = "这一条不在原来的位置：次序被调换过。"
UNLINKED = "这一条与上一条接不上：两条之间被增删或调换过。"
MISSING = "编号 {first} 至 {last} 的 {count} 条被删除。"
NO_HEAD = "链头的记录被删除。"
HEAD_FORGED = "链头的记录被改动过。"
CUT_OFF = "末尾少了 {count} 条：编号 {first} 至 {last} 被删除。"
BEYOND = "链头之后多出 {count} 条，不是由本系统写入。"
NOT_AS_ANCHORED = "与 {at} 留存的校验点不一致：校验点以前的记录被整体改写过。"
ANCHOR_AHEAD = (
    "{at} 留存校验点时有 {number} 条，现在只有 {found} 条：之后的被删除，或数据库退回了旧版本。"
)
ANCHOR_FORGED = "校验点文件的第 {line} 行被改动过。"
UNGUARDED = "数据库里防止改动操作记录的触发器不在：请运行 liangxin migrate 重新建立。"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong; number, time and summary where it is about one entry."""

    words: str
    number: int | None = None
    at: datetime | None = None
    summary: str = ""


@dataclass(kw_only=True)
class Verification:
    """What a look through the whole chain found; at most MOST_LISTED faults are listed."""

    entries: int = 0
    fault_count: int = 0
    faults: list[Fault] = field(default_factory=list)
    last_number: int = 0
    last_hash: str = ""
    anchors: int = 0

    @property
    def is_whole(self) -> bool:
        return self.fault_count == 0

    def add(self, fault: Fault) -> None:
        self.fault_count += 1
        if len(self.faults) < MOST_LISTED:
            self.faults.append(fault)


def verified_chain(
    *, noted: tuple[Anchor, ...] = (), on_step: OnStep | None = None
) -> Verification:
    """Look through every entry, oldest first, in constant memory; `noted` are anchors kept outside.

    Entries that others append meanwhile are looked at as well. Raises WrongKey without the chain's key.
    """
    found = Verification()
    head = AuditHead.objects.filter(pk=HEAD).first()
    anchors, forged = read_anchors()
    known = {anchor.number: anchor for anchor in chain(anchors, noted)}
    for line in forged:
        found.add(Fault(words=ANCHOR_FORGED.format(line=line)))
    _walk(found, known=known, total=head.number if head else 0, on_step=on_step)
    _check_end(found, begun=head)
    _check_unmet(found, known=known)
    if not chain_guard.is_installed(connection):
        found.add(Fault(words=UNGUARDED))
    return found


def _walk(
    found: Verification, *, known: Mapping[int, Anchor], total: int, on_step: OnStep | None
) -> None:
    last: Row | None = None
    was_sound = True
    for row in _rows():
        found.entries += 1
        was_sound = _check_entry(row, after=last, was_sound=was_sound, found=found)
        anchor = known.get(row["number"])
        if anchor is not None:
            found.anchors += 1
            if was_sound and not is_same(anchor.hash, row["hash"]):
                found.add(_about(row, NOT_AS_ANCHORED.format(at=anchor.at)))
        last = row
        if on_step is not None and found.entries % CHUNK == 0:
            on_step(found.entries, max(total, found.entries))
    if last is not None:
        found.last_number, found.last_hash = last["number"], last["hash"]


def _rows() -> Iterator[Row]:
    yield from AuditEntry.objects.order_by("number").values(*READ).iterator(chunk_size=CHUNK)


def _check_entry(row: Row, *, after: Row | None, was_sound: bool, found: Verification) -> bool:
    """Tell what is wrong with an entry that comes after `after`; True where it is as it was written."""
    number, hash_before = (after["number"], after["hash"]) if after else (0, "")
    if row["number"] > number + 1:
        missing = row["number"] - number - 1
        words = MISSING.format(first=number + 1, last=row["number"] - 1, count=missing)
        found.add(_about(row, words))
    is_sound = is_same(entry_hash(row, previous=row["previous_hash"]), row["hash"])
    if not is_sound:
        is_moved = after is not None and row["id"] < after["id"]
        found.add(_about(row, MOVED if is_moved else CHANGED))
    elif row["number"] == number + 1 and was_sound and row["previous_hash"] != hash_before:
        found.add(_about(row, UNLINKED))
    elif after is not None and row["id"] < after["id"]:
        found.add(_about(row, MOVED))
    return is_sound


def _about(row: Row, words: str) -> Fault:
    return Fault(words=words, number=row["number"], at=row["at"], summary=row["summary"])


def _check_end(found: Verification, *, begun: AuditHead | None) -> None:
    # Read again: entries that were appended during the walk moved it on.
    head = AuditHead.objects.filter(pk=HEAD).first()
    if head is None:
        if begun is not None or found.entries:
            found.add(Fault(words=NO_HEAD))
        return
    if not is_same(head_mac(head.number, head.hash), head.mac):
        found.add(Fault(words=HEAD_FORGED))
        return
    newest = AuditEntry.objects.order_by("-number").values_list("number", "hash").first()
    number, last_hash = newest or (0, "")
    if number < head.number:
        words = CUT_OFF.format(count=head.number - number, first=number + 1, last=head.number)
        found.add(Fault(words=words))
    elif number > head.number and not _moved_on(head):
        found.add(Fault(words=BEYOND.format(count=number - head.number)))
    elif number == head.number and last_hash != head.hash and found.is_whole:
        found.add(Fault(words=HEAD_FORGED))


def _moved_on(head: AuditHead) -> bool:
    """Whether somebody appended between two looks."""
    return AuditHead.objects.filter(pk=HEAD, number__gt=head.number).exists()


def _check_unmet(found: Verification, *, known: Mapping[int, Anchor]) -> None:
    for anchor in known.values():
        if anchor.number > found.last_number:
            told = {"at": anchor.at, "number": anchor.number, "found": found.last_number}
            found.add(Fault(words=ANCHOR_AHEAD.format(**told)))
