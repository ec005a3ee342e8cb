"""Taking one step in a draft: what a button, a row that was dragged, or a place on the map asks for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liangxin.coverage.actions.editing import (
    choose_host,
    dissolve_group,
    found_group,
    keep_apart,
    lock_group,
    move_unit,
    pin_unit,
    remove_unit,
    undo_edit,
)
from liangxin.coverage.actions.editing.refusals import InfeasibleEdit, ReasonMissing
from liangxin.coverage.actions.refusals import RefusedStep
from liangxin.coverage.models import BranchProposal, ProposalEdit
from liangxin.coverage.queries.edit_rules import Hindrance
from liangxin.coverage.views.edit_board import board_page
from liangxin.coverage.views.edit_unit import unit_page
from liangxin.coverage.views.proposal import ready_proposal_or_404
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission

BACK_TO_UNIT = "unit"


@dataclass(frozen=True)
class Refusal:
    """A step that was not taken: why, and whether a written reason is all that is missing."""

    text: str
    hindrances: tuple[Hindrance, ...]
    step: str
    needs_reason: bool


@dataclass(frozen=True)
class Asked:
    """A step as it was asked for: `move:12:3` is a move of organisation 12 to group 3."""

    step: str
    kind: str
    numbers: tuple[int, ...]
    seen: int
    reason: str
    units: tuple[int, ...]


Step = Callable[[BranchProposal, Asked, ViewerRequest], ProposalEdit]


@page(Permission.PLAN_BRANCHES)
@never_cache
@require_POST
def proposal_edit_step(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """Take the step; a refused one shows the page again with the rule, its source and what would help."""
    found = ready_proposal_or_404(request, proposal_id)
    asked = _asked(request)
    try:
        edit = STEPS[asked.kind](found, asked, request)
    except RefusedStep as refusal:
        return _refused(request, found, asked, refusal)
    messages.success(request, f"第 {edit.number} 步：{edit.text}。")
    return redirect(_back(request, found))


def _refused(
    request: ViewerRequest, found: BranchProposal, asked: Asked, refusal: RefusedStep
) -> HttpResponse:
    told = Refusal(
        text=str(refusal),
        hindrances=refusal.hindrances if isinstance(refusal, InfeasibleEdit) else (),
        step=asked.step,
        needs_reason=isinstance(refusal, ReasonMissing),
    )
    unit = request.POST.get("unit", "")
    if request.POST.get("back") == BACK_TO_UNIT and unit.isdecimal():
        return unit_page(request, found, int(unit), refusal=told)
    return board_page(request, found, refusal=told)


def _back(request: ViewerRequest, found: BranchProposal) -> str:
    unit = request.POST.get("unit", "")
    if request.POST.get("back") == BACK_TO_UNIT and unit.isdecimal():
        return reverse("proposal-edit-unit", args=(found.pk, int(unit)))
    address = reverse("proposal-edit", args=(found.pk,))
    asked = urlencode(list(request.GET.lists()), doseq=True)
    return f"{address}?{asked}" if asked else address


def _asked(request: ViewerRequest) -> Asked:
    """What was asked for; raises Http404 for what no page of ours sends."""
    step = request.POST.get("step", "")
    kind, *numbers = step.split(":")
    texts = [*numbers, *request.POST.getlist("member"), request.POST.get("seen", "0")]
    if kind not in STEPS or not all(text.isdecimal() for text in texts):
        raise Http404
    if len(numbers) != ARGUMENTS[kind]:
        raise Http404
    reason = request.POST.get(f"reason-{numbers[-1]}", "") if numbers else ""
    return Asked(
        step=step,
        kind=kind,
        numbers=tuple(map(int, numbers)),
        seen=int(request.POST.get("seen", "0")),
        reason=reason or request.POST.get("reason", ""),
        units=tuple(map(int, request.POST.getlist("member"))),
    )


def _move(*, dissolves: bool) -> Step:
    return lambda draft, asked, request: _moved(draft, asked, request, dissolves=dissolves)


def _moved(
    draft: BranchProposal, asked: Asked, request: ViewerRequest, *, dissolves: bool
) -> ProposalEdit:
    unit, to = asked.numbers
    return move_unit(
        draft,
        unit,
        to=to,
        by=request.viewer,
        seen=asked.seen,
        reason=asked.reason,
        dissolves=dissolves,
    )


def _remove(*, is_excluded: bool) -> Step:
    return lambda draft, asked, request: remove_unit(
        draft, asked.numbers[0], is_excluded=is_excluded, by=request.viewer, seen=asked.seen
    )


def _host(draft: BranchProposal, asked: Asked, request: ViewerRequest) -> ProposalEdit:
    return choose_host(draft, asked.numbers[0], by=request.viewer, seen=asked.seen)


def _pin(*, is_on: bool) -> Step:
    return lambda draft, asked, request: pin_unit(
        draft, asked.numbers[0], is_on=is_on, by=request.viewer, seen=asked.seen
    )


def _lock(*, is_on: bool) -> Step:
    return lambda draft, asked, request: lock_group(
        draft, asked.numbers[0], is_on=is_on, by=request.viewer, seen=asked.seen
    )


def _apart(*, is_on: bool) -> Step:
    return lambda draft, asked, request: keep_apart(
        draft, *asked.numbers, is_on=is_on, by=request.viewer, seen=asked.seen
    )


def _apart_from_chosen(draft: BranchProposal, asked: Asked, request: ViewerRequest) -> ProposalEdit:
    other = request.POST.get("other", "")
    unit = asked.numbers[0]
    # Without a choice the unit itself: the action says that another one is to be chosen.
    chosen = int(other) if other.isdecimal() else unit
    return keep_apart(draft, unit, chosen, is_on=True, by=request.viewer, seen=asked.seen)


def _dissolve(draft: BranchProposal, asked: Asked, request: ViewerRequest) -> ProposalEdit:
    return dissolve_group(draft, asked.numbers[0], by=request.viewer, seen=asked.seen)


def _found(draft: BranchProposal, asked: Asked, request: ViewerRequest) -> ProposalEdit:
    units = [asked.numbers[0], *(one for one in asked.units if one != asked.numbers[0])]
    return found_group(draft, units, by=request.viewer, seen=asked.seen, reason=asked.reason)


def _undo(draft: BranchProposal, asked: Asked, request: ViewerRequest) -> ProposalEdit:
    return undo_edit(draft, asked.numbers[0], by=request.viewer)


STEPS: Mapping[str, Step] = {
    "move": _move(dissolves=False),
    "rehome": _move(dissolves=True),
    "remove": _remove(is_excluded=False),
    "exclude": _remove(is_excluded=True),
    "host": _host,
    "pin": _pin(is_on=True),
    "unpin": _pin(is_on=False),
    "lock": _lock(is_on=True),
    "unlock": _lock(is_on=False),
    "apart": _apart_from_chosen,
    "together": _apart(is_on=False),
    "dissolve": _dissolve,
    "found": _found,
    "undo": _undo,
}
ARGUMENTS: Mapping[str, int] = {
    kind: 2 if kind in ("move", "rehome", "together") else 1 for kind in STEPS
}
