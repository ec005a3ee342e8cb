"""挂图作战: where the gaps are today, and where to send people this week."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import condition

from liangxin.coverage.queries import (
    BRIEF,
    cache_key,
    coverage_rules,
    coverage_table,
    is_of_standing,
    list_query,
    reason_counts,
    shown_table,
    usual_base,
)
from liangxin.coverage.terms import Base, BaseKind, Grouping, ReasonCode, Slice, asked_base
from liangxin.insight.queries.board import (
    gap_shades,
    named_organisations,
    organisation_points,
    street_shapes,
)
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.ui.dates import asked_date

TRANSFER = "transfer"
MAX_ROWS = 10


@dataclass(frozen=True)
class Step:
    """Something to do this week: for how many, what, and the query string of their list.

    `plan_url` is where it is done, if the viewer may.
    """

    count: int
    title: str
    text: str
    query: str
    plan_url: str = ""


@page(Permission.SEE_COVERAGE)
def board(request: ViewerRequest) -> HttpResponse:
    """The board of the viewer's scope."""
    at, by = asked_date(request), _grouping(request)
    base, warning = asked_base(request.GET, usual=usual_base(at))
    if warning:
        messages.warning(request, warning)
    streets = coverage_table(request.viewer, at=at, base=base, by=Grouping.STREET)
    grouped = coverage_table(request.viewer, at=at, base=base, by=by)
    context = {
        "at": at,
        "base": base,
        "bases": BaseKind.choices,
        "by": by,
        "groupings": Grouping.choices,
        "streets": shown_table(streets, columns=BRIEF),
        "figures": shown_table(streets).total.cells,
        "grouped": shown_table(grouped, rows=slice(MAX_ROWS)),
        "grouped_rest": max(0, len(grouped.rows) - MAX_ROWS),
        "shades": gap_shades(streets),
        "steps": _steps(request, at=at, base=base),
        "asked": list_query(at=at, base=base, which=Slice.UNCOVERED),
        "tile_url": settings.MAP_TILE_URL,
        "list_url": reverse("coverage-organisations"),
    }
    return render(request, "insight/board.html", context)


def _asked(request: HttpRequest) -> tuple[date, Base]:
    at = asked_date(request)
    return at, asked_base(request.GET, usual=usual_base(at))[0]


def _etag(request: HttpRequest) -> str:
    viewer = request.viewer  # type: ignore[attr-defined]
    at, base = _asked(request)
    key = cache_key(
        request.path, viewer, at=at, parts=(base.code,), by_standing=is_of_standing(base)
    )
    return f'"{hashlib.sha256(key.encode()).hexdigest()[:32]}"'


@page(Permission.SEE_COVERAGE)
@condition(etag_func=_etag)
def board_streets(request: ViewerRequest) -> HttpResponse:
    """Streets as GeoJSON with their figures."""
    at, base = _asked(request)
    response = JsonResponse(street_shapes(request.viewer, at=at, base=base))
    return _private(response)


@page(Permission.SEE_COVERAGE)
@condition(etag_func=_etag)
def board_points(request: ViewerRequest) -> HttpResponse:
    """Places of organisations as columnar JSON."""
    at, base = _asked(request)
    points = organisation_points(request.viewer, at=at, base=base)
    return _private(HttpResponse(points, content_type="application/json"))


@page(Permission.SEE_COVERAGE)
def board_place(request: ViewerRequest) -> HttpResponse:
    """Which organisations stand at a place on the map, as a fragment; `ids` are theirs."""
    at, base = _asked(request)
    ids = [int(text) for text in request.GET.get("ids", "").split(",") if text.isdecimal()]
    found = named_organisations(request.viewer, ids, at=at, base=base)
    return render(
        request, "insight/_board_place.html", {"found": found, "at": at, "count": len(ids)}
    )


def _private(response: HttpResponse) -> HttpResponse:
    # Shared caches must never keep one viewer's scope for another; the browser asks again each time.
    response["Cache-Control"] = "private, no-cache"
    return response


def _grouping(request: ViewerRequest) -> Grouping:
    text = request.GET.get("by", "")
    return Grouping(text) if text in Grouping.values else Grouping.SITE


def _steps(request: ViewerRequest, *, at: date, base: Base) -> Sequence[Step]:
    counts = reason_counts(request.viewer, at=at, base=base)
    least = coverage_rules(at).branch_min_full

    def query(which: Slice, reason: str) -> str:
        return list_query(at=at, base=base, which=which, reason=reason)

    return (
        Step(
            counts.own_branch,
            "可单独组建",
            f"已有 {least} 名以上正式党员而没有党组织，先建这些",
            query(Slice.WITHOUT, ReasonCode.OWN_BRANCH.value),
        ),
        Step(
            counts.transfer,
            "先转组织关系",
            "有党员的组织关系在别处，转来才能计入支部",
            query(Slice.WITHOUT, TRANSFER),
        ),
        Step(
            counts.join,
            "可联合组建",
            f"有正式党员但不足 {least} 名，与邻近或同行业单位联建",
            query(Slice.WITHOUT, ReasonCode.JOIN.value),
            _planning_address(request, at=at) if counts.join else "",
        ),
        Step(
            counts.guide,
            "选派指导员或联络员",
            "没有正式党员，工作覆盖也没有到",
            query(Slice.UNCOVERED, ReasonCode.GUIDE.value),
        ),
    )


def _planning_address(request: ViewerRequest, *, at: date) -> str:
    if not may(request.viewer, Permission.PLAN_BRANCHES):
        return ""
    return f"{reverse('proposal-new')}?at={at.isoformat()}"
