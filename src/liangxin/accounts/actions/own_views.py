"""The conditions somebody saved of their lists: how their work is done, so they pass with it."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from liangxin.kernel.catalogue import Handover
from liangxin.kernel.models import SavedView


def _saved(user_id: int) -> QuerySet[Any]:
    return SavedView.objects.filter(user_id=user_id).order_by("pk")


def _label(view: SavedView) -> str:
    # Its name and its list's may tell whom somebody looked for.
    return f"第{view.pk}个，{timezone.localtime(view.created_at).date()} 保存"


HANDOVER = Handover(
    code="kernel.saved_views",
    title="名单的常用条件",
    open_rows=_saved,
    owner="user",
    label=_label,
)
