"""Every step of a draft, who took it and when; each can be taken back."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse

from liangxin.coverage.queries.edits import edits
from liangxin.coverage.terms import EditKind
from liangxin.coverage.views.proposal import ready_proposal_or_404
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response


@page(Permission.PLAN_BRANCHES)
def proposal_edits(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """调整记录.

    Opened to see who changed what, or to take a step back. At a glance: the steps, the last first, who took
    each and when, for what reason, and which were taken back.
    """
    found = ready_proposal_or_404(request, proposal_id)
    listing = Listing(
        code="proposal-edits",
        title=f"{found.title}：调整记录",
        columns=_columns(),
        filters=(
            ListFilter("kind", "操作", EditKind.choices, lambda value: Q(kind=value)),
            ListFilter(
                "state",
                "现在",
                (("stands", "有效"), ("undone", "已撤销")),
                lambda value: Q(is_undone=value == "undone"),
            ),
        ),
        search=lambda text: Q(text__icontains=text) | Q(reason__icontains=text),
        search_hint="单位名称、内容或理由",
        empty_title="还没有改过",
        empty_text="在“调整各组”里移动、固定或锁定以后，每一步都记在这里。",
        export_permission=Permission.EXPORT_LISTS,
    )
    return list_response(
        request,
        listing,
        edits(request.viewer, found),
        template="coverage/proposal_edits.html",
        context={"proposal": found},
    )


def _columns() -> tuple[ListColumn, ...]:
    return (
        ListColumn("number", "步", lambda row: row.number, sort=("number",), numeric=True),
        ListColumn("text", "改了什么", lambda row: row.text),
        ListColumn("kind", "操作", lambda row: row.get_kind_display(), sort=("kind",), wide=True),
        ListColumn("by", "谁改的", lambda row: row.made_by or "系统", sort=("made_by__name",)),
        ListColumn("at", "时间", lambda row: row.made_at, sort=("made_at",)),
        ListColumn("reason", "理由", lambda row: row.reason, wide=True),
        ListColumn("state", "现在", _state, link=_undo_address),
    )


def _state(row: Any) -> str:
    return "已撤销" if row.is_undone else "有效，可撤销"


def _undo_address(row: Any) -> str | None:
    """The working view asks before it takes the step back."""
    if row.is_undone:
        return None
    return f"{reverse('proposal-edit', args=(row.proposal_id,))}?undo={row.number}"
