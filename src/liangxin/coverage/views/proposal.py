"""One proposal: its progress while it is computed, then its figures, its map and its groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.cache import never_cache

from liangxin.coverage.actions.proposals import may_discard
from liangxin.coverage.models import BranchProposal, ProposedUnit
from liangxin.coverage.queries.hosting import barred_units
from liangxin.coverage.queries.plan_rules import plan_rule_rows, plan_value_in_words
from liangxin.coverage.queries.proposal_summary import (
    SeenCounts,
    is_adopted,
    joins_branch,
    proposed_units,
    seen_counts,
    sees_whole,
    street_counts,
    streets_of,
    touches_street,
)
from liangxin.coverage.queries.proposals import (
    figures,
    groups,
    proposal_or_none,
    shown_state,
    why_not_ready,
)
from liangxin.coverage.terms import EstablishmentState, GroupMode, ProposalFigures, ProposalState
from liangxin.coverage.views.proposal_figures import (
    ShownFigure,
    local_figures,
    own_branch_list,
    part_figures,
    whole_figures,
)
from liangxin.coverage.views.proposal_lineage import lineage
from liangxin.coverage.views.proposals import scope_in_words
from liangxin.kernel.audit import ledger_revision
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

FOUNDING = (("new", "新建支部"), ("join", "并入现有支部"))


@dataclass(frozen=True)
class UsedParameter:
    """A parameter as the proposal used it; `usual` is the rule's value on that day where it differs."""

    title: str
    code: str
    value: str
    unit: str
    source: str
    usual: str | None


@page(Permission.PLAN_BRANCHES)
@never_cache
def proposal(request: ViewerRequest, proposal_id: int) -> HttpResponse:
    """One proposal.

    Opened by the officer who asked for it, or whose street it reaches; must decide which groups to adopt.
    At a glance: how far coverage would rise, where the groups lie, how good the plan is, who is left out.
    """
    found = proposal_or_404(request, proposal_id)
    if shown_state(found) != ProposalState.READY:
        return _unanswered(request, found)
    return list_response(
        request,
        _listing(request, found),
        groups(request.viewer, found),
        template="coverage/proposal.html",
        context=_context(request, found),
    )


def proposal_or_404(request: ViewerRequest, proposal_id: int) -> BranchProposal:
    """The proposal, if the viewer may see it."""
    found = proposal_or_none(request.viewer, proposal_id)
    if found is None:
        raise Http404
    return found


def ready_proposal_or_404(request: ViewerRequest, proposal_id: int) -> BranchProposal:
    """The proposal, if the viewer may see it and it has an answer."""
    found = proposal_or_404(request, proposal_id)
    if shown_state(found) != ProposalState.READY:
        raise Http404
    return found


def _unanswered(request: ViewerRequest, found: BranchProposal) -> HttpResponse:
    state = shown_state(found)
    context = {
        "proposal": found,
        "scope": scope_in_words(found),
        "job": found.job,
        "state": state,
        "is_busy": state == ProposalState.WAITING,
        "failure": why_not_ready(found),
        "may_discard": may_discard(found, viewer=request.viewer),
    }
    return render(request, "coverage/proposal_waiting.html", context)


def _context(request: ViewerRequest, found: BranchProposal) -> dict[str, object]:
    viewer, seen = request.viewer, seen_counts(request.viewer, found)
    known = figures(found) if sees_whole(viewer, found) else None
    return {
        "proposal": found,
        "scope": scope_in_words(found),
        "known": known,
        "seen": seen,
        "figures": _shown_figures(request, found, known, seen),
        "charged_mm": (found.objective_mm or 0.0) - seen.cost_mm,
        "streets": street_counts(viewer, found),
        "parameters": used_parameters(found),
        "barred": barred_units(viewer, found),
        "has_changed": ledger_revision() != found.ledger_revision,
        "own_branch_url": own_branch_list(found, viewer=viewer),
        "may_discard": may_discard(found, viewer=viewer),
        "tile_url": settings.MAP_TILE_URL,
        "lineage": lineage(viewer, found, seen),
    }


def _shown_figures(
    request: ViewerRequest,
    found: BranchProposal,
    known: ProposalFigures | None,
    seen: SeenCounts,
) -> Sequence[ShownFigure]:
    if known is None:
        return part_figures(found, seen)
    if found.is_local:
        return local_figures(found, known, seen)
    return whole_figures(found, known, seen, viewer=request.viewer)


