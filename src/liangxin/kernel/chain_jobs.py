"""Asking for a look through the audit chain, and the last one that was made."""

from django.db import transaction

from liangxin.kernel.audit import record
from liangxin.kernel.jobs import enqueue, job_kind
from liangxin.kernel.models import Job, JobState
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer

VERIFY = job_kind("audit.verify")


def request_verification(*, by: Viewer) -> Job:
    """Queue a look through the whole chain; the one that is under way where there is one."""
    require(by, Permission.SEE_AUDIT)
    with transaction.atomic():
        running = Job.objects.filter(
            kind=VERIFY, state__in=(JobState.QUEUED, JobState.RUNNING)
        ).first()
        if running is not None:
            return running
        asked = enqueue(VERIFY, by=by, title="核对操作记录是否完整", arguments={})
        record("audit.verify", by=by, summary="核对操作记录是否完整", changes_ledger=False)
    return asked


def last_verification() -> Job | None:
    """The newest look that came to its end."""
    return Job.objects.filter(kind=VERIFY, state=JobState.DONE).order_by("-finished_at").first()
