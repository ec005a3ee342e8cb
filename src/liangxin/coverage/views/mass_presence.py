"""工会团组织: how many units have them, which have not, and beginning them for ticked units."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from liangxin.coverage.forms.mass_presence import MassBeginForm
from liangxin.coverage.queries import (
    NOT_FILLED_IN_KEY,
    group_condition,
    guide_loads,
    mass_condition,
    mass_organisations,
    mass_table,
    with_presence,
    with_presence_anew,
)
from liangxin.coverage.terms import BaseKind, MassSlice
from liangxin.coverage.views.asked import Question, asked_question
from liangxin.coverage.views.group_filters import asked_shared, group_filters, overview_context
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.registry.actions.mass_presence import MassFacts, begin_mass_presences
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.queries.kept_counts import with_kept_count
from liangxin.registry.queries.organisations import editable_versions, organisation_search
from liangxin.registry.terms import MassKind
from liangxin.ui.listing import ListColumn, ListFilter, Listing, Ticking, list_response

MOST_TICKED = 200
MAX_DIGITS = 18


@page(Permission.SEE_COVERAGE)
def mass_presence(request: ViewerRequest) -> HttpResponse:
    """Shares of units with a union, with a League organisation; units without anything; guides' load."""
    asked = asked_question(request)
    by = asked_shared(request)
    table = mass_table(request.viewer, at=asked.at, base=asked.base, by=by)
    context = {
        **overview_context(asked, by),
        "table": table,
        "rows": [(row, f"&{by.value}={row.key or NOT_FILLED_IN_KEY}") for row in table.rows],
        "loads": guide_loads(request.viewer, at=asked.at),
    }
    return render(request, "coverage/mass_presence.html", context)


@page(Permission.SEE_COVERAGE)
def mass_presence_firms(request: ViewerRequest) -> HttpResponse:
    """Organisations behind the figures; those who keep the ledger tick rows to begin a presence."""
    asked = asked_question(request)
    found = mass_organisations(request.viewer, at=asked.at, base=asked.base)
    rows = with_kept_count(
        found.select_related("organisation", "street", "site"), viewer=request.viewer
    )
    which = request.GET.get("which", "")
    listing = Listing(
        code="mass-presence-organisations",
        title=MassSlice(which).label if which in MassSlice.values else "工会团组织情况",
        columns=_columns(request, asked),
        filters=(
            ListFilter(
                "which",
                "哪些单位",
                MassSlice.choices,
                lambda text: mass_condition(MassSlice(text), at=asked.at),
            ),
            *group_filters(request.viewer, at=asked.at, condition=group_condition),
        ),
        search=organisation_search,
        search_hint="单位名称、拼音首字母或信用代码",
        empty_title="没有这样的单位",
        empty_text="在所选日期和统计口径下，您的范围内没有这样的单位。",
        export_permission=Permission.EXPORT_LISTS,
        ticking=_ticking(request),
        restate=partial(with_presence_anew, at=asked.at, base=asked.base),
    )
    return list_response(
        request,
        listing,
        with_presence(rows, at=asked.at),
        template="coverage/mass_presence_list.html",
        context={"at": asked.at, "base": asked.base, "bases": BaseKind.choices},
    )


@page(Permission.EDIT_LEDGER)
@require_POST
def mass_presence_begin(request: ViewerRequest) -> HttpResponse:
    """Ask since when the ticked units have one, then record it for each of them."""
    today = timezone.localdate()
    units = _ticked(request)
    back = _back(request)
    if not units:
        messages.warning(request, "还没有选中单位：在每行前面打勾，或点“选中本页”。")
        return redirect(back)
    is_answered = "from_date" in request.POST
    kind = MassKind.LEAGUE if f"which={MassSlice.NO_LEAGUE.value}" in back else MassKind.UNION
    form = MassBeginForm(request.POST if is_answered else None, today=today, kind=kind.value)
    if is_answered and form.is_valid():
        facts = MassFacts(
            kind=MassKind(form.cleaned_data["kind"]),
            is_standing=True,
            from_date=form.cleaned_data["from_date"],
        )
        done = begin_mass_presences(
            [one.organisation for one in units], facts, by=request.viewer, today=today
        )
        if done.number:
            messages.success(request, f"已登记 {done.number} 家建有{facts.kind.label}。")
        for reason, number in done.refused:
            messages.error(request, f"{number} 家没有登记：{reason}")
        return redirect(back)
    context = {"form": form, "units": units, "back": back}
    return render(request, "coverage/mass_presence_begin.html", context)


def _ticking(request: ViewerRequest) -> Ticking | None:
    if not may(request.viewer, Permission.EDIT_LEDGER):
        return None
    return Ticking(
        title="选中的登记工会、团组织",
        url=reverse("mass-presence-begin"),
        value=lambda row: str(row.organisation_id),
        label=lambda row: row.name,
    )


def _ticked(request: ViewerRequest) -> Sequence[OrganisationVersion]:
    texts = request.POST.getlist("tick")[:MOST_TICKED]
    keys = [int(text) for text in texts if text.isdecimal() and len(text) <= MAX_DIGITS]
    found = editable_versions(request.viewer, at=timezone.localdate())
    return list(found.filter(organisation_id__in=keys).order_by("name", "organisation_id"))


def _back(request: ViewerRequest) -> str:
    asked = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return asked if asked and is_ours else reverse("mass-presence-organisations")


def _columns(request: ViewerRequest, asked: Question) -> tuple[ListColumn, ...]:
    day = urlencode({"at": asked.at.isoformat()})
    columns = (
        ListColumn(
            "name",
            "单位名称",
            lambda row: row.name,
            link=lambda row: f"{reverse('organisation', args=(row.organisation_id,))}?{day}",
            sort=("name",),
        ),
        ListColumn("street", "街道", lambda row: row.street, sort=("street__code",)),
        ListColumn(
            "employees", "从业人数", lambda row: row.employees, sort=("employees",), numeric=True
        ),
        ListColumn("union", "工会", lambda row: _told(row.has_union)),
        ListColumn("league", "团组织", lambda row: _told(row.has_league)),
        ListColumn("guide", "指导员联络员", lambda row: _told(row.has_guide)),
    )
    if not may(request.viewer, Permission.EDIT_LEDGER):
        return columns
    here = urlencode({"next": request.get_full_path()})
    return (
        *columns,
        ListColumn("set", "登记", lambda row: "登记", link=lambda row: _set(row, here)),
    )


def _set(row: Any, here: str) -> str:
    return f"{reverse('mass-presence-set', args=(row.organisation_id,))}?{here}"


def _told(holds: object) -> str:
    return "有" if holds else "没有"
