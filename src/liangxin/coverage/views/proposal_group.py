"""One proposed group: its units, why they belong together, and what has changed since."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liangxin.coverage.models import BranchProposal, ProposedGroup
from liangxin.coverage.queries.changed_facts import group_changes
from liangxin.coverage.queries.establishments import may_adopt
from liangxin.coverage.queries.proposals import group_or_none, units
from liangxin.coverage.terms import EstablishmentState, GroupMode
from liangxin.coverage.views.proposal import (
    UsedParameter,
    ready_proposal_or_404,
    used_parameters,
)
from liangxin.coverage.views.proposal_sketch import sketch
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission

EVERY_GROUP = ("branch.min_full_members", "joint_branch.max_units")
OF_MODE = {
    GroupMode.STREET: ("joint_branch.street_radius_m",),
    GroupMode.INDUSTRY: ("joint_branch.industry_radius_m",),
}


@page(Permission.PLAN_BRANCHES)
def proposed_group(request: ViewerRequest, proposal_id: int, number: int) -> HttpResponse:
    """One proposed group.

    Opened by the officer who weighs it; must decide whether these units should share a branch.
    At a glance: who hosts, how many members, how far they walk, and why just these.
    """
    found = ready_proposal_or_404(request, proposal_id)
    group = group_or_none(request.viewer, found, number)
    if group is None:
        raise Http404
    rows = list(units(request.viewer, group))
    context = {
        "proposal": found,
        "group": group,
        "units": rows,
        "sketch": sketch(rows),
        "rules": _rules(found, group),
        "state": _state(group),
        "may_adopt": not _state(group) and may_adopt(request.viewer, group),
        "changes": group_changes(group, at=timezone.localdate()) if not _state(group) else (),
    }
    return render(request, "coverage/proposed_group.html", context)


def _rules(found: BranchProposal, group: ProposedGroup) -> list[UsedParameter]:
    codes = (*EVERY_GROUP, *OF_MODE.get(GroupMode(group.mode), ()))
    return [one for one in used_parameters(found) if one.code in codes]


def _state(group: ProposedGroup) -> str:
    state: str | None = group.establishment_state  # type: ignore[attr-defined]
    return "" if state is None else str(EstablishmentState(state).label)
