"""The long steps of reports, run by the worker; each is safe to run again from its start."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from liangxin.accounts.queries import viewer_of
from liangxin.insight.actions.reports import FILL, fill
from liangxin.insight.models import Report
from liangxin.kernel.jobs import JobRefused, Progress, job
from liangxin.kernel.models import User


@job(FILL)
def fill_report(progress: Progress, *, report: int, user: int) -> dict[str, Any]:
    """Fill a report; one that a killed worker had filled already is left alone."""
    found = Report.objects.select_related("version__template").filter(pk=report).first()
    if found is None:
        raise JobRefused("这份报表已被删除。")
    # As of now: a role that was taken away while the job waited no longer counts.
    by = viewer_of(User.objects.get(pk=user), at=timezone.localdate())
    fill(found, by=by, progress=progress)
    return {"message": "报表已生成。", "url": reverse("report", args=(report,))}
