"""Instructors and liaisons: the list with load against capacity, and a page for each."""

from datetime import date

from django.db.models import F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.models import GuideService
from liangxin.registry.queries.guides import guide_search, guides, served_organisations
from liangxin.registry.terms import GuideRole
from liangxin.registry.views.dated import dated_url
from liangxin.standards.phone import mask_phone
from liangxin.ui.dates import asked_date
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

LOADS = (("over", "超过可联系数"), ("full", "已满"), ("free", "还可联系"), ("none", "未联系单位"))


@page(Permission.SEE_LEDGER)
def guide_list(request: ViewerRequest) -> HttpResponse:
    """指导员联络员."""
    at = asked_date(request)
    listing = Listing(
        code="guides",
        title="指导员联络员",
        columns=_columns(at=at),
        filters=(
            ListFilter("role", "类别", GuideRole.choices, lambda value: Q(role=value)),
            ListFilter("load", "联系情况", LOADS, _loaded),
        ),
        search=guide_search,
        search_hint="姓名或派出单位",
        empty_title="没有在任的指导员、联络员",
        empty_text="导入指导员联络员名单后显示在这里。",
        export_permission=Permission.EXPORT_LISTS,
    )
    found = guides(request.viewer, at=at)
    context = {"at": at}
    return list_response(
        request, listing, found, template="registry/dated_list.html", context=context
    )


@page(Permission.SEE_LEDGER)
def guide(request: ViewerRequest, person_id: int) -> HttpResponse:
    """One instructor or liaison and the units served."""
    at = asked_date(request)
    services = list(guides(request.viewer, at=at).filter(person_id=person_id))
    if not services:
        raise Http404
    context = {
        "at": at,
        "services": services,
        "person": services[0].person,
        "served": served_organisations(request.viewer, person_id=person_id, at=at),
    }
    return render(request, "registry/guide.html", context)


def _columns(*, at: date) -> tuple[ListColumn, ...]:
    return (
        ListColumn(
            "name",
            "姓名",
            lambda row: row.person.name,
            link=lambda row: dated_url("guide", row.person_id, at=at),
            sort=("person__name",),
        ),
        ListColumn("role", "类别", lambda row: row.get_role_display()),
        ListColumn("home", "派出单位", lambda row: row.home_unit, sort=("home_unit",)),
        ListColumn("phone", "电话", lambda row: mask_phone(row.person.phone), wide=True),
        ListColumn("load", "已联系单位", lambda row: row.load, sort=("load",), numeric=True),
        ListColumn(
            "capacity", "可联系数", lambda row: row.capacity, sort=("capacity",), numeric=True
        ),
        ListColumn("state", "情况", _state),
        ListColumn(
            "since", "选派日期", lambda row: row.valid_from, sort=("valid_from",), wide=True
        ),
        ListColumn("until", "届满日期", lambda row: row.valid_to, sort=("valid_to",), wide=True),
    )


def _state(row: GuideService) -> str:
    load: int = row.load  # type: ignore[attr-defined]
    if row.capacity is not None and load > row.capacity:
        return f"超出 {load - row.capacity} 家"
    if row.capacity is not None and load == row.capacity:
        return "已满"
    return "未联系单位" if load == 0 else "还可联系"


def _loaded(value: str) -> Q:
    return {
        "over": Q(load__gt=F("capacity")),
        "full": Q(load=F("capacity")),
        "free": Q(load__lt=F("capacity")) | Q(capacity__isnull=True),
        "none": Q(load=0),
    }[value]
