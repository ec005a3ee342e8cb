"""Long work that somebody started and that is not finished; only its starter sees how far it is."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from liangxin.kernel.catalogue import Handover
from liangxin.kernel.models import Job, JobState


def _unfinished(user_id: int) -> QuerySet[Any]:
    found = Job.objects.filter(created_by_id=user_id, state__in=(JobState.QUEUED, JobState.RUNNING))
    return found.order_by("pk")


def _label(job: Job) -> str:
    day = timezone.localtime(job.created_at).date()
    return f"第{job.pk}项，{day} 提交，{job.get_state_display()}"


HANDOVER = Handover(
    code="kernel.jobs",
    title="还在排队或处理中的工作",
    open_rows=_unfinished,
    owner="created_by",
    label=_label,
)


def run_as(*, user_id: int, instead_id: int) -> None:
    """Let queued work of one account run with the roles of another.

    The first account's roles may be gone when a worker comes to it: the work would be refused and lost.
    """
    for job in _unfinished(user_id):
        if job.arguments.get("user") == user_id:
            told = {**job.arguments, "user": instead_id}
            Job.objects.filter(pk=job.pk).update(arguments=told)
