"""Taking establishments away: request, reply and notice as Word, their units as Excel."""

from typing import Any, cast
from urllib.parse import quote

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from liangxin.coverage.models import Establishment, EstablishmentUnit
from liangxin.coverage.queries.establishment_approval import approval_facts
from liangxin.coverage.queries.establishment_request import request_facts
from liangxin.coverage.reports.branch_approval import (
    approval_title,
    branch_approval,
    founding_notice,
    notice_title,
)
from liangxin.coverage.reports.branch_request import branch_request, request_title
from liangxin.coverage.terms import EstablishmentState
from liangxin.coverage.views.chosen import (
    chosen_establishments,
    not_chosen,
    seen_establishments,
)
from liangxin.kernel import audit
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, require
from liangxin.standards.official_documents import OfficialDocument, write_docx
from liangxin.ui.exporting import workbook_response
from liangxin.ui.listing import ListColumn

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNITS_TITLE = "组建事项单位名单"
COLUMNS = (
    ListColumn("branch", "党组织名称", lambda row: row.establishment.name),
    ListColumn("state", "状态", lambda row: row.establishment.get_state_display()),
    ListColumn("name", "单位名称", lambda row: row.name),
    ListColumn("host", "牵头单位", lambda row: row.is_host),
    ListColumn("street", "街道", lambda row: row.street and row.street.name),
    ListColumn("members", "正式党员", lambda row: row.members),
    ListColumn("transfer", "需转接组织关系", lambda row: row.to_transfer),
    ListColumn("adopted", "采纳日期", lambda row: row.establishment.adopted_date),
    ListColumn("approved", "批复日期", lambda row: row.establishment.approved_date),
    ListColumn("number", "批复文号", lambda row: row.establishment.approval_number),
    ListColumn("founded", "成立日期", lambda row: row.establishment.founded_date),
)


@page(Permission.PLAN_BRANCHES)
@never_cache
def establishment_request(request: ViewerRequest, establishment_id: int) -> HttpResponse:
    """The request for one establishment."""
    return _request(request, seen_establishments(request, [establishment_id]))


@page(Permission.PLAN_BRANCHES)
@never_cache
def establishments_request(request: ViewerRequest) -> HttpResponse:
    """One request for the establishments chosen in the list."""
    held = chosen_establishments(request)
    return _request(request, held) if held else not_chosen(request)


@page(Permission.PLAN_BRANCHES)
@never_cache
def establishment_reply(request: ViewerRequest, establishment_id: int) -> HttpResponse:
    """The reply that approves one establishment."""
    return _reply(request, seen_establishments(request, [establishment_id]))


@page(Permission.PLAN_BRANCHES)
@never_cache
def establishments_reply(request: ViewerRequest) -> HttpResponse:
    """One reply for the establishments chosen in the list."""
    held = chosen_establishments(request)
    return _reply(request, held) if held else not_chosen(request)


@page(Permission.PLAN_BRANCHES)
@never_cache
def establishment_notice(request: ViewerRequest, establishment_id: int) -> HttpResponse:
    """The notice that the branch of one establishment was founded."""
    (held,) = seen_establishments(request, [establishment_id])
    if held.state != EstablishmentState.FOUNDED or held.joins_branch:
        messages.error(request, f"“{held.name}”还没有登记成立，成立以后再发通知。")
        return redirect("establishment", held.pk)
    facts = approval_facts(request.viewer, [held])
    title = notice_title(facts)
    _record(request, [held], title=title, action="establishment.notice")
    return _docx(founding_notice(facts), title=title)


@page(Permission.EXPORT_LISTS)
@never_cache
def establishments_units(request: ViewerRequest) -> HttpResponse:
    """The units of the establishments chosen, one to a row."""
    require(request.viewer, Permission.PLAN_BRANCHES)
    held = chosen_establishments(request)
    if not held:
        return not_chosen(request)
    units: Any = (
        EstablishmentUnit.objects.filter(establishment__in=held)
        .select_related("establishment", "street")
        .order_by("establishment_id", "-is_host", "name", "pk")
    )
    response = workbook_response(
        viewer=request.viewer,
        title=UNITS_TITLE,
        columns=COLUMNS,
        queryset=units,
        conditions=[("组建事项", "、".join(one.name for one in held))],
    )
    # Views promise HttpResponse; Django serves its streaming sibling all the same.
    return cast(HttpResponse, response)


def _request(request: ViewerRequest, held: list[Establishment]) -> HttpResponse:
    if withdrawn := [one for one in held if one.state == EstablishmentState.WITHDRAWN]:
        messages.error(request, f"“{withdrawn[0].name}”已经撤回，不再请示。")
        return redirect("establishment", withdrawn[0].pk)
    facts = request_facts(request.viewer, held)
    title = request_title(facts)
    _record(request, held, title=title, action="establishment.request")
    return _docx(branch_request(facts), title=title)


def _reply(request: ViewerRequest, held: list[Establishment]) -> HttpResponse:
    if refusal := _unlike(held):
        messages.error(request, refusal)
        return redirect("establishments")
    facts = approval_facts(request.viewer, held)
    title = approval_title(facts)
    _record(request, held, title=title, action="establishment.reply")
    return _docx(branch_approval(facts), title=title)


def _unlike(held: list[Establishment]) -> str:
    """Why these do not stand in one reply; '' where they do."""
    if withdrawn := [one for one in held if one.state == EstablishmentState.WITHDRAWN]:
        return f"“{withdrawn[0].name}”已经撤回，不再批复。"
    numbers = {(one.approval_number, one.approved_date) for one in held}
    if len(numbers) > 1:
        return "所选事项的批复文号或日期不一样，不能写在一份批复里；请只选同一份批复的，或都还没有批复的。"
    return ""


def _docx(document: OfficialDocument, *, title: str) -> HttpResponse:
    response = HttpResponse(write_docx(document), content_type=DOCX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{title}.docx')}"
    return response


def _record(request: ViewerRequest, held: list[Establishment], *, title: str, action: str) -> None:
    with transaction.atomic():
        audit.record(
            action,
            by=request.viewer,
            summary=f"下载《{title}》",
            about=held[0] if len(held) == 1 else None,
            details={"establishments": [one.pk for one in held]},
            changes_ledger=False,
        )
