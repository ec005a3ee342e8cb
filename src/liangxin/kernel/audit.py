"""The audit trail: one entry per action, written inside the action's transaction."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from liangxin.kernel.chain import append
from liangxin.kernel.models import AuditEntry, LedgerMark
from liangxin.kernel.remembering import forget, remembered
from liangxin.kernel.viewer import Viewer

MAX_SUMMARY = 300
EVERYWHERE = ""
# Before the name of a place: something is told differently there, but nothing stands otherwise than it stood.
ASIDE = "aside/"


def record(
    action: str,
    *,
    by: Viewer,
    summary: str,
    about: models.Model | None = None,
    details: Mapping[str, Any] | None = None,
    changes_ledger: bool = True,
    touches: Collection[str] = (),
) -> AuditEntry:
    """Append an entry; `details` names fields and counts, never sensitive values.

    `changes_ledger=False` says that the facts are what they were before. `touches` names the places outside
    which no figure can differ: none may be named of an action that changes the ledger, and all count
    as touched. An action that changes only who has what to do names EVERYWHERE itself.
    """
    said = {
        "at": timezone.now(),
        "by_id": by.user_id,
        "by_name": by.name or by.username,
        "action": action,
        "summary": summary[:MAX_SUMMARY],
        "object_kind": about._meta.label_lower if about is not None else "",
        "object_key": str(about.pk) if about is not None else "",
        "details": dict(details or {}),
        "changes_ledger": changes_ledger,
    }
    with transaction.atomic(savepoint=False):
        entry = append(said)
        if changes_ledger or touches:
            _mark(touches or (EVERYWHERE,), entry=entry)
    forget()
    return entry


def _mark(places: Collection[str], *, entry: AuditEntry) -> None:
    # The chain's head is locked: no older entry can overwrite a newer one's mark.
    LedgerMark.objects.bulk_create(
        [LedgerMark(place=place, entry=entry.pk) for place in sorted(set(places))],
        update_conflicts=True,
        unique_fields=("place",),
        update_fields=("entry",),
    )


def ledger_revision() -> int:
    """Grows with every action that changes the facts of the ledger: what was planned on them stays true."""
    changes = AuditEntry.objects.filter(changes_ledger=True).order_by("-id")
    newest = changes.values_list("id", flat=True)
    return remembered("ledger revision", lambda: newest.first() or 0)


def places_revision(places: Collection[str] | None, *, with_asides: bool = True) -> int:
    """Grows with every action that may change a figure of one of these places (None: of any).

    Without asides, not with those that only told something differently there. A request asks once: whatever
    it counts is then at least as new as the revision it is kept under.
    """
    key = ("revision", None if places is None else frozenset(places), with_asides)
    return remembered(key, lambda: _places_revision(places, with_asides=with_asides))


def _places_revision(places: Collection[str] | None, *, with_asides: bool) -> int:
    marks = LedgerMark.objects.all()
    if places is not None:
        asides = {f"{ASIDE}{place}" for place in places} if with_asides else set()
        marks = marks.filter(place__in={EVERYWHERE, *places, *asides})
    elif not with_asides:
        marks = marks.exclude(place__startswith=ASIDE)
    return int(marks.aggregate(newest=Max("entry"))["newest"] or 0)
