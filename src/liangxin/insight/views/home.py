"""Where everybody lands after logging in: one page per role."""

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liangxin.coverage.queries import NOT_FILLED_IN_KEY, CoverageRow, CoverageTable, usual_base
from liangxin.coverage.terms import Slice
from liangxin.insight.queries.home import desk, led_organisations, office, own_firms, served_firms
from liangxin.insight.queries.own_record import own_records
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.kernel.viewer import ROLE_TITLES, Role, Viewer

WORST_GROUPS = 6
Context = Mapping[str, object]


@page(Permission.SEE_HOME)
@never_cache
def home(request: ViewerRequest) -> HttpResponse:
    """The viewer's own starting page; who holds several roles chooses by `?role=`."""
    viewer = request.viewer
    held = [role for role in ROLE_TITLES if role in viewer.roles]
    asked = request.GET.get("role", "")
    role = next((one for one in held if one == asked), held[0])
    template, context = _PAGES[role]
    today = timezone.localdate()
    shown = {
        "role": role,
        "role_title": ROLE_TITLES[role],
        "roles": [(one, ROLE_TITLES[one]) for one in held] if len(held) > 1 else [],
        "at": today,
        **context(viewer, today),
    }
    return render(request, f"insight/{template}.html", shown)


def _desk(viewer: Viewer, today: date) -> Context:
    base = usual_base(today)
    found = desk(viewer, at=today, base=base)
    return {"desk": found, "base": base, "worst": _worst(found.table)}


def _worst(table: CoverageTable) -> list[tuple[CoverageRow, str]]:
    """The groups with the widest gaps, each with the address of its list."""
    lists = reverse("coverage-organisations")
    by = table.by.value if table.by else ""
    return [
        (row, f"{lists}?{urlencode({'which': Slice.UNCOVERED, by: row.key or NOT_FILLED_IN_KEY})}")
        for row in table.worst(WORST_GROUPS)
    ]


def _secretary(viewer: Viewer, today: date) -> Context:
    return {"led": led_organisations(viewer, at=today)}


def _instructor(viewer: Viewer, today: date) -> Context:
    return {"firms": served_firms(viewer, at=today)}


def _owner(viewer: Viewer, today: date) -> Context:
    return {"firms": own_firms(viewer, at=today)}


def _member(viewer: Viewer, today: date) -> Context:
    return {"records": own_records(viewer, at=today)}


def _administrator(viewer: Viewer, today: date) -> Context:
    return {"office": office(viewer, at=today)}


def _subscriber(viewer: Viewer, today: date) -> Context:
    return {}


_PAGES: dict[Role, tuple[str, Callable[[Viewer, date], Context]]] = {
    Role.DISTRICT_OFFICE: ("home_desk", _desk),
    Role.COMMITTEE_OFFICER: ("home_desk", _desk),
    Role.SECRETARY: ("home_secretary", _secretary),
    Role.INSTRUCTOR: ("home_instructor", _instructor),
    Role.OWNER: ("home_owner", _owner),
    Role.MEMBER: ("home_member", _member),
    Role.SUBSCRIBER: ("home_subscriber", _subscriber),
    Role.ADMINISTRATOR: ("home_administrator", _administrator),
}
