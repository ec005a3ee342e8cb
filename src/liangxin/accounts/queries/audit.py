"""What the audit trail shows to whom."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from liangxin.accounts.terms import ACCOUNT_ACTIONS
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer


def audit_entries(viewer: Viewer) -> QuerySet[AuditEntry]:
    """Entries the viewer may read, newest first.

    The district office reads all; an administrator, who sees no facts, what was done to accounts.
    """
    if not may(viewer, Permission.SEE_AUDIT):
        return AuditEntry.objects.none()
    entries = AuditEntry.objects.order_by("-id")
    return entries if viewer.sees_district() else entries.filter(action__in=ACCOUNT_ACTIONS)


def within_days(days: int, *, today: date) -> Q:
    """A condition on AuditEntry: it happened today or in the `days` - 1 days before."""
    return Q(at__date__gt=today - timedelta(days=days))
