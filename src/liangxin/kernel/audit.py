"""The audit trail: one entry per action, written inside the action's transaction."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils import timezone

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
) -> AuditEntry:
    """Append an entry; `details` names fields and counts, never sensitive values."""
    return AuditEntry.objects.create(
        at=timezone.now(),
        by_id=by.user_id,
        by_name=by.name or by.username,
        action=action,
        summary=summary[:MAX_SUMMARY],
        object_kind=about._meta.label_lower if about is not None else "",
        object_key=str(about.pk) if about is not None else "",
        details=dict(details or {}),
    )


def ledger_revision() -> int:
    """A number that grows with every action: figures computed at one revision stay true for it."""
    newest = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first()
    return newest or 0
