"""批量修改: one change for ticked organisations, or for all that the list shows; seen before it is made."""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.bulk_edit import (
    LARGE,
    queue_revision,
    revise_organisations,
    undo_revision,
)
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.forms.bulk_edit import BulkFieldForm, BulkValueForm
from liangxin.registry.queries import organisation_versions
from liangxin.registry.queries.bulk_edit import BULK_FIELDS, BulkChange, bulk_acts, bulk_plan
from liangxin.registry.queries.sites import visible_sites
from liangxin.registry.views.form_pages import leave
from liangxin.registry.views.organisation_list import organisation_listing
from liangxin.ui.listing import narrowed, read_request

SHOWN_NAMES = 20
SHOWN_ACTS = 20
MAX_DIGITS = 18
BULK_PAGE = "registry/bulk_edit.html"


@page(Permission.EDIT_LEDGER)
def organisations_bulk(request: ViewerRequest) -> HttpResponse:
    """Choose a field, then a value and a day, look at what would change, and change it."""
    today = timezone.localdate()
    keys = _selected(request, today=today)
    if not keys and "back" in request.POST:
        messages.warning(request, "还没有选中单位：在每行前面打勾，或点“选中本页”。")
        return redirect("organisations")
    field = request.POST.get("field", "")
    context: dict[str, object] = {
        "number": len(keys),
        "ticks": request.POST.getlist("tick"),
        "field": field if field in BULK_FIELDS else "",
        "field_form": BulkFieldForm(),
        "acts": bulk_acts(request.viewer)[:SHOWN_ACTS],
    }
    if field not in BULK_FIELDS:
        return render(request, BULK_PAGE, context)
    form = BulkValueForm(
        request.POST if "from_date" in request.POST else None,
        field=field,
        today=today,
        sites=visible_sites(request.viewer, at=today),
    )
    context["form"] = form
    if not form.is_valid():
        return render(request, BULK_PAGE, context)
    change = form.change()
    if request.POST.get("confirm") and (done := _make(request, keys, change, today=today)):
        return done
    plan = bulk_plan(keys, change, by=request.viewer, today=today)
    context |= {
        "plan": plan,
        "change": change,
        "shown": plan.changing[:SHOWN_NAMES],
        "answers": [(name, request.POST.get(name, "")) for name in ("value", "from_date")],
    }
    return render(request, BULK_PAGE, context)


@page(Permission.EDIT_LEDGER)
@require_POST
def organisations_bulk_undo(request: ViewerRequest, act_id: int) -> HttpResponse:
    """撤销一次批量修改."""
    act = get_object_or_404(bulk_acts(request.viewer), pk=act_id)
    try:
        number = undo_revision(act, by=request.viewer)
    except RefusedChange as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已撤销，{number} 家恢复到修改以前。")
    return redirect("organisations-bulk")


def _make(
    request: ViewerRequest, keys: Sequence[int], change: BulkChange, *, today: date
) -> HttpResponse | None:
    digest = request.POST["confirm"]
    if len(keys) > LARGE:
        job = queue_revision(keys, change, by=request.viewer, digest=digest)
        return redirect("job", job.pk)
    try:
        done = revise_organisations(keys, change, by=request.viewer, today=today, digest=digest)
    except RefusedChange as refusal:
        messages.error(request, str(refusal))
        return None
    messages.success(request, f"{done.number} 家的{change.words}。改错了可以在这里撤销。")
    return leave(request, request.path)


def _selected(request: ViewerRequest, *, today: date) -> list[int]:
    """The ticked organisations; where `all` is asked for, those that the list of the same address shows."""
    ticks = request.POST.getlist("tick")
    if ticks or "back" in request.POST:
        return sorted({int(text) for text in ticks if text.isdecimal() and len(text) <= MAX_DIGITS})
    if not request.GET.get("all"):
        return []
    listing = organisation_listing(request.viewer, at=today)
    found = narrowed(
        organisation_versions(request.viewer, at=today), listing, read_request(request, listing)
    )
    return sorted(found.order_by().values_list("organisation_id", flat=True))
