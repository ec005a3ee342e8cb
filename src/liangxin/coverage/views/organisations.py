"""The list behind every figure of coverage: which organisations, and why not covered."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from liangxin.coverage.queries import (
    NOT_FILLED_IN_KEY,
    CoverageRules,
    Versions,
    coverage_rules,
    covered_state,
    group_condition,
    group_titles,
    planned_branch,
    reason_condition,
    restated,
    slice_condition,
    stated_reason,
    transfer_condition,
    with_full_members,
    with_planned_branches,
)
from liangxin.coverage.terms import (
    BaseKind,
    Coverage,
    Group,
    Grouping,
    ReasonCode,
    Slice,
    Standing,
)
from liangxin.coverage.views.asked import Question, asked_question
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.queries.kept_counts import with_kept_count
from liangxin.registry.queries.organisations import organisation_search
from liangxin.registry.queries.sites import visible_sites, visible_streets
from liangxin.standards.industries import sections
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

TRANSFER = "transfer"
WITHOUT_PARTY = (Coverage.WORK, Coverage.NONE)
TITLES = {
    Slice.UNCOVERED: "未覆盖清单",
    Slice.WITHOUT: "没有党组织的单位",
    Slice.UNKNOWN: "状态不明的单位",
}
DEFAULT_TITLE = "覆盖名单"
# Every other column would be read for each of 200,000 rows before the sort keeps fifty of them.
FIELDS = (
    "name",
    "employees",
    "industry_section",
    "size_class",
    "organisation__uscc",
    "street__name",
    "site__name",
)


@page(Permission.SEE_COVERAGE)
def organisations(request: ViewerRequest) -> HttpResponse:
    """Organisations that count, with how they are covered and the reason where they are not."""
    asked = asked_question(request)
    return list_response(
        request,
        _listing(request, asked),
        _queryset(request, asked),
        template="coverage/organisations.html",
        context={
            "at": asked.at,
            "base": asked.base,
            "bases": BaseKind.choices,
            "list_action": "拟订联建方案",
            "list_action_url": _planning_address(request, asked),
        },
    )


@page(Permission.SEE_COVERAGE)
def uncovered(request: ViewerRequest) -> HttpResponse:
    """未覆盖清单: today's list of organisations that neither coverage reaches."""
    address = reverse("coverage-organisations")
    return redirect(f"{address}?{urlencode({'which': Slice.UNCOVERED.value})}")


def _queryset(request: ViewerRequest, asked: Question) -> Versions:
    found = covered_state(request.viewer, at=asked.at, base=asked.base)
    counted = found.filter(standing__in=(Standing.IN_BASE, Standing.UNKNOWN))
    rows = counted.select_related("organisation", "street", "site").only(*FIELDS)
    ordered = rows.order_by(F("employees").desc(nulls_last=True))
    kept = with_kept_count(ordered, viewer=request.viewer)
    return with_planned_branches(with_full_members(kept, at=asked.at), at=asked.at)


def _planning_address(request: ViewerRequest, asked: Question) -> str:
    """Where joint branches are planned for what is listed; '' for lists that need no planning."""
    is_open = request.GET.get("which") in (Slice.UNCOVERED, Slice.WITHOUT)
    is_join = request.GET.get("reason") == ReasonCode.JOIN
    other = request.GET.get("reason") not in (None, "", ReasonCode.JOIN)
    if other or not (is_open or is_join) or not may(request.viewer, Permission.PLAN_BRANCHES):
        return ""
    told = {"at": asked.at.isoformat(), "street": request.GET.get("street", "")}
    return f"{reverse('proposal-new')}?{urlencode({k: v for k, v in told.items() if v})}"


def _listing(request: ViewerRequest, asked: Question) -> Listing:
    which = request.GET.get("which", "")
    return Listing(
        code="coverage-organisations",
        title=TITLES.get(Slice(which), DEFAULT_TITLE) if which in Slice.values else DEFAULT_TITLE,
        columns=_columns(asked),
        filters=_filters(request, asked),
        search=organisation_search,
        search_hint="单位名称、拼音首字母或信用代码",
        empty_title="没有这样的单位",
        empty_text="在所选日期和统计口径下，您的范围内没有这样的单位。",
        export_permission=Permission.EXPORT_LISTS,
        restate=partial(restated, at=asked.at, base=asked.base),
    )


