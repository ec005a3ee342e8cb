"""变动记录: what moved, was absorbed, split, or reorganised; its answer and its undoing."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.actions.reorganisation_undo import undo_reorganisation
from liangxin.registry.actions.reorganising import accept_move, decline_move
from liangxin.registry.models import Reorganisation
from liangxin.registry.queries.keeping import kept_streets
from liangxin.registry.queries.merge_words import table_title
from liangxin.registry.queries.reorganisations import (
    may_answer,
    may_undo,
    obstacles,
    organisations_of,
    visible_reorganisations,
)
from liangxin.registry.terms import ReorganisationAct, ReorganisationState
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response


@page(Permission.EDIT_LEDGER)
def reorganisations(request: ViewerRequest) -> HttpResponse:
    """变动记录."""
    listing = Listing(
        code="reorganisations",
        title="变动记录",
        columns=_columns(),
        filters=(
            ListFilter("act", "事项", ReorganisationAct.choices, lambda value: Q(act=value)),
            ListFilter("state", "状态", ReorganisationState.choices, lambda value: Q(state=value)),
        ),
        search=lambda text: Q(name__icontains=text) | Q(into_name__icontains=text),
        search_hint="单位、街道或楼宇园区名称",
        empty_title="还没有登记过变动",
        empty_text="单位迁移、合并、分立，街道和楼宇园区撤并，办理以后记在这里，可以整件撤销。",
        export_permission=Permission.EXPORT_LISTS,
    )
    found = visible_reorganisations(request.viewer, at=timezone.localdate())
    # Streets are the district's to reorganise.
    held = kept_streets(request.viewer) if request.viewer.sees_district() else ()
    return list_response(
        request,
        listing,
        found,
        template="registry/reorganisations.html",
        context={"streets": held},
    )


@page(Permission.EDIT_LEDGER)
def reorganisation(request: ViewerRequest, reorganisation_id: int) -> HttpResponse:
    """One act: what it did, whose answer it waits for, and whether it can be undone."""
    today = timezone.localdate()
    act = _visible(request, reorganisation_id)
    is_undoable = may_undo(request.viewer, act, at=today)
    is_waiting = act.state == ReorganisationState.REQUESTED
    context = {
        "act": act,
        "firms": organisations_of(act, at=today),
        "begun": [(table_title(table), number) for table, number in act.begun.items()],
        "may_answer": may_answer(request.viewer, act),
        "may_withdraw": is_waiting and act.asked_by_id == request.viewer.user_id,
        "may_undo": is_undoable,
        "obstacles": obstacles(act) if is_undoable else [],
    }
    return render(request, "registry/reorganisation.html", context)


@page(Permission.EDIT_LEDGER)
@require_POST
def answer(request: ViewerRequest, reorganisation_id: int) -> HttpResponse:
    """接收 or 不接收 a firm that moves in."""
    act = _visible(request, reorganisation_id)
    try:
        if request.POST.get("answer") == "accept":
            accept_move(act, by=request.viewer)
            messages.success(request, f"“{act.name}”已迁入{act.into_name}。")
        else:
            reason = request.POST.get("reason", "")
            decline_move(act, by=request.viewer, reason=reason)
            messages.success(request, "已退回，单位留在原街道。")
    except RefusedChange as refusal:
        messages.error(request, str(refusal))
    return redirect("reorganisation", reorganisation_id)


@page(Permission.EDIT_LEDGER)
@require_POST
def undo(request: ViewerRequest, reorganisation_id: int) -> HttpResponse:
    """整件撤销."""
    act = _visible(request, reorganisation_id)
    try:
        undo_reorganisation(act, by=request.viewer, now=timezone.now())
    except RefusedChange as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已撤销，恢复到办理以前。")
    return redirect("reorganisation", reorganisation_id)


def _visible(request: ViewerRequest, reorganisation_id: int) -> Reorganisation:
    found = visible_reorganisations(request.viewer, at=timezone.localdate())
    return get_object_or_404(found, pk=reorganisation_id)


def _columns() -> tuple[ListColumn, ...]:
    return (
        ListColumn(
            "name",
            "谁",
            lambda row: row.name,
            link=lambda row: reverse("reorganisation", args=(row.pk,)),
            sort=("name",),
        ),
        ListColumn("act", "事项", lambda row: row.get_act_display(), sort=("act",)),
        ListColumn("into", "去向", lambda row: row.into_name, sort=("into_name",)),
        ListColumn("day", "生效日期", lambda row: row.on_date, sort=("on_date",)),
        ListColumn("state", "状态", lambda row: row.get_state_display(), sort=("state",)),
        ListColumn("by", "登记人", lambda row: row.asked_by or "系统", wide=True),
        ListColumn("basis", "依据", lambda row: row.basis, wide=True),
    )
