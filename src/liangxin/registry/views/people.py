"""Party members for the Party chain: a masked list, and a page for each."""

from datetime import date

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import PartyMembership
from liangxin.registry.queries.keeping import kept_members
from liangxin.registry.queries.kept_counts import with_kept_count
from liangxin.registry.queries.merged import merges_into_person, surviving_person
from liangxin.registry.queries.people import (
    member_history,
    member_search,
    members,
    working_at,
)
from liangxin.registry.queries.scope import organisations_in_scope
from liangxin.registry.queries.sites import street_choices, visible_sites
from liangxin.registry.terms import MemberStage, Position
from liangxin.registry.views.dated import dated_url
from liangxin.standards.id_number import mask_id_number
from liangxin.standards.phone import mask_phone
from liangxin.ui.dates import asked_date
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

MAX_KEY_DIGITS = 19
HELD_HERE, HELD_ELSEWHERE, NOT_KNOWN = "here", "elsewhere", "unknown"


@page(Permission.SEE_PEOPLE)
def member_list(request: ViewerRequest) -> HttpResponse:
    """党员."""
    at = asked_date(request)
    listing = Listing(
        code="members",
        title="党员",
        columns=_columns(at=at),
        filters=(
            ListFilter("stage", "人员类别", MemberStage.choices, lambda value: Q(stage=value)),
            ListFilter("position", "岗位类别", Position.choices, lambda value: Q(position=value)),
            ListFilter(
                "held",
                "组织关系",
                (
                    (HELD_HERE, "在本区党组织"),
                    (HELD_ELSEWHERE, "在外地或其他单位"),
                    (NOT_KNOWN, "不详"),
                ),
                _held,
            ),
            *_places(request, at=at),
        ),
        search=lambda text: member_search(text, at=at),
        search_hint="姓名或工作单位",
        empty_title="您的范围内没有党员记录",
        empty_text="只列出工作单位或组织关系在您负责范围内的党员。",
        export_permission=Permission.EXPORT_LISTS,
    )
    found = with_kept_count(members(request.viewer, at=at), viewer=request.viewer)
    is_keeper = may(request.viewer, Permission.EDIT_LEDGER)
    new_url = reverse("member-create") if is_keeper else ""
    context = {"at": at, "new_title": "登记党员", "new_url": new_url}
    return list_response(request, listing, found, template="registry/members.html", context=context)


@page(Permission.SEE_PEOPLE)
@never_cache
def member(request: ViewerRequest, person_id: int) -> HttpResponse:
    """One member: stage, work, Party relation; numbers masked."""
    at = asked_date(request)
    known = members(request.viewer, at=at)
    survivor = surviving_person(person_id)
    # On a day before the merge the absorbed record still tells its own story.
    if survivor != person_id and not known.filter(person_id=person_id).exists():
        get_object_or_404(known, person_id=survivor)
        messages.info(request, "您打开的记录已并入这一条。")
        return redirect(dated_url("member", survivor, at=at))
    row = get_object_or_404(known, person_id=person_id)
    context = {
        "at": at,
        "row": row,
        "position": _position(row),
        "employer_url": _employer_url(row, at=at),
        "is_kept": _is_kept(request.viewer, person_id),
        "merges": merges_into_person(person_id),
        "history": member_history(request.viewer, person_id=person_id, at=at),
    }
    return render(request, "registry/member.html", context)


def _places(request: ViewerRequest, *, at: date) -> list[ListFilter]:
    """Where members work: the viewer's streets, and a site where a page of one led here."""

    def working(**place: int) -> Q:
        units = organisations_in_scope(request.viewer, at=at).filter(**place)
        return working_at(units, at=at)

    found = [
        ListFilter(
            "street",
            "工作单位所在街道",
            street_choices(request.viewer, at=at),
            lambda value: working(street_id=int(value)),
        )
    ]
    asked = request.GET.get("site", "")
    if asked.isdecimal() and len(asked) < MAX_KEY_DIGITS:
        site = visible_sites(request.viewer, at=at).filter(pk=int(asked)).first()
        if site is not None:
            choices = [(asked, site.name)]
            found.append(
                ListFilter("site", "楼宇园区", choices, lambda value: working(site_id=int(value)))
            )
    return found


def _is_kept(viewer: Viewer, person_id: int) -> bool:
    if not may(viewer, Permission.EDIT_LEDGER):
        return False
    return kept_members(viewer, at=timezone.localdate()).filter(person_id=person_id).exists()


def _columns(*, at: date) -> tuple[ListColumn, ...]:
    return (
        ListColumn(
            "name",
            "姓名",
            lambda row: row.person.name,
            link=lambda row: dated_url("member", row.person_id, at=at),
            sort=("person__name",),
        ),
        ListColumn("stage", "人员类别", lambda row: row.get_stage_display()),
        ListColumn("id", "身份证号", lambda row: mask_id_number(row.person.id_number), wide=True),
        ListColumn("phone", "电话", lambda row: mask_phone(row.person.phone), wide=True),
        ListColumn(
            "employer",
            "工作单位",
            lambda row: row.employer_name,
            link=lambda row: _employer_url(row, at=at),
            sort=("employer_name",),
        ),
        ListColumn("position", "岗位类别", _position, wide=True),
        ListColumn("held", "组织关系所在", _relation, sort=("held_in_name",)),
        ListColumn("joined", "入党日期", lambda row: row.joined_date, sort=("joined_date",)),
    )


def _held(value: str) -> Q:
    if value == HELD_HERE:
        return Q(held_in_id__isnull=False)
    if value == HELD_ELSEWHERE:
        return Q(held_in_id__isnull=True) & ~Q(elsewhere="") & Q(elsewhere__isnull=False)
    return Q(held_in_id__isnull=True) & (Q(elsewhere="") | Q(elsewhere__isnull=True))


def _position(row: PartyMembership) -> str:
    value: str = row.position or ""  # type: ignore[attr-defined]
    return str(Position(value).label) if value else ""


def _relation(row: PartyMembership) -> str:
    held: str | None = row.held_in_name  # type: ignore[attr-defined]
    elsewhere: str | None = row.elsewhere  # type: ignore[attr-defined]
    return held or (f"外：{elsewhere}" if elsewhere else "")


def _employer_url(row: PartyMembership, *, at: date) -> str | None:
    if not row.is_employer_in_scope:  # type: ignore[attr-defined]
        return None
    return dated_url("organisation", row.employer_id, at=at)  # type: ignore[attr-defined]
