"""一街一页, 一楼一页: the streets, one of them, and one site."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from liangxin.coverage.queries import CoverageRow, Versions, stated, usual_base
from liangxin.coverage.terms import Base, Coverage, Grouping, ReasonCode, Slice, Standing
from liangxin.insight.queries.places import (
    site_branches,
    site_guides,
    site_place,
    site_state,
    street_rows,
    street_state,
)
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.registry.models import Area
from liangxin.registry.queries.changes import industry_title
from liangxin.registry.queries.keeping import kept_sites
from liangxin.registry.queries.organisations import organisation_search
from liangxin.registry.queries.sites import described_sites, tenants, visible_streets
from liangxin.registry.terms import OrganisationKind, OrganisationStatus, SizeClassCode
from liangxin.ui.dates import asked_date
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

REASON_WORDS = {
    ReasonCode.OWN_BRANCH.value: "家可以单独建党支部",
    ReasonCode.JOIN.value: "家可以联合组建",
    ReasonCode.GUIDE.value: "家应选派指导员或联络员",
}


@page(Permission.SEE_COVERAGE)
def streets(request: ViewerRequest) -> HttpResponse:
    """The streets with both coverages side by side: every figure opens its list."""
    at = asked_date(request)
    base = usual_base(at)
    listing = Listing(
        code="streets",
        title="街道",
        columns=_street_columns(street_rows(request.viewer, at=at, base=base), at=at),
        search=lambda text: Q(name__icontains=text),
        search_hint="街道名称",
        empty_title="还没有街道",
        empty_text="街道随区划边界文件导入；管理员见“安装与运维”。",
        export_permission=Permission.EXPORT_LISTS,
    )
    context = {"at": at, "base": base}
    found = visible_streets(request.viewer, at=at)
    return list_response(request, listing, found, template="insight/streets.html", context=context)


@page(Permission.SEE_COVERAGE)
def street(request: ViewerRequest, area_id: int) -> HttpResponse:
    """一街一页."""
    at = asked_date(request)
    base = usual_base(at)
    place = get_object_or_404(visible_streets(request.viewer, at=at), pk=area_id)
    found = street_state(request.viewer, place, at=at, base=base)
    context = {
        "at": at,
        "base": base,
        "place": place,
        "found": found,
        "to_do": _to_do(found.state.reasons, Grouping.STREET, area_id, at=at),
        "by": "street",
        "may_reorganise": request.viewer.sees_district() and at == timezone.localdate(),
    }
    return render(request, "insight/street.html", context)


@page(Permission.SEE_LEDGER)
def site(request: ViewerRequest, site_id: int) -> HttpResponse:
    """一楼一页: the firms of one site, how they are covered, and what comes next."""
    at, viewer = asked_date(request), request.viewer
    place = get_object_or_404(described_sites(viewer, at=at), pk=site_id)
    base = usual_base(at) if may(viewer, Permission.SEE_COVERAGE) else None
    state = site_state(viewer, place, at=at, base=base) if base else None
    is_kept = (
        may(viewer, Permission.EDIT_LEDGER)
        and at == timezone.localdate()
        and kept_sites(viewer).filter(pk=place.pk).exists()
    )
    context = {
        "at": at,
        "base": base,
        "place": place,
        "state": state,
        "to_do": _to_do(state.reasons, Grouping.SITE, site_id, at=at) if state else (),
        "by": "site",
        "branches": site_branches(viewer, place, at=at),
        "guides": site_guides(viewer, place, at=at),
        "sketch": site_place(viewer, place, at=at),
        "is_kept": is_kept,
    }
    rows: Versions = tenants(viewer, site_id=place.pk, at=at)
    if base is not None:
        rows = stated(rows, at=at, base=base)
    listing = _tenant_listing(place.name, base=base, at=at)
    return list_response(request, listing, rows, template="insight/site.html", context=context)


def _tenant_listing(name: str, *, base: Base | None, at: date) -> Listing:
    columns: list[ListColumn] = [
        ListColumn(
            "name",
            "单位名称",
            lambda row: row.name,
            link=lambda row: _dated("organisation", row.organisation_id, at=at),
            sort=("name",),
        ),
        ListColumn("industry", "行业", _industry, wide=True),
        ListColumn(
            "employees", "从业人数", lambda row: row.employees, sort=("employees",), numeric=True
        ),
        ListColumn("status", "状态", lambda row: row.get_status_display()),
    ]
    filters = [
        ListFilter("kind", "类型", OrganisationKind.choices, lambda value: Q(kind=value)),
        ListFilter("status", "状态", OrganisationStatus.choices, lambda value: Q(status=value)),
        ListFilter("size", "规模", SizeClassCode.choices, lambda value: Q(size_class=value)),
    ]
    if base is not None:
        columns.append(ListColumn("coverage", "覆盖情况", _covered_how))
        filters.append(
            ListFilter(
                "coverage",
                "覆盖情况",
                Coverage.choices,
                lambda value: Q(standing=Standing.IN_BASE, coverage=value),
            )
        )
    return Listing(
        code="tenants",
        title=name,
        columns=columns,
        filters=filters,
        search=organisation_search,
        search_hint="单位名称、拼音首字母或信用代码",
        empty_title="台账里没有单位登记在这里",
        empty_text="在单位资料里选择所在楼宇后，会列在这里。",
        export_permission=Permission.EXPORT_LISTS,
    )


def _covered_how(row: Any) -> str:
    if row.standing != Standing.IN_BASE:
        return str(Standing(row.standing).label)
    return str(Coverage(row.coverage).label)


def _industry(row: Any) -> str:
    return industry_title(row.industry_code) if row.industry_code else ""


def _street_columns(rows: dict[str, CoverageRow], *, at: date) -> tuple[ListColumn, ...]:
    def row_of(area: Area) -> CoverageRow:
        return rows.get(str(area.pk)) or CoverageRow(key=str(area.pk), title=area.name)

    def figure(code: str, title: str, which: Slice, *, wide: bool = False) -> ListColumn:
        return ListColumn(
            code,
            title,
            lambda area: row_of(area).count(which),
            link=lambda area: _listed(which, Grouping.STREET, area.pk, at=at),
            numeric=True,
            wide=wide,
        )

    def share(code: str, title: str, name: str) -> ListColumn:
        return ListColumn(
            code,
            title,
            lambda area: _percent(getattr(row_of(area), name).value),
            numeric=True,
        )

    return (
        ListColumn(
            "name",
            "街道",
            lambda area: area.name,
            link=lambda area: _dated("street", area.pk, at=at),
            sort=("name",),
        ),
        figure("base", "统计基数", Slice.BASE),
        figure("covered", "组织覆盖", Slice.ORGANISATION, wide=True),
        share("covered_share", "组织覆盖率", "organisation_share"),
        figure("work", "工作覆盖", Slice.WORK, wide=True),
        share("work_share", "工作覆盖率", "work_share"),
        figure("gap", "均未覆盖", Slice.UNCOVERED),
    )


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1%}"


def _listed(which: Slice, by: Grouping, key: int, *, at: date) -> str:
    told = {"which": which.value, by.value: key}
    return f"{reverse('coverage-organisations')}?{urlencode(told | _at(at))}"


def _to_do(
    reasons: Sequence[tuple[str, int]], by: Grouping, key: int, *, at: date
) -> list[tuple[int, str, str]]:
    """What lacks, as number, words and the address of the list."""
    found = []
    for code, number in reasons:
        told: dict[str, object] = {"reason": code, by.value: key}
        if code == ReasonCode.GUIDE:
            told["which"] = Slice.UNCOVERED.value
        url = f"{reverse('coverage-organisations')}?{urlencode(told | _at(at))}"
        found.append((number, REASON_WORDS[code], url))
    return found


def _dated(name: str, key: int, *, at: date) -> str:
    asked = urlencode(_at(at))
    url = reverse(name, args=(key,))
    return f"{url}?{asked}" if asked else url


def _at(at: date) -> dict[str, object]:
    return {} if at == timezone.localdate() else {"at": at.isoformat()}
