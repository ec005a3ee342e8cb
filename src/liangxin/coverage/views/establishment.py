"""One establishment: how it stands, on what it is based, and the steps open to the viewer."""

from collections.abc import Callable, Mapping
from datetime import date

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liangxin.coverage.actions.adoption import (
    Nomination,
    approve,
    found,
    nominate,
    note_request,
    rename_establishment,
    withdraw,
)
from liangxin.coverage.actions.refusals import RefusedStep
from liangxin.coverage.forms.establishment import StepChoices, step_arguments, step_form
from liangxin.coverage.models import Establishment
from liangxin.coverage.queries.changed_facts import FactChange, group_changes
from liangxin.coverage.queries.establishment_approval import approval_facts
from liangxin.coverage.queries.establishment_request import request_facts
from liangxin.coverage.queries.establishments import (
    establishment_or_none,
    is_founded_in_ledger,
    is_open,
    may_answer,
    may_approve,
    may_found,
    may_name_people,
    may_rename,
    may_withdraw,
    state_in_words,
)
from liangxin.coverage.queries.post_candidates import (
    meeting_sites,
    nominees_seen,
    post_candidates,
)
from liangxin.coverage.queries.proposals import group_or_none
from liangxin.coverage.queries.whose_turn import next_step, steps
from liangxin.coverage.reports.branch_approval import approval_blanks
from liangxin.coverage.reports.branch_request import request_blanks
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.refusals import RefusedChange

Forms = Mapping[str, Form]
MAY: Mapping[str, Callable[[Viewer, Establishment], bool]] = {
    "nominate": may_name_people,
    "request": may_withdraw,
    "approve": may_approve,
    "found": may_found,
    "withdraw": may_withdraw,
    "rename": may_rename,
}
DONE = {
    "nominate": "已登记书记、委员人选，批复里会写上。",
    "request": "已登记请示文号，请示和批复的 Word 里会写上。",
    "approve": "已登记批复，接下来等支部成立。",
    "found": "已登记成立，所涵盖的单位从成立日期起计入组织覆盖。",
    "withdraw": "已撤回，单位可以重新编组。",
    "rename": "已改名。",
}


@page(Permission.PLAN_BRANCHES)
@never_cache
def establishment(request: ViewerRequest, establishment_id: int) -> HttpResponse:
    """One establishment.

    Opened by who adopted it, whose consent is asked, or who approves; must decide on the next step.
    At a glance: how far it has come, whose turn it is, what it covers and on what basis.
    """
    return _page(request, establishment_or_404(request, establishment_id), asked={})


@page(Permission.APPROVE_BRANCHES)
@require_POST
def establishment_approve(request: ViewerRequest, establishment_id: int) -> HttpResponse:
    """Record the approval."""
    return _step(request, establishment_id, "approve", approve)


@page(Permission.PLAN_BRANCHES)
@require_POST
def establishment_found(request: ViewerRequest, establishment_id: int) -> HttpResponse:
    """Record the founding."""
    return _step(request, establishment_id, "found", found)


@page(Permission.PLAN_BRANCHES)
@require_POST
def establishment_withdraw(request: ViewerRequest, establishment_id: int) -> HttpResponse:
    """Take back what was adopted."""
    return _step(request, establishment_id, "withdraw", withdraw)


@page(Permission.PLAN_BRANCHES)
@require_POST
def establishment_rename(request: ViewerRequest, establishment_id: int) -> HttpResponse:
    """Give it another name."""
    return _step(request, establishment_id, "rename", _rename)


@page(Permission.PLAN_BRANCHES)
@require_POST
def establishment_nominate(request: ViewerRequest, establishment_id: int) -> HttpResponse:
    """Name people for the posts of the branch to be."""
    return _step(request, establishment_id, "nominate", _nominate)


@page(Permission.PLAN_BRANCHES)
@require_POST
def establishment_note_request(request: ViewerRequest, establishment_id: int) -> HttpResponse:
    """Remember number and day of the request."""
    return _step(request, establishment_id, "request", _note_request)


