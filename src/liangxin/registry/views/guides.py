"""Instructors and liaisons: the list with load against capacity, and a page for each."""

from datetime import date, timedelta
from typing import cast

from django.db.models import F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from liangxin.kernel.audit import places_revision
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.registry.models import GuideService
from liangxin.registry.queries.guides import guide_search, guides, served_organisations
from liangxin.registry.queries.keeping import kept_guides, kept_postings
from liangxin.registry.queries.kept_counts import with_kept_count
from liangxin.registry.queries.rules import rule_at
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
        empty_text="可以导入指导员联络员名单，也可以逐人登记。",
        export_permission=Permission.EXPORT_LISTS,
    )
    # Who is posted to nobody, and so met by every officer, is settled in any street.
    found = with_kept_count(
        guides(request.viewer, at=at), viewer=request.viewer, also=places_revision(None)
    )
    new_url = reverse("guide-create") if may(request.viewer, Permission.EDIT_LEDGER) else ""
    context = {"at": at, "new_title": "登记指导员、联络员", "new_url": new_url}
    return list_response(
        request, listing, found, template="registry/kept_list.html", context=context
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
        "ending": [one for one in services if _is_ending(one, at=at)],
        **_kept(request, person_id),
    }
    return render(request, "registry/guide.html", context)


def _kept(request: ViewerRequest, person_id: int) -> dict[str, object]:
    """What the viewer may do about a guide today: services to edit, postings to end."""
    if not may(request.viewer, Permission.EDIT_LEDGER):
        return {}
    today = timezone.localdate()
    kept = kept_guides(request.viewer, at=today).filter(person_id=person_id)
    return {
        "is_keeper": True,
        "kept_roles": [one.role for one in kept],
        "postings": list(kept_postings(request.viewer, person_id=person_id, at=today)),
    }


def _is_ending(service: GuideService, *, at: date) -> bool:
    """Whether the term ends so soon that somebody has to decide who follows."""
    months = cast(int, rule_at("term.warning_months", at=at).value)
    return service.valid_to is not None and service.valid_to <= at + timedelta(days=30 * months)


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
