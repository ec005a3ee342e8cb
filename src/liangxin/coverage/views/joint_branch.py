"""One joint branch that stands: what is out of order, the next step, and the plan of its neighbourhood."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liangxin.coverage.actions.proposals import InvalidProposal
from liangxin.coverage.actions.replans import propose_replan
from liangxin.coverage.queries.branch_flags import Flag, flags_of
from liangxin.coverage.queries.branch_page import branch_units, replans_of
from liangxin.coverage.queries.branch_units import joint_branches
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.models import Organisation
from liangxin.registry.queries.party import meeting_place, posts
from liangxin.registry.queries.reorganisations import branch_acts
from liangxin.registry.queries.rules import rule_at

REPLANNED = ("closed", "far", "few", "lone", "crowded", "moved")


@page(Permission.PLAN_BRANCHES)
@never_cache
def joint_branch(request: ViewerRequest, party_organisation_id: int) -> HttpResponse:
    """One joint branch.

    Opened from the list of flagged ones; must decide whether a unit leaves, another joins, the
    neighbourhood is planned anew, or the branch ends. At a glance: what is wrong, by which rule, what next.
    """
    today = timezone.localdate()
    version = _kept(request, party_organisation_id, at=today)
    flags = flags_of(request.viewer, party_organisation_id, at=today)
    context = {
        "version": version,
        "flags": _shown(flags, at=today),
        "units": branch_units(party_organisation_id, viewer=request.viewer, at=today),
        "posts": list(posts(request.viewer, party_organisation_id=party_organisation_id, at=today)),
        "meeting_place": meeting_place(party_organisation_id=party_organisation_id, at=today),
        "acts": branch_acts(request.viewer, party_organisation_id=party_organisation_id),
        "replans": replans_of(request.viewer, party_organisation_id),
        "may_replan": any(flag.kind.code in REPLANNED for flag in flags),
    }
    return render(request, "coverage/joint_branch.html", context)


@page(Permission.PLAN_BRANCHES)
@never_cache
def joint_branch_flags(request: ViewerRequest, party_organisation_id: int) -> HttpResponse:
    """The flags alone, for the branch's page in the register."""
    today = timezone.localdate()
    version = _kept(request, party_organisation_id, at=today)
    flags = _shown(flags_of(request.viewer, party_organisation_id, at=today), at=today)
    context = {"version": version, "flags": flags, "is_part": True}
    return render(request, "coverage/_joint_branch_flags.html", context)


@page(Permission.PLAN_BRANCHES)
@require_POST
def joint_branch_replan(request: ViewerRequest, party_organisation_id: int) -> HttpResponse:
    """Ask for a plan of the branch's neighbourhood."""
    version = _kept(request, party_organisation_id, at=timezone.localdate())
    try:
        made = propose_replan(
            version.party_organisation, by=request.viewer, today=timezone.localdate()
        )
    except InvalidProposal as refusal:
        messages.error(request, str(refusal))
        return redirect("joint-branch", party_organisation_id)
    return redirect("proposal", made.pk)


@page(Permission.PLAN_BRANCHES)
@require_POST
def unit_replan(request: ViewerRequest, organisation_id: int) -> HttpResponse:
    """Ask for a plan of the neighbourhood of one unit."""
    unit = get_object_or_404(Organisation, pk=organisation_id)
    try:
        made = propose_replan(unit, by=request.viewer, today=timezone.localdate())
    except InvalidProposal as refusal:
        raise Http404 from refusal
    return redirect("proposal", made.pk)


def _kept(request: ViewerRequest, party_organisation_id: int, *, at: date) -> Any:
    found = joint_branches(request.viewer, at=at)
    return get_object_or_404(found, party_organisation_id=party_organisation_id)


def _shown(flags: tuple[Flag, ...], *, at: date) -> list[dict[str, object]]:
    return [
        {
            "kind": flag.kind,
            "text": flag.text,
            "since": flag.row.since,
            "rule": rule_at(flag.kind.rule, at=at),
            "link": _settled_by(flag),
        }
        for flag in flags
    ]


def _settled_by(flag: Flag) -> tuple[str, str] | None:
    """What is pressed, and where it leads; None where the plan of the neighbourhood is the way."""
    key = flag.row.party_organisation_id
    match flag.kind.code:
        case "closed" | "own" | "moved":
            unit = flag.row.organisation_id
            return "登记退出", reverse("branch-leave", args=(key, unit))
        case "lone" if not flag.row.units:
            return "撤销", reverse("branch-dissolve", args=(key,))
        case "vacant":
            return "登记任职", f"{reverse('post-add', args=(key,))}?kind=secretary"
        case "left":
            return "登记转接结果", reverse("member-edit", args=(flag.row.person_id,))
        case _:
            return None
