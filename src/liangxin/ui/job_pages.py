"""The page of a job, which polls until the job is finished, and the button that cancels it."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liangxin.kernel.jobs import request_cancel
from liangxin.kernel.models import Job
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.kernel.viewer import Viewer

STOP_POLLING = 286


@page(Permission.SEE_JOBS)
@never_cache
def job(request: ViewerRequest, job_id: int) -> HttpResponse:
    """A job the viewer started; as an htmx fragment its last answer ends the polling."""
    found = get_object_or_404(_own_jobs(request.viewer), pk=job_id)
    if not getattr(request, "htmx", None):
        return render(request, "ui/job.html", {"job": found})
    status = STOP_POLLING if found.is_finished else 200
    return render(request, "ui/_job.html", {"job": found}, status=status)


@page(Permission.SEE_JOBS)
@require_POST
def cancel_job(request: ViewerRequest, job_id: int) -> HttpResponse:
    """Ask a job the viewer started to stop."""
    found = get_object_or_404(_own_jobs(request.viewer), pk=job_id)
    request_cancel(found.pk)
    return redirect("job", job_id=found.pk)


def _own_jobs(viewer: Viewer) -> QuerySet[Job]:
    # A job's arguments and result may speak of what lies outside somebody else's scope.
    if viewer.sees_district():
        return Job.objects.all()
    return Job.objects.filter(created_by_id=viewer.user_id)