def used_parameters(found: BranchProposal) -> list[UsedParameter]:
    """Every parameter that the proposal was computed with."""
    return [
        UsedParameter(
            row.title,
            row.code,
            plan_value_in_words(found.parameters[row.field]),
            row.unit,
            row.source,
            plan_value_in_words(row.value) if found.parameters[row.field] != row.value else None,
        )
        for row in plan_rule_rows(found.at)
        if row.field in found.parameters
    ]


def _listing(request: ViewerRequest, found: BranchProposal) -> Listing:
    streets = streets_of(proposed_units(request.viewer, found))
    return Listing(
        code="proposal",
        title=f"{found.title}：拟建联合党支部",
        columns=_columns(found),
        filters=(
            ListFilter(
                "street",
                "街道",
                [(str(key), name) for key, name in streets],
                lambda value: touches_street(int(value)),
            ),
            ListFilter("mode", "组建方式", GroupMode.choices, lambda value: Q(mode=value)),
            ListFilter(
                "founding",
                "新建还是并入",
                FOUNDING,
                lambda value: joins_branch() if value == "join" else ~joins_branch(),
            ),
            ListFilter(
                "cross",
                "是否跨街道",
                (("yes", "跨街道"), ("no", "不跨街道")),
                lambda value: Q(is_cross_street=value == "yes"),
            ),
            ListFilter(
                "adopted",
                "办理情况",
                (("no", "未采纳"), ("yes", "已采纳")),
                lambda value: is_adopted() if value == "yes" else ~is_adopted(),
            ),
        ),
        search=_search,
        search_hint="牵头单位或组内单位名称、组号",
        empty_title="没有编成一个组",
        empty_text="看看“未能联建”里的原因：多半是附近党员太少。放宽距离再测算一次，或选派党建指导员。",
        export_permission=Permission.EXPORT_LISTS,
    )


def _search(text: str) -> Q:
    named = ProposedUnit.objects.filter(name__icontains=text).order_by()
    found = Q(pk__in=named.values("group_id")) | Q(host_name__icontains=text)
    return found | Q(number=int(text)) if text.isdecimal() and len(text) < 7 else found


def _columns(found: BranchProposal) -> tuple[ListColumn, ...]:
    return (
        ListColumn("number", "组", _number, sort=("number",)),
        ListColumn("host", "牵头单位", _host, sort=("host_name",)),
        ListColumn(
            "units", "单位", lambda row: row.units_count, sort=("units_count",), numeric=True
        ),
        ListColumn("members", "党员", lambda row: row.members, sort=("members",), numeric=True),
        ListColumn("mode", "组建方式", mode_tag, sort=("mode",)),
        ListColumn("street", "街道", _street, sort=("street__code",)),
        ListColumn(
            "way",
            "最远（米）",
            lambda row: round(row.longest_way_m),
            sort=("longest_way_m",),
            numeric=True,
        ),
        ListColumn(
            "transfer", "需转接", lambda row: row.to_transfer, sort=("to_transfer",), numeric=True
        ),
        ListColumn("state", "办理情况", _state, link=_establishment_address),
        ListColumn("reason", "为什么这样编", lambda row: row.reason),
    )


def _host(row: Any) -> str:
    name: str = row.host_name
    return name if row.into_branch_id is None else f"并入{name}"


def _number(row: Any) -> str:
    address = reverse("proposed-group", args=(row.proposal_id, row.number))
    link = format_html('<a href="{}">第 {} 组</a>', address, row.number)
    if row.establishment_id is not None:
        return link
    return format_html(
        '<span class="cp-choose"><input type="checkbox" name="group" value="{}" form="adopt" '
        'aria-label="选第 {} 组">{}</span>',
        row.number,
        row.number,
        link,
    )


def mode_tag(row: Any) -> str:
    """How a group or unit belongs together, in the colour that the map uses."""
    return format_html('<span class="cp-mode is-{}">{}</span>', row.mode, GroupMode(row.mode).label)


def _street(row: Any) -> object:
    if not row.is_cross_street:
        return row.street
    return format_html('{} <span class="lx-tag is-warn">跨街道</span>', row.street or "")


def _state(row: Any) -> str:
    if row.establishment_state is None:
        return "未采纳"
    return str(EstablishmentState(row.establishment_state).label)


def _establishment_address(row: Any) -> str | None:
    if row.establishment_id is None:
        return None
    return reverse("establishment", args=(row.establishment_id,))
