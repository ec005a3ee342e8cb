"""Batches that an officer has not settled yet; only their uploader and the district may open them."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from liangxin.intake.models import Batch
from liangxin.intake.terms import SETTLED
from liangxin.kernel.catalogue import Handover


def _open_batches(user_id: int) -> QuerySet[Any]:
    return Batch.objects.filter(created_by_id=user_id).exclude(state__in=SETTLED).order_by("pk")


def _label(batch: Batch) -> str:
    day = timezone.localtime(batch.created_at).date()
    return f"第{batch.pk}批，{day} 上传，{batch.get_state_display()}"


HANDOVER = Handover(
    code="intake.batches",
    title="还没有办结的导入批次",
    open_rows=_open_batches,
    owner="created_by",
    label=_label,
)
