"""Party organisations: the list, and a page for each."""

from datetime import date

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import PartyOrganisationVersion
from liangxin.registry.queries.containing import containing
from liangxin.registry.queries.keeping import kept_party_organisations, kept_streets
from liangxin.registry.queries.kept_counts import with_kept_count
from liangxin.registry.queries.party import (
    covered_organisations,
    described_party_organisations,
    is_leading,
    meeting_place,
    posts,
    with_member_counts,
)
from liangxin.registry.queries.party_tree import party_turns, subordinates, superiors, tallies
from liangxin.registry.queries.people import members_held_in
from liangxin.registry.queries.rules import rule_at
from liangxin.registry.queries.sites import street_choices
from liangxin.registry.queries.terms_of_office import (
    Term,
    due_condition,
    term_of_office,
    warning_months,
    with_term_since,
)
from liangxin.registry.terms import PartyKind
from liangxin.registry.views.dated import dated_url
from liangxin.ui.dates import asked_date
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

PROPOSED = "拟建"
DUE = (("over", "任期已满"), ("near", "快到期，应当准备"))


@page(Permission.SEE_LEDGER)
def party_organisations(request: ViewerRequest) -> HttpResponse:
    """党组织名册."""
    at = asked_date(request)
    found = described_party_organisations(request.viewer, at=at)
    columns, filters = _columns(at=at), _filters(request.viewer, at=at)
    if may(request.viewer, Permission.SEE_PEOPLE):
        found = with_member_counts(found, viewer=request.viewer, at=at)
        members = ListColumn(
            "members", "党员数", lambda row: row.members, sort=("members",), numeric=True
        )
        found = with_term_since(found, viewer=request.viewer, at=at)
        due = ListFilter("term", "换届", DUE, lambda value: _due(value, at=at))
        columns, filters = (*columns, members), (*filters, due)
    listing = Listing(
        code="party-organisations",
        title="党组织名册",
        columns=columns,
        filters=filters,
        search=lambda text: containing("name", text) | containing("party_organisation__code", text),
        search_hint="党组织名称或编码",
        empty_title="名册里还没有党组织",
        empty_text="可以导入党组织名册，也可以逐个登记。",
        export_permission=Permission.EXPORT_LISTS,
    )
    return list_response(
        request,
        listing,
        with_kept_count(found, viewer=request.viewer),
        template="registry/kept_list.html",
        context={"at": at, "new_title": "登记党组织", "new_url": _new_url(request.viewer)},
    )


@page(Permission.SEE_LEDGER)
def party_organisation(request: ViewerRequest, party_organisation_id: int) -> HttpResponse:
    """One Party organisation: units covered, posts, members."""
    at = asked_date(request)
    viewer = request.viewer
    found = described_party_organisations(viewer, at=at)
    version = get_object_or_404(found, party_organisation_id=party_organisation_id)
    covered = covered_organisations(viewer, party_organisation_id=party_organisation_id, at=at)
    held = list(posts(viewer, party_organisation_id=party_organisation_id, at=at))
    members = list(members_held_in(viewer, party_organisation_id=party_organisation_id, at=at))
    term = term_of_office(version, held, at=at)
    context = {
        "at": at,
        "version": version,
        "founded_date": _founded_date(version, at=at),
        "covered": covered,
        "posts": held,
        "members": members,
        "tallies": tallies(members),
        "term": term,
        "term_rule": rule_at(term.rule, at=at) if term else None,
        "term_state": _term_state(term, at=at),
        "superiors": superiors(viewer, version, at=at),
        "subordinates": subordinates(viewer, party_organisation_id=party_organisation_id, at=at),
        "turns": party_turns(viewer, version.party_organisation, at=at),
        "is_leading": is_leading(viewer, party_organisation_id=party_organisation_id, at=at),
        "is_kept": _is_kept(viewer, version),
        "meeting_place": meeting_place(party_organisation_id=party_organisation_id, at=at),
        "is_joint": version.kind == PartyKind.JOINT_BRANCH,
    }
    return render(request, "registry/party_organisation.html", context)


def _due(value: str, *, at: date) -> Q:
    over = due_condition(at=at, within_months=0)
    if value == "over":
        return over
    return due_condition(at=at, within_months=warning_months(at)) & ~over


def _term_state(term: Term | None, *, at: date) -> str:
    if term is None:
        return ""
    if term.is_over(at):
        return "over"
    return "near" if term.is_near(at) else "running"


def _columns(*, at: date) -> tuple[ListColumn, ...]:
    return (
        ListColumn(
            "name",
            "党组织名称",
            lambda row: row.name,
            link=lambda row: dated_url("party-organisation", row.party_organisation_id, at=at),
            sort=("name",),
        ),
        ListColumn("kind", "类别", lambda row: _kind(row, at=at)),
        ListColumn("parent", "上级党组织", lambda row: row.parent_name, wide=True),
        ListColumn("street", "街道", lambda row: row.street, sort=("street__code",)),
        ListColumn(
            "founded",
            "成立日期",
            lambda row: _founded_date(row, at=at) or PROPOSED,
            sort=("party_organisation__founded_date",),
            wide=True,
        ),
        ListColumn("units", "涵盖单位", lambda row: row.units or 0, sort=("units",), numeric=True),
    )


def _founded_date(row: PartyOrganisationVersion, *, at: date) -> date | None:
    """The day of founding; None where it does not stand on `at`."""
    day = row.party_organisation.founded_date
    return day if day and day <= at else None


def _kind(row: PartyOrganisationVersion, *, at: date) -> str:
    # Beside the name on a phone, where the column of dates is hidden.
    mark = "" if _founded_date(row, at=at) else f"（{PROPOSED}）"
    return f"{row.get_kind_display()}{mark}"


def _new_url(viewer: Viewer) -> str:
    """Where a Party organisation is registered; '' for who keeps no street."""
    is_keeper = may(viewer, Permission.EDIT_LEDGER)
    return (
        reverse("party-organisation-create") if is_keeper and kept_streets(viewer).exists() else ""
    )


def _is_kept(viewer: Viewer, version: PartyOrganisationVersion) -> bool:
    identity = version.party_organisation
    if identity.founded_date is None or identity.dissolved_date is not None:
        return False
    kept = kept_party_organisations(viewer).filter(party_organisation=identity)
    return may(viewer, Permission.EDIT_LEDGER) and kept.exists()


def _filters(viewer: Viewer, *, at: date) -> tuple[ListFilter, ...]:
    return (
        ListFilter(
            "street",
            "街道",
            street_choices(viewer, at=at),
            lambda value: Q(street_id=int(value)),
        ),
        ListFilter("kind", "类别", PartyKind.choices, lambda value: Q(kind=value)),
    )
