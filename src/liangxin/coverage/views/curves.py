"""距离与覆盖的取舍: asking what each limit gives beside a proposal, and what came of it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liangxin.coverage.actions.curves import InvalidCurve, ask_curve, discard_curve
from liangxin.coverage.forms.curves import CurveForm
from liangxin.coverage.models import BranchProposal, CurvePoint, TravelCurve
from liangxin.coverage.queries.curves import curve_points, curve_state
from liangxin.coverage.queries.curves import curves as curves_of
from liangxin.coverage.terms import ProposalState
from liangxin.coverage.views.curve_chart import curve_chart
from liangxin.coverage.views.proposal import ready_proposal_or_404
from liangxin.kernel.audit import ledger_revision
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response
from liangxin.ui.templatetags.ui import percent, thousands

RATE_PLACES = 2  # limits differ by parts of a percent


@page(Permission.PLAN_BRANCHES)
@never_cache
def curves(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """距离与覆盖的取舍.

    Opened by an officer who wonders whether a wider limit is worth the way; must decide which limits to
    compare. At a glance: the usual choices are filled in, and what was computed before.
    """
    proposal = ready_proposal_or_404(request, proposal_id)
    form = CurveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _asked(form, proposal, request)
        if made is not None:
            return redirect("curve", made.pk)
    return list_response(
        request,
        _curves_listing(),
        curves_of(request.viewer).filter(proposal=proposal),
        template="coverage/curves.html",
        context={"proposal": proposal, "form": form},
    )


@page(Permission.PLAN_BRANCHES)
@never_cache
def curve(request: ViewerRequest, curve_id: int) -> HttpResponse:
    """One computation.

    Opened to choose the limits of the next plan; must decide how far members may be asked to walk.
    At a glance: where the curve bends, what each step of distance covers, and a button to plan with it.
    """
    found = get_object_or_404(curves_of(request.viewer), pk=curve_id)
    state = curve_state(found)
    if state != ProposalState.READY:
        return render(request, "coverage/curve_waiting.html", _waiting(found, state))
    points = curve_points(request.viewer, found)
    return list_response(
        request,
        _points_listing(found),
        points,
        template="coverage/curve.html",
        context={
            "curve": found,
            "chart": curve_chart(found, list(points)),
            "has_changed": ledger_revision() != found.ledger_revision,
        },
    )


@page(Permission.PLAN_BRANCHES)
@require_POST
def curve_discard(request: ViewerRequest, curve_id: int) -> HttpResponse:
    """Throw a computation away."""
    found = curves_of(request.viewer).filter(pk=curve_id).first()
    if found is None:
        raise Http404
    discard_curve(found, by=request.viewer)
    messages.success(request, "已删除这次测算。")
    return redirect("curves", found.proposal_id)


def _asked(form: CurveForm, proposal: BranchProposal, request: ViewerRequest) -> TravelCurve | None:
    cleaned = form.cleaned_data
    try:
        return ask_curve(
            proposal,
            radii_m=cleaned["radii_m"],
            unit_limits=cleaned["unit_limits"],
            by=request.viewer,
        )
    except InvalidCurve as refusal:
        form.add_error(None, str(refusal))
        return None


def _waiting(found: TravelCurve, state: ProposalState) -> dict[str, object]:
    return {
        "curve": found,
        "job": found.job,
        "is_busy": state == ProposalState.WAITING,
        "state": state,
        "failure": found.failure or (found.job.error if found.job else ""),
    }


def _curves_listing() -> Listing:
    return Listing(
        code="curves",
        title="距离与覆盖的取舍",
        columns=(
            ListColumn("created", "测算时间", lambda row: row.created_at, _address, ("id",)),
            ListColumn("radii", "距离（米）", lambda row: _joined(row.radii_m)),
            ListColumn("limits", "单位上限", lambda row: _joined(row.unit_limits)),
            ListColumn("state", "状态", lambda row: _state_words(row)),
            ListColumn("by", "测算人", lambda row: row.created_by or "系统", wide=True),
        ),
        filters=(
            ListFilter(
                "state",
                "状态",
                ((ProposalState.READY.value, "已算好"), (ProposalState.WAITING.value, "未算好")),
                lambda value: Q(state=value),
            ),
        ),
        search=lambda text: Q(created_by__name__icontains=text),
        search_hint="测算人",
        empty_title="还没有测算过",
        empty_text="在上面选好距离和单位上限，点“开始测算”。",
        per_page=20,
        export_permission=Permission.EXPORT_LISTS,
    )


def _points_listing(found: TravelCurve) -> Listing:
    limits = [(str(limit), f"{limit} 个") for limit in found.unit_limits]
    return Listing(
        code="curve",
        title="距离与覆盖的取舍",
        columns=(*_limit_columns(), *_coverage_columns(found), *_travel_columns()),
        filters=(ListFilter("limit", "单位上限", limits, lambda value: Q(unit_limit=int(value))),),
        search=lambda text: Q(street_radius_m=int(text)) if text.isdecimal() else Q(pk__in=()),
        search_hint="距离（米）",
        empty_title="没有这样的组合",
        empty_text="换个距离或单位上限再看。",
        export_permission=Permission.EXPORT_LISTS,
    )


def _limit_columns() -> tuple[ListColumn, ...]:
    return (
        ListColumn("plan", "拟订", lambda row: "按此拟订", _plan_address),
        ListColumn(
            "radius",
            "距离（米）",
            lambda row: row.street_radius_m,
            sort=("street_radius_m",),
            numeric=True,
        ),
        ListColumn(
            "limit", "单位上限", lambda row: row.unit_limit, sort=("unit_limit",), numeric=True
        ),
    )


def _coverage_columns(found: TravelCurve) -> tuple[ListColumn, ...]:
    base = found.base or 0
    return (
        ListColumn(
            "rate",
            f"组织覆盖率（÷ {thousands(base)} 家）",
            lambda row: percent(row.covered_after / base if base else None, RATE_PLACES),
            sort=("covered_after",),
            numeric=True,
        ),
        ListColumn(
            "covered",
            "成立后覆盖",
            lambda row: row.covered_after,
            sort=("covered_after",),
            numeric=True,
        ),
        ListColumn(
            "joined", "纳入单位", lambda row: row.joined_units, sort=("joined_units",), numeric=True
        ),
        ListColumn("left", "未能联建", lambda row: row.left_out, sort=("left_out",), numeric=True),
        ListColumn("groups", "拟建支部", lambda row: row.groups, sort=("groups",), numeric=True),
    )


def _travel_columns() -> tuple[ListColumn, ...]:
    return (
        ListColumn(
            "travel",
            "路程（人·米）",
            lambda row: round(row.cost_mm),
            sort=("cost_mm",),
            numeric=True,
        ),
        ListColumn("mean", "人均单程（米）", _mean_way, numeric=True),
        ListColumn("gap", "比下界多", lambda row: percent(row.gap or 0.0), numeric=True),
    )


def _mean_way(row: CurvePoint) -> int | str:
    return "—" if row.mean_way_m is None else round(row.mean_way_m)


def _plan_address(row: Any) -> str:
    asked = {
        "again": row.curve.proposal_id,
        "street_radius_m": row.street_radius_m,
        "max_units": row.unit_limit,
    }
    return f"{reverse('proposal-new')}?{urlencode(asked)}"


def _address(row: Any) -> str:
    return reverse("curve", args=(row.pk,))


def _joined(numbers: list[int]) -> str:
    return "、".join(str(number) for number in numbers)


def _state_words(row: TravelCurve) -> str:
    state = curve_state(row)
    return "已算好" if state == ProposalState.READY else str(state.label)
