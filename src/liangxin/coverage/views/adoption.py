"""Adopting groups of a proposal: what changed since, what cannot be adopted, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liangxin.coverage.actions.adoption.naming import NamedAdoption, adopt_named_groups
from liangxin.coverage.actions.adoption.obstacles import obstacle
from liangxin.coverage.models import BranchProposal, Establishment, ProposedGroup, ProposedUnit
from liangxin.coverage.queries.adoption_ground import AdoptionGround, adoption_ground
from liangxin.coverage.queries.changed_facts import FactChange, fingerprint
from liangxin.coverage.queries.edits import last_edit_number
from liangxin.coverage.queries.establishments import establishments
from liangxin.coverage.queries.planning_scope import plans_district
from liangxin.coverage.queries.proposal_summary import is_adopted
from liangxin.coverage.queries.proposals import groups
from liangxin.coverage.queries.whose_turn import turn_in_words
from liangxin.coverage.terms import ProposalKind
from liangxin.coverage.views.chosen import MOST_AT_ONCE
from liangxin.coverage.views.proposal import ready_proposal_or_404
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission

# A browser sends at most a thousand fields, and nobody reads more names than this.
MOST_NAMED = 200


@dataclass(frozen=True, kw_only=True)
class ShownGroup:
    """A group as it is to be decided on; `obstacle` says why it cannot be adopted."""

    group: ProposedGroup
    units: list[ProposedUnit]
    name: str
    members: int
    changes: tuple[FactChange, ...]
    obstacle: str
    streets: int

    @property
    def seen(self) -> str:
        """What the viewer has been shown of changes, for the form to send back."""
        return fingerprint(change for change in self.changes if not change.is_blocking)


@page(Permission.PLAN_BRANCHES)
@never_cache
def proposal_adopt(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """Adopt groups.

    Opened from a proposal by who may carry it out; must decide which groups become branches to be, and
    under what names. At a glance: what changed since the proposal, and what cannot be adopted and why.
    """
    proposal = ready_proposal_or_404(request, proposal_id)
    if request.method == "POST":
        return _adopt(request, proposal)
    numbers = _asked(request, proposal)
    if not numbers:
        messages.warning(request, "请先在方案里选要采纳的组。")
        return redirect("proposal", proposal_id)
    shown = _shown(request, proposal, numbers)
    context = {
        "proposal": proposal,
        "possible": [one for one in shown if not one.obstacle],
        "impossible": [one for one in shown if one.obstacle],
        "seen": ",".join(f"{one.group.number}:{one.seen}" for one in shown if one.seen),
        "step": last_edit_number(proposal) if proposal.kind == ProposalKind.DRAFT else "",
        "is_named": len(shown) <= MOST_NAMED,
        "most_named": MOST_NAMED,
        "answers_for_all": plans_district(request.viewer),
    }
    return render(request, "coverage/adoption.html", context)


def _adopt(request: ViewerRequest, proposal: BranchProposal) -> HttpResponse:
    numbers = [*request.POST.getlist("group"), *request.POST.get("groups", "").split(",")]
    visible = _visible(request, proposal)
    chosen = {number for number in _numbers(numbers) if number in visible}
    if not chosen:
        messages.warning(request, "没有选中任何一组，什么都没有采纳。")
        return redirect("proposal", proposal.pk)
    names = {number: request.POST.get(f"name-{number}", "") for number in chosen}
    result = adopt_named_groups(
        proposal,
        names,
        by=request.viewer,
        today=timezone.localdate(),
        seen=_seen(request.POST.get("seen", "")),
        seen_step=_step(request.POST.get("step", "")),
    )
    adopted = [
        (one, result.unnamed.get(one.pk, ""), turn_in_words(one))
        for one in _described(request, result)
    ]
    context = {
        "proposal": proposal,
        "result": result,
        "adopted": adopted,
        "most_at_once": MOST_AT_ONCE,
    }
    return render(request, "coverage/adopted.html", context)


def _described(request: ViewerRequest, result: NamedAdoption) -> list[Establishment]:
    keys = [one.pk for one in result.adopted]
    return list(establishments(request.viewer).filter(pk__in=keys).order_by("pk"))


def _asked(request: ViewerRequest, proposal: BranchProposal) -> list[int]:
    """The groups asked for that the viewer sees; `all=1` leaves out those adopted before."""
    if request.GET.get("all") == "1":
        found = groups(request.viewer, proposal).exclude(is_adopted())
        return sorted(found.values_list("number", flat=True))
    visible = _visible(request, proposal)
    return sorted(number for number in _numbers(request.GET.getlist("group")) if number in visible)


def _visible(request: ViewerRequest, proposal: BranchProposal) -> set[int]:
    return set(groups(request.viewer, proposal).values_list("number", flat=True))


def _numbers(texts: list[str]) -> set[int]:
    found = {text.strip() for text in texts if text.strip()}
    if not all(text.isdecimal() for text in found):
        raise Http404
    return {int(text) for text in found}


def _seen(text: str) -> Mapping[int, str]:
    """What `3:abc,7:def` says, by number of group."""
    pairs = (part.partition(":") for part in text.split(",") if part)
    return {int(number): token for number, _, token in pairs if number.isdecimal()}


def _step(text: str) -> int | None:
    """The last step of the draft that the page showed; None of a proposal that nobody changes."""
    return int(text) if text.isdecimal() else None


def _shown(
    request: ViewerRequest, proposal: BranchProposal, numbers: list[int]
) -> list[ShownGroup]:
    ground = adoption_ground(proposal, numbers, viewer=request.viewer, at=timezone.localdate())
    return [_shown_group(ground, group) for group in ground.groups.values()]


def _shown_group(ground: AdoptionGround, group: ProposedGroup) -> ShownGroup:
    refusal, units, name = obstacle(ground, group), ground.units(group), ground.name(group)
    if refusal is None:
        # So that the next group is not offered the same.
        ground.take_name(name, is_new=group.into_branch_id is None)
    return ShownGroup(
        group=group,
        units=units,
        name=name,
        members=sum(ground.now(unit).members for unit in units),
        changes=ground.changes[group.pk],
        obstacle=str(refusal) if refusal else "",
        streets=len(ground.streets(group)),
    )
