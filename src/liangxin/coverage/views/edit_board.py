"""The working view of a draft: group by group, each row to be dragged or sent elsewhere."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liangxin.coverage.actions.editing import begin_draft, replan_draft
from liangxin.coverage.actions.refusals import RefusedStep
from liangxin.coverage.models import BranchProposal, ProposalEdit
from liangxin.coverage.queries.edit_board import (
    apart_by_name,
    board_groups,
    board_left_out,
    cards,
    settled_counts,
)
from liangxin.coverage.queries.edits import (
    derived,
    draft_of,
    edits,
    last_edit_number,
    last_undoable,
)
from liangxin.coverage.queries.proposal_summary import proposed_units, sees_whole, streets_of
from liangxin.coverage.terms import ProposalKind
from liangxin.coverage.views.proposal import ready_proposal_or_404
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission

PER_PAGE = 8
SHOWN_LEFT_OUT = 12
SHOWN_EDITS = 6
SHOWN_DERIVED = 5
LONGEST_NUMBER = 9
ONLY = (("", "全部"), ("changed", "人工改过的"), ("settled", "有固定或锁定的"))


@page(Permission.PLAN_BRANCHES)
@never_cache
def proposal_edit(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """调整各组.

    Opened by the officer who knows the firms; must decide who belongs with whom after all. At a glance: each
    group with its units, what people have settled, who stands in no group, and the last steps to take back.
    """
    found = ready_proposal_or_404(request, proposal_id)
    if found.kind != ProposalKind.DRAFT:
        draft = draft_of(request.viewer, found)
        return redirect("proposal-edit", draft.pk) if draft else redirect("proposal", found.pk)
    return board_page(request, found)


@page(Permission.PLAN_BRANCHES)
@require_POST
def proposal_edit_begin(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """Make the draft where there is none, and go to it."""
    found = ready_proposal_or_404(request, proposal_id)
    try:
        draft = begin_draft(found, by=request.viewer)
    except RefusedStep as refusal:
        messages.error(request, str(refusal))
        return redirect("proposal", found.pk)
    return redirect("proposal-edit", draft.pk)


@page(Permission.PLAN_BRANCHES)
@require_POST
def proposal_replan(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """Ask for a new plan around what people settled."""
    found = ready_proposal_or_404(request, proposal_id)
    try:
        made = replan_draft(found, by=request.viewer)
    except RefusedStep as refusal:
        messages.error(request, str(refusal))
        return redirect("proposal-edit", found.pk)
    return redirect("proposal", made.pk)


def board_page(
    request: ViewerRequest, draft: BranchProposal, *, refusal: object = None
) -> HttpResponse:
    """The working view, also of a step that was refused."""
    viewer, asked = request.viewer, request.GET
    streets = streets_of(proposed_units(viewer, draft))
    street = asked.get("street", "")
    key = int(street) if street.isdecimal() and len(street) <= LONGEST_NUMBER else None
    search = asked.get("q", "").strip()
    found = board_groups(viewer, draft, street=key, search=search, only=asked.get("only", ""))
    shown = Paginator(found, PER_PAGE).get_page(asked.get("page"))
    left = board_left_out(viewer, draft, street=key, search=search)
    steps = edits(viewer, draft)
    context = {
        "proposal": draft,
        "page": shown,
        "cards": cards(list(shown.object_list)),
        "streets": [(str(pk), name) for pk, name in streets],
        "street": street,
        "search": search,
        "only": asked.get("only", ""),
        "onlies": ONLY,
        "left_out": left[:SHOWN_LEFT_OUT],
        "left_out_total": left.count(),
        "pairs": apart_by_name(viewer, draft),
        "settled": settled_counts(viewer, draft),
        "steps": steps[:SHOWN_EDITS],
        "last": last_undoable(viewer, draft),
        "seen": last_edit_number(draft),
        "derived": derived(viewer, draft)[:SHOWN_DERIVED],
        "may_replan": sees_whole(viewer, draft),
        "asked_undo": _asked_undo(steps, asked.get("undo", "")),
        "asked": _other_pages(request),
        "refusal": refusal,
    }
    return render(request, "coverage/proposal_edit.html", context)


def _other_pages(request: ViewerRequest) -> str:
    """The conditions of this page as they stand before `page=` in an address."""
    kept = {name: request.GET[name] for name in ("q", "street", "only") if request.GET.get(name)}
    return f"{urlencode(kept)}&" if kept else ""


def _asked_undo(steps: QuerySet[ProposalEdit, Any], text: str) -> ProposalEdit | None:
    """The step that somebody wants to take back, asked about before it is."""
    if not text.isdecimal() or len(text) > LONGEST_NUMBER:
        return None
    return steps.filter(number=int(text), undone_by__isnull=True).first()
