"""发展党员重点单位: asking where new members would help most, and what came of it."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liangxin.coverage.actions.targets import InvalidQuota, NotReady, ask_targets, discard_targets
from liangxin.coverage.forms.targets import TargetForm
from liangxin.coverage.models import TargetPlan
from liangxin.coverage.queries.proposals import proposal_or_none
from liangxin.coverage.queries.proposals import proposals as proposals_of
from liangxin.coverage.queries.targets import (
    quotas_of,
    street_targets,
    target_counts,
    target_plans,
    target_state,
    touching_street,
)
from liangxin.coverage.queries.targets import targets as targets_of
from liangxin.coverage.terms import ProposalState, TargetGoal, TargetKind
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

MOST_OFFERED = 50


@page(Permission.PLAN_BRANCHES)
def targets(request: ViewerRequest) -> HttpResponse:
    """发展重点单位.

    Opened by the district office before the year's development plan is made; must decide which computation
    to look at, or to ask for a new one. At a glance: the year, the goal, beside which proposal.
    """
    listing = Listing(
        code="targets",
        title="发展党员重点单位",
        columns=(
            ListColumn("year", "测算", _title, link=_address, sort=("year",)),
            ListColumn("goal", "先顾什么", lambda row: row.get_goal_display(), sort=("goal",)),
            ListColumn("proposal", "在哪个方案之外", lambda row: row.proposal.title),
            ListColumn("state", "状态", lambda row: _state_words(row)),
            ListColumn("by", "测算人", lambda row: row.created_by or "系统", wide=True),
            ListColumn("created", "测算时间", lambda row: row.created_at, sort=("id",), wide=True),
        ),
        filters=(ListFilter("goal", "先顾什么", TargetGoal.choices, lambda value: Q(goal=value)),),
        search=lambda text: Q(proposal__title__icontains=text),
        search_hint="联建方案名称",
        empty_title="还没有测算过",
        empty_text="先有一个算好的联建方案，再点“测算发展重点”，看在哪些单位发展党员最能补上覆盖。",
        per_page=20,
        export_permission=Permission.EXPORT_LISTS,
    )
    return list_response(
        request,
        listing,
        target_plans(request.viewer),
        template="coverage/targets.html",
        context={"may_set_quotas": may(request.viewer, Permission.EDIT_RULES)},
    )


@page(Permission.PLAN_BRANCHES)
def targets_new(request: ViewerRequest) -> HttpResponse:
    """Ask for development targets: beside which proposal, for which year, for what."""
    year = timezone.localdate().year
    offered = proposals_of(request.viewer).filter(state=ProposalState.READY)
    form = TargetForm(
        request.POST or None,
        proposals=[(one.pk, f"{one.title}（{one.at} 台账）") for one in offered[:MOST_OFFERED]],
        initial={"year": year, "proposal": request.GET.get("proposal", "")},
    )
    if request.method == "POST" and form.is_valid():
        made = _asked(form, request)
        if made is not None:
            return redirect("target-plan", made.pk)
    context = {
        "form": form,
        "year": year,
        "limited": len(quotas_of(year)),
        "may": offered.exists(),
        "may_set_quotas": may(request.viewer, Permission.EDIT_RULES),
    }
    return render(request, "coverage/target_form.html", context)


@page(Permission.PLAN_BRANCHES)
@never_cache
def target_plan(request: ViewerRequest, plan_id: int) -> HttpResponse:
    """One computation.

    Opened to hand streets their development priorities; must decide where to spend the year's quota.
    At a glance: how many new members cover how many firms, who goes first and why, how good it is.
    """
    found = get_object_or_404(target_plans(request.viewer), pk=plan_id)
    state = target_state(found)
    if state != ProposalState.READY:
        return render(request, "coverage/target_waiting.html", _waiting(found, state))
    return list_response(
        request,
        _listing(request, found),
        targets_of(request.viewer, found),
        template="coverage/target_plan.html",
        context={
            "plan": found,
            "counts": target_counts(request.viewer, found),
            "streets": street_targets(request.viewer, found),
            "unlimited": not found.quotas,
        },
    )


@page(Permission.PLAN_BRANCHES)
@require_POST
def target_discard(request: ViewerRequest, plan_id: int) -> HttpResponse:
    """Throw a computation away."""
    found = target_plans(request.viewer).filter(pk=plan_id).first()
    if found is None:
        raise Http404
    discard_targets(found, by=request.viewer)
    messages.success(request, "已删除这次测算。")
    return redirect("targets")


def _asked(form: TargetForm, request: ViewerRequest) -> TargetPlan | None:
    cleaned = form.cleaned_data
    proposal = proposal_or_none(request.viewer, cleaned["proposal"])
    if proposal is None:
        raise Http404
    try:
        goal = TargetGoal(cleaned["goal"])
        return ask_targets(proposal, year=cleaned["year"], goal=goal, by=request.viewer)
    except (InvalidQuota, NotReady) as refusal:
        form.add_error(None, str(refusal))
        return None


def _waiting(found: TargetPlan, state: ProposalState) -> dict[str, object]:
    return {
        "plan": found,
        "job": found.job,
        "is_busy": state == ProposalState.WAITING,
        "state": state,
        "failure": found.failure or (found.job.error if found.job else ""),
    }


def _listing(request: ViewerRequest, found: TargetPlan) -> Listing:
    streets = [
        (str(one.street.pk), one.street.name) for one in street_targets(request.viewer, found)
    ]
    return Listing(
        code="target-plan",
        title=f"{found.year}年发展党员重点单位",
        columns=(
            ListColumn("number", "次序", lambda row: row.number, sort=("number",), numeric=True),
            ListColumn("name", "重点单位", lambda row: row.unit_name, link=_unit_address),
            ListColumn("street", "街道", lambda row: row.street_name),
            ListColumn("kind", "作用", lambda row: row.get_kind_display(), sort=("kind",)),
            ListColumn(
                "new", "需发展", lambda row: row.new_members, sort=("new_members",), numeric=True
            ),
            ListColumn(
                "covered", "新覆盖单位", lambda row: row.covered, sort=("covered",), numeric=True
            ),
            ListColumn(
                "staff",
                "新覆盖职工",
                lambda row: row.covered_staff,
                sort=("covered_staff",),
                numeric=True,
            ),
            ListColumn("text", "说明", lambda row: row.text),
        ),
        filters=(
            ListFilter("street", "街道", streets, lambda value: touching_street(int(value))),
            ListFilter("kind", "作用", TargetKind.choices, lambda value: Q(kind=value)),
            ListFilter(
                "size",
                "新覆盖",
                (("several", "两家以上"), ("one", "一家"), ("none", "不增加覆盖")),
                _covering,
            ),
        ),
        search=lambda text: Q(text__icontains=text),
        search_hint="单位名称",
        empty_title="没有这样的重点单位",
        empty_text="名额为 0，或范围内没有靠一两名党员就能覆盖的单位。",
        export_permission=Permission.EXPORT_LISTS,
    )


def _covering(value: str) -> Q:
    return {"several": Q(covered__gt=1), "one": Q(covered=1), "none": Q(covered=0)}[value]


def _unit_address(row: Any) -> str:
    return reverse("organisation", args=(row.unit_key,))


def _title(row: TargetPlan) -> str:
    return f"{row.year}年发展重点"


def _address(row: Any) -> str:
    return reverse("target-plan", args=(row.pk,))


def _state_words(row: TargetPlan) -> str:
    state = target_state(row)
    return "已算好" if state == ProposalState.READY else str(state.label)
