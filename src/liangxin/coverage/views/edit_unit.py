"""One unit of a draft: where it stands, where it could go and what stands in the way, and everything else."""

import json

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.candidates import PlannedOrganisation
from liangxin.coverage.queries.edit_choices import UnitChoices, unit_choices
from liangxin.coverage.queries.edits import draft_of, last_edit_number, last_undoable
from liangxin.coverage.terms import ProposalKind
from liangxin.coverage.views.proposal import ready_proposal_or_404
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.models import Area

DIGITS = 5  # of a degree: about a metre


@page(Permission.PLAN_BRANCHES)
@never_cache
def proposal_edit_unit(
    request: ViewerRequest, proposal_id: int, organisation_id: int
) -> HttpResponse:
    """调整一家单位.

    Opened for a firm that does not fit where it stands; must decide where it goes. At a glance: the groups
    around it, how far each is, which would take it and which rule stands in the way of the others.
    """
    found = ready_proposal_or_404(request, proposal_id)
    if found.kind != ProposalKind.DRAFT:
        draft = draft_of(request.viewer, found)
        if draft is None:
            raise Http404
        return redirect("proposal-edit-unit", draft.pk, organisation_id)
    return unit_page(request, found, organisation_id)


def unit_page(
    request: ViewerRequest, draft: BranchProposal, unit: int, *, refusal: object = None
) -> HttpResponse:
    """The page of a unit, also of a step that was refused."""
    search = request.GET.get("q", "").strip()
    choices = unit_choices(request.viewer, draft, unit, search=search)
    if choices is None:
        raise Http404
    streets = dict(Area.objects.order_by("pk").values_list("pk", "name"))
    context = {
        "proposal": draft,
        "choices": choices,
        "street": streets.get(choices.unit.street_id or 0, ""),
        "places": json.dumps(_places(choices), ensure_ascii=False),
        "search": search,
        "seen": last_edit_number(draft),
        "last": last_undoable(request.viewer, draft),
        "refusal": refusal,
    }
    return render(request, "coverage/proposal_edit_unit.html", context)


def _places(choices: UnitChoices) -> dict[str, object]:
    """The unit and the groups around it, for the map."""
    groups = [
        {
            "number": choice.state.number,
            "host": _place(choice.host),
            "name": choice.host.name,
            "units": [_place(one) for one in choice.units if one.has_position],
            "verdict": _verdict(is_open=choice.is_possible, is_reasoned=choice.needs_reason),
        }
        for choice in choices.choices
        if choice.host.has_position
    ]
    home = [_place(one) for one in choices.home_units if one.has_position]
    own = _place(choices.unit) if choices.unit.has_position else None
    return {"unit": own, "name": choices.unit.name, "home": home, "groups": groups}


def _verdict(*, is_open: bool, is_reasoned: bool) -> str:
    if is_open:
        return "open"
    return "reason" if is_reasoned else "closed"


def _place(one: PlannedOrganisation) -> list[float]:
    return [round(one.lon or 0.0, DIGITS), round(one.lat or 0.0, DIGITS)]
