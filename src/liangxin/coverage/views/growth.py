"""党员占比: members among staff, and the lists behind every figure."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from liangxin.coverage.queries import (
    NOT_FILLED_IN_KEY,
    coverage_rules,
    employed,
    group_condition,
    growth_condition,
    growth_members,
    growth_organisations,
    growth_reason,
    growth_step,
    growth_table,
    restated,
    with_members,
)
from liangxin.coverage.terms import BaseKind, Group, GrowthSlice
from liangxin.coverage.views.asked import Question, asked_question
from liangxin.coverage.views.group_filters import asked_shared, group_filters, overview_context
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.registry.queries.kept_counts import with_kept_count
from liangxin.registry.queries.organisations import organisation_search
from liangxin.registry.queries.people import member_search, working_at
from liangxin.registry.terms import MemberStage, Position
from liangxin.standards.industries import sections
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

KNOWN = "known"
POSITIONS: Mapping[str, str] = {**dict(Position.choices), "": "未填"}
TITLES = {
    GrowthSlice.NO_MEMBER: "达到人数没有党员的企业",
    GrowthSlice.NO_PARTY: "达到人数没有党组织的企业",
    GrowthSlice.TRANSFER: "有党员需转接组织关系的单位",
    GrowthSlice.UNSTAFFED: "从业人数未填的单位",
}


@page(Permission.SEE_COVERAGE)
def growth(request: ViewerRequest) -> HttpResponse:
    """Members among staff in the viewer's scope, by street, industry or size, and by position."""
    asked = asked_question(request)
    by = asked_shared(request)
    table = growth_table(request.viewer, at=asked.at, base=asked.base, by=by)
    positions = [
        (title, table.positions.get(code, 0), code or NOT_FILLED_IN_KEY)
        for code, title in POSITIONS.items()
    ]
    context = {
        **overview_context(asked, by),
        "table": table,
        "rows": [(row, row.key or NOT_FILLED_IN_KEY) for row in table.rows],
        "positions": positions,
        "rules": coverage_rules(asked.at),
    }
    return render(request, "coverage/growth.html", context)


@page(Permission.SEE_COVERAGE)
def growth_firms(request: ViewerRequest) -> HttpResponse:
    """Organisations behind the figures of growth, each with its reason and the next step."""
    asked = asked_question(request)
    found = growth_organisations(request.viewer, at=asked.at, base=asked.base)
    rows = with_kept_count(
        found.select_related("organisation", "street", "site"), viewer=request.viewer
    )
    which = request.GET.get("which", "")
    title = "党员占比的单位"
    if which in GrowthSlice.values:
        title = TITLES.get(GrowthSlice(which), title)
    listing = Listing(
        code="growth-organisations",
        title=title,
        columns=_firm_columns(request, asked),
        filters=(
            ListFilter(
                "which",
                "哪些单位",
                GrowthSlice.choices,
                lambda text: growth_condition(GrowthSlice(text), at=asked.at),
            ),
            *group_filters(request.viewer, at=asked.at, condition=group_condition),
        ),
        search=organisation_search,
        search_hint="单位名称、拼音首字母或信用代码",
        empty_title="没有这样的单位",
        empty_text="在所选日期和统计口径下，您的范围内没有这样的单位。",
        export_permission=Permission.EXPORT_LISTS,
        restate=partial(restated, at=asked.at, base=asked.base),
    )
    return list_response(
        request,
        listing,
        with_members(rows, at=asked.at),
        template="coverage/growth_list.html",
        context={"at": asked.at, "base": asked.base, "bases": BaseKind.choices},
    )


