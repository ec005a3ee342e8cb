"""Anchors of the audit chain: its head, noted outside the database, so that a rewritten trail shows.

One line each in a file of the data folder: time, number and hash of the last entry, and a keyed check.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from liangxin.kernel.chain import HEAD
from liangxin.kernel.chain_links import anchor_mac, is_same
from liangxin.kernel.models import AuditHead

FILE = "audit-anchors"
PARTS = 4


class BadAnchor(ValueError):
    """What somebody typed is no anchor; the text says how one looks."""


@dataclass(frozen=True)
class Anchor:
    """The chain had `number` entries at `at`, and the last one had this hash."""

    at: str
    number: int
    hash: str

    @property
    def code(self) -> str:
        """What is noted on paper."""
        return f"{self.number}-{self.hash}"


def head_anchor(*, now: datetime) -> Anchor | None:
    """The chain's end as it stands; None while nothing was ever recorded."""
    head = AuditHead.objects.filter(pk=HEAD, number__gt=0).first()
    if head is None:
        return None
    at = timezone.localtime(now).isoformat(timespec="seconds")
    return Anchor(at=at, number=head.number, hash=head.hash)


def keep_anchor(*, now: datetime) -> Anchor | None:
    """Append the chain's end to the file, unless its last line says the same; returns it."""
    anchor = head_anchor(now=now)
    if anchor is None:
        return None
    kept, _ = read_anchors()
    if not kept or (kept[-1].number, kept[-1].hash) != (anchor.number, anchor.hash):
        _append(anchor)
    return anchor


def read_anchors() -> tuple[list[Anchor], list[int]]:
    """The anchors of the file, and the numbers of the lines that somebody else wrote or changed."""
    kept, forged = [], []
    path = anchors_path()
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, start=1):
        anchor = _anchor_of(line)
        if anchor is None:
            forged.append(number)
        else:
            kept.append(anchor)
    return kept, forged


def noted_anchor(code: str) -> Anchor:
    """The anchor that somebody noted on paper; raises BadAnchor."""
    number, _, hash_noted = code.strip().partition("-")
    if not number.isdecimal() or len(hash_noted) != 64:  # noqa: PLR2004 - SHA-256 in hex
        raise BadAnchor("校验点写成“编号-64 位校验码”，即 liangxin audit anchor 显示的那一行。")
    return Anchor(at="另外记下", number=int(number), hash=hash_noted.lower())


def anchors_path() -> Path:
    """Where the anchors are."""
    return Path(settings.DATA_DIR) / FILE


def _said(anchor: Anchor) -> str:
    return f"{anchor.at} {anchor.number} {anchor.hash}"


def _append(anchor: Anchor) -> None:
    path = anchors_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    # A killed process may have left half a line behind.
    is_torn = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" if is_torn else "")
        file.write(f"{_said(anchor)} {anchor_mac(_said(anchor))}\n")
        file.flush()
        os.fsync(file.fileno())


def _anchor_of(line: str) -> Anchor | None:
    parts = line.split(" ")
    if len(parts) != PARTS or not parts[1].isdecimal():
        return None
    anchor = Anchor(at=parts[0], number=int(parts[1]), hash=parts[2])
    return anchor if is_same(anchor_mac(_said(anchor)), parts[3]) else None
