"""Establishments on their way that somebody adopted; whose turn they are is the scope's matter."""

from typing import Any

from django.db.models import QuerySet

from liangxin.coverage.models import Establishment
from liangxin.coverage.queries.branch_names import OPEN_STATES
from liangxin.kernel.catalogue import Handover


def _running(user_id: int) -> QuerySet[Any]:
    found = Establishment.objects.filter(adopted_by_id=user_id, state__in=OPEN_STATES)
    return found.order_by("pk")


def _label(establishment: Establishment) -> str:
    state = establishment.get_state_display()
    return f"第{establishment.pk}号，{establishment.adopted_date} 采纳，{state}"


HANDOVER = Handover(
    code="coverage.establishments",
    title="经手采纳、还在办理的组建事项",
    open_rows=_running,
    # Who adopted is a record of what was done: it stays, the successor goes on by the scope.
    owner="",
    label=_label,
)
