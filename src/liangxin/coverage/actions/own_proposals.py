"""Proposals of one's own: whoever asked for one sees it also where nothing of it is in scope."""

from typing import Any

from django.db.models import QuerySet

from liangxin.coverage.models import BranchProposal
from liangxin.kernel.catalogue import Handover


def _own_proposals(user_id: int) -> QuerySet[Any]:
    return BranchProposal.objects.filter(created_by_id=user_id).order_by("pk")


def _label(proposal: BranchProposal) -> str:
    return f"第{proposal.pk}号方案，台账日期 {proposal.at}，{proposal.get_state_display()}"


HANDOVER = Handover(
    code="coverage.proposals",
    title="本人拟订的联建方案",
    open_rows=_own_proposals,
    owner="created_by",
    label=_label,
)
