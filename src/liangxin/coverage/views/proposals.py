"""All proposals of joint branches that the viewer may see, and throwing one away."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from liangxin.coverage.actions.proposals import ProposalInUse, discard_proposal
from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.proposal_summary import sees_whole
from liangxin.coverage.queries.proposals import figures
from liangxin.coverage.queries.proposals import proposals as proposals_of
from liangxin.coverage.terms import ProposalFigures, ProposalState
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response
from liangxin.ui.templatetags.ui import percent

SHOWN_STREETS = 3
ALL_STREETS, NEIGHBOURHOOD = "全部街道", "就近几家"


@page(Permission.PLAN_BRANCHES)
def proposals(request: ViewerRequest) -> HttpResponse:
    """联建方案.

    Opened by an officer to find the plan to work on, or to ask for a new one; must decide which to open
    and which two to compare. At a glance: which are ready, how far each takes coverage, and how good it is.
    """
    found = proposals_of(request.viewer)
    ready = found.filter(state=ProposalState.READY)
    return list_response(
        request,
        _listing(request),
        found.select_related("created_by").prefetch_related("streets"),
        template="coverage/proposals.html",
        context={"may_compare": len(ready.order_by()[:2]) == 2},
    )


@page(Permission.PLAN_BRANCHES)
@require_POST
def proposal_discard(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """Throw a proposal away; one that groups were adopted from stays."""
    found = get_object_or_404(proposals_of(request.viewer), pk=proposal_id)
    try:
        discard_proposal(found, by=request.viewer)
    except ProposalInUse as refusal:
        messages.error(request, str(refusal))
        return redirect("proposal", proposal_id)
    messages.success(request, f"已删除方案“{found.title}”。")
    return redirect("proposals")


def scope_in_words(proposal: BranchProposal) -> str:
    """The streets of a proposal, the first few by name; of a local one whose neighbourhood it is about."""
    if proposal.is_local:
        return NEIGHBOURHOOD
    names = [street.name for street in proposal.streets.all()]
    if len(names) > SHOWN_STREETS:
        return f"{'、'.join(names[:SHOWN_STREETS])}等{len(names)}个街道"
    return "、".join(names) or ALL_STREETS


def _listing(request: ViewerRequest) -> Listing:
    return Listing(
        code="proposals",
        title="联建方案",
        columns=_columns(request),
        filters=(
            ListFilter("state", "状态", ProposalState.choices, lambda value: Q(shown_state=value)),
        ),
        search=lambda text: Q(title__icontains=text),
        search_hint="方案名称",
        empty_title="还没有联建方案",
        empty_text="点“拟订联建方案”，系统把正式党员不足的单位就近编组，您看过再采纳。",
        per_page=20,
        export_permission=Permission.EXPORT_LISTS,
    )


def _columns(request: ViewerRequest) -> tuple[ListColumn, ...]:
    def known(row: Any) -> ProposalFigures | None:
        # Figures of a whole district are not for an officer who sees a few of its groups.
        is_told = row.state == ProposalState.READY and sees_whole(request.viewer, row)
        return figures(row) if is_told else None

    def whole(row: Any) -> ProposalFigures | None:
        # A rate over the few units of a neighbourhood would say nothing.
        return None if row.is_local else known(row)

    return (
        ListColumn("title", "方案", lambda row: row.title, link=_address, sort=("title",)),
        ListColumn("state", "状态", _state, sort=("shown_state",)),
        ListColumn("kind", "来源", lambda row: row.origin_title, sort=("kind",), wide=True),
        ListColumn("scope", "范围", scope_in_words),
        ListColumn("at", "台账日期", lambda row: row.at, sort=("at",)),
        ListColumn("groups", "拟建支部", lambda row: _of(known(row), "groups"), numeric=True),
        ListColumn("units", "纳入单位", lambda row: _of(known(row), "joined_units"), numeric=True),
        ListColumn("coverage", "组织覆盖率", lambda row: _coverage(whole(row)), numeric=True),
        ListColumn(
            "gap",
            "距理论下界",
            lambda row: percent(row.gap) if whole(row) else None,
            numeric=True,
            wide=True,
        ),
        ListColumn("by", "拟订人", lambda row: row.created_by or "系统", wide=True),
        ListColumn("created", "拟订时间", lambda row: row.created_at, sort=("id",), wide=True),
    )


def _of(known: ProposalFigures | None, field: str) -> object:
    return None if known is None else getattr(known, field)


def _coverage(known: ProposalFigures | None) -> str | None:
    if known is None or not known.base:
        return None
    before, after = known.covered_before / known.base, known.covered_after / known.base
    return f"{percent(before)} → {percent(after)}"


def _state(row: Any) -> str:
    return str(ProposalState(row.shown_state).label)


def _address(row: Any) -> str:
    return reverse("proposal", args=(row.pk,))