def establishment_or_404(request: ViewerRequest, key: int) -> Establishment:
    """The establishment, if the viewer may see it."""
    held = establishment_or_none(request.viewer, key)
    if held is None:
        raise Http404
    return held


def _rename(held: Establishment, *, name: str, by: Viewer, today: date) -> Establishment:
    return rename_establishment(held, name, by=by, today=today)


def _nominate(
    held: Establishment, *, nominations: list[Nomination], by: Viewer, today: date
) -> Establishment:
    return nominate(held, nominations, by=by, today=today)


def _note_request(
    held: Establishment, *, request_number: str, request_date: date, by: Viewer, today: date
) -> Establishment:
    note_request(
        [held], request_number=request_number, request_date=request_date, by=by, today=today
    )
    return held


def _step(
    request: ViewerRequest, key: int, step: str, act: Callable[..., Establishment]
) -> HttpResponse:
    held, today = establishment_or_404(request, key), timezone.localdate()
    choices = _choices(request, held)
    form = step_form(step, held, today=today, choices=choices, answers=request.POST)
    if form.is_valid():
        try:
            act(held, by=request.viewer, today=today, **step_arguments(form))
        except (RefusedStep, RefusedChange) as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal))
        else:
            messages.success(request, DONE[step])
            return redirect("establishment", key)
    return _page(request, establishment_or_404(request, key), asked={step: form})


def _page(request: ViewerRequest, held: Establishment, *, asked: Forms) -> HttpResponse:
    units = list(held.units.all())
    context = {
        "establishment": held,
        "state": state_in_words(held),
        "steps": steps(held),
        "next_step": next_step(held),
        "units": units,
        "members": sum(unit.members for unit in units),
        "to_transfer": sum(unit.to_transfer for unit in units),
        "consents": [(one, may_answer(request.viewer, one)) for one in held.consents.all()],
        "nominees": _nominees(request, held),
        "reply_blanks": _reply_blanks(request, held),
        "basis": held.basis.splitlines(),
        "changes": _changes(held),
        "blanks": _blanks(request, held),
        "has_proposal": _has_proposal(request, held),
        "forms": _forms(request, held, asked=asked),
    }
    return render(request, "coverage/establishment.html", context)


def _forms(request: ViewerRequest, held: Establishment, *, asked: Forms) -> dict[str, Form]:
    """The forms of the steps open to the viewer, and one that was refused with its reason."""
    today = timezone.localdate()
    open_steps = [step for step, may in MAY.items() if step in asked or may(request.viewer, held)]
    choices = _choices(request, held)
    return {
        step: asked.get(step) or step_form(step, held, today=today, choices=choices)
        for step in open_steps
    }


def _choices(request: ViewerRequest, held: Establishment) -> StepChoices:
    people = post_candidates(request.viewer, held, at=timezone.localdate())
    return StepChoices(people=people, sites=meeting_sites(held))


def _changes(held: Establishment) -> tuple[FactChange, ...]:
    # A branch that stands covers its units: that would be told as a change.
    if held.group is None or not is_open(held) or is_founded_in_ledger(held):
        return ()
    return group_changes(held.group, at=timezone.localdate())


def _blanks(request: ViewerRequest, held: Establishment) -> tuple[str, ...]:
    """What the request leaves blank; nothing where there is nothing to ask for any more."""
    if not is_open(held):
        return ()
    return request_blanks(request_facts(request.viewer, [held]))


def _nominees(request: ViewerRequest, held: Establishment) -> list[tuple[str, str]]:
    seen = nominees_seen(request.viewer, held, at=timezone.localdate())
    return [(str(one.get_kind_display()), one.name) for one in seen]


def _reply_blanks(request: ViewerRequest, held: Establishment) -> tuple[str, ...]:
    """What the reply leaves blank, for whoever writes it."""
    if not is_open(held):
        return ()
    return approval_blanks(approval_facts(request.viewer, [held]))


def _has_proposal(request: ViewerRequest, held: Establishment) -> bool:
    group = held.group
    if group is None:
        return False
    return group_or_none(request.viewer, group.proposal, group.number) is not None