def _columns(asked: Question) -> tuple[ListColumn, ...]:
    industry = {section.code: section.name for section in sections()}
    return (
        ListColumn(
            "name",
            "单位名称",
            lambda row: row.name,
            link=lambda row: _organisation_address(row, asked),
            sort=("name",),
        ),
        ListColumn("street", "街道", lambda row: row.street, sort=("street__code",)),
        ListColumn("site", "楼宇园区", lambda row: row.site, sort=("site__name",), wide=True),
        ListColumn(
            "industry", "行业", lambda row: industry.get(row.industry_section, ""), wide=True
        ),
        ListColumn(
            "employees", "从业人数", lambda row: row.employees, sort=("employees",), numeric=True
        ),
        ListColumn("coverage", "覆盖情况", _covered_how),
        ListColumn("reason", "原因和办法", _reason_teller(coverage_rules(asked.at))),
    )


def _organisation_address(row: OrganisationVersion, asked: Question) -> str:
    address = reverse("organisation", args=(row.organisation_id,))
    return f"{address}?{urlencode({'at': asked.at.isoformat()})}"


def _covered_how(row: Any) -> str:
    if row.standing == Standing.UNKNOWN:
        return str(Standing.UNKNOWN.label)
    return str(Coverage(row.coverage).label)


def _reason_teller(rules: CoverageRules) -> Callable[[Any], str]:
    # The rows are of the viewer's own coverage scope, so that their reasons are open to the viewer.
    def tell(row: Any) -> str:
        if row.coverage not in WITHOUT_PARTY:
            return ""
        return stated_reason(row, rules=rules, planned=planned_branch(row)).text

    return tell


def _filters(request: ViewerRequest, asked: Question) -> tuple[ListFilter, ...]:
    return (
        ListFilter("which", "覆盖情况", Slice.choices, lambda text: slice_condition(Slice(text))),
        ListFilter(
            "reason",
            "原因",
            [*ReasonCode.choices, (TRANSFER, "有党员需转接组织关系")],
            lambda text: _reason_condition(request, asked, text),
        ),
        _street_filter(request, asked),
        *_site_filter(request, asked),
        _group_filter(Grouping.INDUSTRY, []),
        _group_filter(Grouping.SIZE, []),
    )


def _reason_condition(request: ViewerRequest, asked: Question, text: str) -> Q:
    without = slice_condition(Slice.WITHOUT)
    if text == TRANSFER:
        return without & transfer_condition(viewer=request.viewer, at=asked.at)
    return without & reason_condition(ReasonCode(text), viewer=request.viewer, at=asked.at)


def _street_filter(request: ViewerRequest, asked: Question) -> ListFilter:
    """Only the viewer's streets are offered, and the district itself where somebody has written it so."""
    visible = set(visible_streets(request.viewer, at=asked.at).values_list("pk", flat=True))
    key = request.GET.get("street", "")
    if key.isdecimal() and request.viewer.sees_district():
        visible.add(int(key))
    return _group_filter(Grouping.STREET, [key], among={str(pk) for pk in visible})


def _group_filter(
    by: Grouping, keys: Sequence[str], *, among: Collection[str] | None = None
) -> ListFilter:
    titles = group_titles(by, keys=[key for key in keys if key.isdecimal()])
    return ListFilter(
        by.value,
        str(by.label),
        [
            (key or NOT_FILLED_IN_KEY, title)
            for key, title in titles.items()
            if among is None or not key or key in among
        ],
        lambda text: group_condition(Group(by, "" if text == NOT_FILLED_IN_KEY else text)),
    )


def _site_filter(request: ViewerRequest, asked: Question) -> tuple[ListFilter, ...]:
    """Visible sites of the chosen street and the one asked for: a district has too many to offer at once."""
    street, site = request.GET.get("street", ""), request.GET.get("site", "")
    wanted = Q(pk=int(site)) if site.isdecimal() else Q(pk__in=())
    if street.isdecimal():
        wanted |= Q(street_id=int(street))
    found = visible_sites(request.viewer, at=asked.at).filter(wanted).order_by("name", "pk")
    keys = [str(pk) for pk in found.values_list("pk", flat=True)]
    is_asked = bool(keys) or site == NOT_FILLED_IN_KEY
    return (_group_filter(Grouping.SITE, keys),) if is_asked else ()
