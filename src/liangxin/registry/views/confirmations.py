"""待核对: facts that nobody looked at for long, confirmed by the page."""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.confirming import confirm_organisations
from liangxin.registry.actions.organisations import edition
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.queries.changes import industry_title
from liangxin.registry.queries.confirmations import (
    confirmation_round,
    due_organisations,
    fresh_organisations,
    kept_organisations,
    kept_round,
)
from liangxin.registry.queries.organisations import organisation_search
from liangxin.registry.views.organisation_list import organisation_filters
from liangxin.ui.listing import ListColumn, Listing, Ticking, list_response

PARTED = ":"
DUE, FRESH, KEPT = "due", "fresh", "kept"
TITLES = {DUE: "待核对", FRESH: "近期已核对", KEPT: "需要保持最新的单位"}


def _kept(viewer: Viewer, *, today: date) -> QuerySet[OrganisationVersion]:
    return kept_organisations(viewer, today=today).order_by("recorded_at", "pk")


# Each figure of the progress and the list it opens.
STATES: dict[str, Callable[..., QuerySet[OrganisationVersion]]] = {
    DUE: due_organisations,
    FRESH: fresh_organisations,
    KEPT: _kept,
}


@page(Permission.EDIT_LEDGER)
def confirmations(request: ViewerRequest) -> HttpResponse:
    """Organisations to look at again, with their facts beside them."""
    today = timezone.localdate()
    asked = request.GET.get("state", DUE)
    state = asked if asked in STATES else DUE
    listing = Listing(
        code="confirmations",
        title=TITLES[state],
        columns=_columns(request),
        filters=organisation_filters(request.viewer, at=today),
        search=organisation_search,
        search_hint="单位名称、拼音首字母或信用代码",
        empty_title="没有待核对的单位" if state == DUE else "没有这样的单位",
        empty_text="范围内的单位近期都修改过或核对过。" if state == DUE else "还没有核对过单位。",
        export_permission=Permission.EXPORT_LISTS,
        ticking=Ticking(
            title="选中的都没有变化",
            url=reverse("confirmations-say"),
            value=lambda row: f"{row.organisation_id}{PARTED}{edition(row)}",
            label=lambda row: row.name,
            single="没有变化",
        ),
    )
    return list_response(
        request,
        listing,
        kept_round(STATES[state](request.viewer, today=today), viewer=request.viewer),
        template="registry/confirmations.html",
        context={"round": confirmation_round(request.viewer, today=today), "state": state},
    )


@page(Permission.EDIT_LEDGER)
@require_POST
def confirmations_say(request: ViewerRequest) -> HttpResponse:
    """Confirm the ticked ones, or the one whose own button was used, and go on where one was."""
    texts = request.POST.getlist("only") or request.POST.getlist("tick")
    editions = dict(_ticked(text) for text in texts if PARTED in text)
    done = confirm_organisations(editions, by=request.viewer, today=timezone.localdate())
    if done.number:
        messages.success(request, f"已核对 {done.number} 家，资料没有变化。")
    if not editions:
        messages.warning(request, "还没有选中单位：在每行前面打勾，或点“选中本页”。")
    for reason in dict.fromkeys(done.refused):
        messages.error(request, reason)
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if back and is_ours else "confirmations")


def _ticked(text: str) -> tuple[int, str]:
    key, _, based_on = text.partition(PARTED)
    return (int(key) if key.isdecimal() and len(key) < 19 else 0), based_on


def _columns(request: ViewerRequest) -> tuple[ListColumn, ...]:
    here = urlencode({"next": request.get_full_path()})
    return (
        ListColumn(
            "name",
            "单位名称",
            lambda row: row.name,
            link=lambda row: reverse("organisation", args=(row.organisation_id,)),
            sort=("name",),
        ),
        ListColumn("status", "状态", lambda row: row.get_status_display()),
        ListColumn("place", "所在", _place),
        ListColumn("industry", "行业", _industry, wide=True),
        ListColumn(
            "employees", "从业人数", lambda row: row.employees, sort=("employees",), numeric=True
        ),
        ListColumn("legal", "法定代表人", lambda row: row.legal_representative, wide=True),
        ListColumn("told", "上次登记", lambda row: row.recorded_at.date(), sort=("recorded_at",)),
        ListColumn(
            "edit",
            "有变化",
            lambda row: "修改",
            link=lambda row: f"{reverse('organisation-edit', args=(row.organisation_id,))}?{here}",
        ),
    )


def _place(row: OrganisationVersion) -> str:
    return row.address or " ".join(str(part) for part in (row.street, row.site) if part)


def _industry(row: OrganisationVersion) -> str:
    return industry_title(row.industry_code) if row.industry_code else ""