@page(Permission.SEE_COVERAGE)
def growth_people(request: ViewerRequest) -> HttpResponse:
    """The members behind the figures of growth."""
    asked = asked_question(request)
    listing = Listing(
        code="growth-members",
        title="在单位工作的党员",
        columns=_member_columns(asked),
        filters=_member_filters(request, asked),
        search=lambda text: member_search(text, at=asked.at),
        search_hint="姓名或工作单位",
        empty_title="没有这样的党员",
        empty_text="在所选日期和统计口径下，台账中没有在这些单位工作的党员。",
        export_permission=Permission.EXPORT_LISTS,
    )
    return list_response(
        request,
        listing,
        with_kept_count(
            growth_members(request.viewer, at=asked.at, base=asked.base), viewer=request.viewer
        ),
        template="coverage/growth_list.html",
        context={"at": asked.at, "base": asked.base, "bases": BaseKind.choices},
    )


def _firm_columns(request: ViewerRequest, asked: Question) -> tuple[ListColumn, ...]:
    rules = coverage_rules(asked.at)
    industry = {section.code: section.name for section in sections()}
    may_edit = may(request.viewer, Permission.EDIT_LEDGER)

    def step_link(row: Any) -> str | None:
        if not may_edit or not growth_step(row, rules=rules):
            return None
        if row.employees is None:
            return reverse("organisation-edit", args=(row.organisation_id,))
        if not employed(row).every and not row.has_guide:
            return reverse("organisation-posting-create", args=(row.organisation_id,))
        return _dated("organisation", row.organisation_id, asked)

    return (
        ListColumn(
            "name",
            "单位名称",
            lambda row: row.name,
            link=lambda row: _dated("organisation", row.organisation_id, asked),
            sort=("name",),
        ),
        ListColumn("street", "街道", lambda row: row.street, sort=("street__code",)),
        ListColumn(
            "industry", "行业", lambda row: industry.get(row.industry_section, ""), wide=True
        ),
        ListColumn(
            "employees", "从业人数", lambda row: row.employees, sort=("employees",), numeric=True
        ),
        ListColumn("members", "党员", lambda row: employed(row).every, numeric=True),
        ListColumn("reason", "情况", lambda row: growth_reason(row, rules=rules)),
        ListColumn("step", "下一步", lambda row: growth_step(row, rules=rules), link=step_link),
    )


def _member_columns(asked: Question) -> tuple[ListColumn, ...]:
    return (
        ListColumn(
            "name",
            "姓名",
            lambda row: row.person.name,
            link=lambda row: _dated("member", row.person_id, asked),
            sort=("person__name",),
        ),
        ListColumn("stage", "人员类别", lambda row: row.get_stage_display()),
        ListColumn(
            "employer",
            "工作单位",
            lambda row: row.employer_name,
            link=lambda row: _dated("organisation", row.employer_id, asked),
        ),
        ListColumn("position", "岗位类别", lambda row: POSITIONS.get(row.position or "", "")),
        ListColumn(
            "held", "组织关系", lambda row: row.held_in_name or row.elsewhere or "未登记", wide=True
        ),
    )


def _member_filters(request: ViewerRequest, asked: Question) -> tuple[ListFilter, ...]:
    def of_group(group: Group) -> Q:
        units = growth_organisations(request.viewer, at=asked.at, base=asked.base, groups=(group,))
        return working_at(units, at=asked.at)

    def staffed(_: str) -> Q:
        units = growth_organisations(
            request.viewer, at=asked.at, base=asked.base, which=GrowthSlice.STAFFED
        )
        return working_at(units, at=asked.at)

    return (
        ListFilter("stage", "人员类别", MemberStage.choices, lambda text: Q(stage=text)),
        ListFilter(
            "position",
            "岗位类别",
            [(code or NOT_FILLED_IN_KEY, title) for code, title in POSITIONS.items()],
            lambda text: Q(position="" if text == NOT_FILLED_IN_KEY else text),
        ),
        ListFilter("staff", "单位从业人数", [(KNOWN, "已填")], staffed),
        *group_filters(request.viewer, at=asked.at, condition=of_group),
    )


def _dated(route: str, key: int, asked: Question) -> str:
    return f"{reverse(route, args=(key,))}?{urlencode({'at': asked.at.isoformat()})}"
