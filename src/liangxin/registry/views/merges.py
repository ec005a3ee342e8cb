"""Merges that were made: the list, one of them, and its undoing."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.merge_undo import undo_merge
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.queries.merge_history import merge_steps_in_words
from liangxin.registry.queries.merge_scope import holds_both, visible_merges
from liangxin.registry.queries.merge_undoing import undo_plan
from liangxin.registry.queries.merge_words import table_title
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

STATES = (("held", "有效"), ("undone", "已撤销"))


@page(Permission.EDIT_LEDGER)
def merges(request: ViewerRequest) -> HttpResponse:
    """合并记录."""
    listing = Listing(
        code="merges",
        title="合并记录",
        columns=_columns(),
        filters=(ListFilter("state", "状态", STATES, lambda v: Q(undone_at__isnull=v == "held")),),
        search=lambda text: Q(survivor_name__icontains=text) | Q(absorbed_name__icontains=text),
        search_hint="单位名称或姓名",
        empty_title="还没有合并过记录",
        empty_text="在“重复单位”里核对并合并以后，记录显示在这里，合错了可以撤销。",
        export_permission=Permission.EXPORT_LISTS,
    )
    found = visible_merges(request.viewer, at=timezone.localdate())
    return list_response(request, listing, found)


@page(Permission.EDIT_LEDGER)
def merge(request: ViewerRequest, merge_id: int) -> HttpResponse:
    """One merge: what it did, and what its undoing would do."""
    today = timezone.localdate()
    held = get_object_or_404(visible_merges(request.viewer, at=today), pk=merge_id)
    may_undo = held.undone_at is None and holds_both(request.viewer, held, at=today)
    context = {
        "merge": held,
        "counts": [(table_title(table), number) for table, number in held.counts.items()],
        "steps": merge_steps_in_words(held),
        "undoing": undo_plan(held) if may_undo else None,
        "may_undo": may_undo,
    }
    return render(request, "registry/merge.html", context)


@page(Permission.EDIT_LEDGER)
@require_POST
def undo(request: ViewerRequest, merge_id: int) -> HttpResponse:
    """撤销合并."""
    now = timezone.now()
    held = get_object_or_404(
        visible_merges(request.viewer, at=timezone.localdate(now)), pk=merge_id
    )
    try:
        done = undo_merge(held, by=request.viewer, now=now)
    except RefusedChange as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已撤销，双方恢复到合并以前。")
        for note in done.notes:
            messages.warning(request, note)
    return redirect("merge", merge_id)


def _columns() -> tuple[ListColumn, ...]:
    return (
        ListColumn(
            "absorbed",
            "并入方",
            lambda row: row.absorbed_name,
            link=lambda row: reverse("merge", args=(row.pk,)),
            sort=("absorbed_name",),
        ),
        ListColumn("survivor", "保留方", lambda row: row.survivor_name, sort=("survivor_name",)),
        ListColumn("kind", "类别", lambda row: "人员" if row.is_of_persons else "单位"),
        ListColumn("day", "合并日期", lambda row: row.merged_date, sort=("merged_date",)),
        ListColumn("by", "办理人", lambda row: row.merged_by or "系统", wide=True),
        ListColumn("reason", "依据", lambda row: row.reason, wide=True),
        ListColumn("state", "状态", lambda row: "已撤销" if row.undone_at else "有效"),
    )
