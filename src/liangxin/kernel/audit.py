"""The audit trail: one entry per action, written inside the action's transaction."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils import timezone

from liangxin.kernel.chain import append
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import Viewer

MAX_SUMMARY = 300


def record(
    action: str,
    *,
    by: Viewer,
    summary: str,
    about: models.Model | None = None,
    details: Mapping[str, Any] | None = None,
    changes_ledger: bool = True,
) -> AuditEntry:
    """Append an entry; `details` names fields and counts, never sensitive values.

    `changes_ledger=False` says that no figure can differ after the action.
    """
    return append(
        {
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
    )


def ledger_revision() -> int:
    """Grows with every action that changes the ledger: figures of one revision stay true for it."""
    changes = AuditEntry.objects.filter(changes_ledger=True).order_by("-id")
    return changes.values_list("id", flat=True).first() or 0
