"""待核对: facts that nobody looked at for long, confirmed by the page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.confirming import confirm_organisations
from liangxin.registry.actions.organisations import edition
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.queries.changes import industry_title
from liangxin.registry.queries.confirmations import confirmation_round, due_organisations
from liangxin.registry.queries.organisations import organisation_search
from liangxin.registry.views.organisation_list import organisation_filters
from liangxin.ui.listing import ListColumn, Listing, Ticking, list_response

PARTED = ":"


@page(Permission.EDIT_LEDGER)
def confirmations(request: ViewerRequest) -> HttpResponse:
    """Organisations to look at again, with their facts beside them."""
    today = timezone.localdate()
    listing = Listing(
        code="confirmations",
        title="待核对",
        columns=_columns(),
        filters=organisation_filters(request.viewer, at=today),
        search=organisation_search,
        search_hint="单位名称、拼音首字母或信用代码",
        empty_title="没有待核对的单位",
        empty_text="范围内的单位近期都修改过或核对过。",
        export_permission=Permission.EXPORT_LISTS,
        ticking=Ticking(
            title="选中的都没有变化",
            url=reverse("confirmations-say"),
            value=lambda row: f"{row.organisation_id}{PARTED}{edition(row)}",
            label=lambda row: row.name,
        ),
    )
    return list_response(
        request,
        listing,
        due_organisations(request.viewer, today=today),
        template="registry/confirmations.html",
        context={"round": confirmation_round(request.viewer, today=today)},
    )


@page(Permission.EDIT_LEDGER)
@require_POST
def confirmations_say(request: ViewerRequest) -> HttpResponse:
    """Confirm the ticked ones, and go on where one was."""
    editions = dict(_ticked(text) for text in request.POST.getlist("tick") if PARTED in text)
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


def _columns() -> tuple[ListColumn, ...]:
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
            link=lambda row: reverse("organisation-edit", args=(row.organisation_id,)),
        ),
    )


def _place(row: OrganisationVersion) -> str:
    return row.address or " ".join(str(part) for part in (row.street, row.site) if part)


def _industry(row: OrganisationVersion) -> str:
    return industry_title(row.industry_code) if row.industry_code else ""
