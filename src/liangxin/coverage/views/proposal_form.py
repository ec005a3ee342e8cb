"""Asking for a proposal: over which streets, as of which day, by which rules."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from liangxin.coverage.actions.proposals import InvalidProposal, propose_branches
from liangxin.coverage.forms.proposal import USUAL_EFFORT, ProposalForm, values_of
from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.hosting import barred_units
from liangxin.coverage.queries.plan_rules import plan_parameters, plan_rule_rows
from liangxin.coverage.queries.proposals import proposal_or_none
from liangxin.coverage.terms import PlanParameters
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries.choices import unit_label
from liangxin.registry.queries.sites import editable_streets
from liangxin.ui.dates import asked_date

MOST_DIGITS = 7


@page(Permission.PLAN_BRANCHES)
def proposal_new(request: ViewerRequest) -> HttpResponse:
    """拟订联建方案.

    Opened by an officer who sees units that are too small for a branch and must decide for which streets
    to plan, and whether the district's usual limits fit. At a glance: press one button, the rest is filled in.
    """
    today = timezone.localdate()
    form = ProposalForm(
        request.POST or None,
        streets=list(editable_streets(request.viewer).values_list("pk", "name")),
        rules=plan_rule_rows(today),
        today=today,
        viewer=request.viewer,
        initial=_initial(request),
    )
    if request.method == "POST" and form.is_valid():
        made = _proposed(form, request)
        if made is not None:
            return redirect("proposal", made.pk)
    return render(request, "coverage/proposal_form.html", {"form": form})


def _proposed(form: ProposalForm, request: ViewerRequest) -> BranchProposal | None:
    cleaned = form.cleaned_data
    try:
        return propose_branches(
            by=request.viewer,
            title=cleaned["title"],
            at=cleaned["at"],
            street_ids=form.street_ids(),
            parameters=form.parameters(),
            seed=cleaned["seed"],
            effort=float(cleaned["effort"]),
            today=form.today,
            no_hosts=cleaned["no_hosts"],
        )
    except InvalidProposal as refusal:
        form.add_error(None, str(refusal))
        return None


def _initial(request: ViewerRequest) -> dict[str, Any]:
    """What the form starts with: the rules, a day and streets from the address, or `again` a proposal."""
    key = request.GET.get("again", "")
    before = proposal_or_none(request.viewer, int(key)) if key.isdecimal() else None
    if before is not None:
        return {**_as_before(before, request.viewer), **_asked_limits(request, before)}
    at = asked_date(request)
    return {
        **values_of(plan_parameters(at)),
        "title": f"{at.year}年{at.month}月联建方案",
        "at": at,
        "streets": [key for key in request.GET.getlist("street") if key.isdecimal()],
    }


def _asked_limits(request: ViewerRequest, before: BranchProposal) -> dict[str, Any]:
    """Limits from the address in place of the proposal's own; the form still checks them."""
    asked = {name: request.GET.get(name, "") for name in ("street_radius_m", "max_units")}
    found: dict[str, Any] = {
        name: int(text)
        for name, text in asked.items()
        if text.isdecimal() and len(text) < MOST_DIGITS
    }
    if "max_units" in found:
        largest = PlanParameters(**before.parameters).largest_units
        found["largest_units"] = max(found["max_units"], largest)
    return found


def _as_before(proposal: BranchProposal, viewer: Viewer) -> dict[str, Any]:
    efforts = {float(text): text for text in ("0.3", "1", "3")}
    return {
        **values_of(PlanParameters(**proposal.parameters)),
        "title": proposal.title,
        "at": proposal.at,
        "streets": [str(key) for key in proposal.streets.values_list("pk", flat=True)],
        "no_hosts": "\n".join(unit_label(one) for one in barred_units(viewer, proposal)),
        "seed": proposal.seed,
        "effort": efforts.get(proposal.effort, USUAL_EFFORT),
    }
