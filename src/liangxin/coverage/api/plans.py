"""Proposals of joint branches and establishments on their way, for programs."""

from datetime import date, datetime
from typing import Any

from django.http import Http404
from ninja import Query, Router, Schema

from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.establishments import establishments, state_in_words
from liangxin.coverage.queries.proposals import (
    groups,
    proposal_or_none,
    proposals,
    shown_state,
)
from liangxin.coverage.terms import EstablishmentState, GroupMode, ProposalState
from liangxin.kernel.api import REFUSED, ApiRequest, Key, Part, Window, day, operation, part_of
from liangxin.kernel.permissions import Permission

router = Router(tags=["联合组建"])


class ProposalOut(Schema):
    id: int
    title: str
    state: ProposalState
    at: date
    created_at: datetime
    seed: int
    objective_mm: float | None
    bound_mm: float | None
    gap: float | None


class GroupOut(Schema):
    number: int
    host_id: int | None
    into_branch_id: int | None
    street: str
    mode: GroupMode
    units: int
    members: int
    cost_mm: float
    longest_way_m: float
    is_cross_street: bool
    reason: str


class EstablishmentOut(Schema):
    id: int
    name: str
    state: EstablishmentState
    state_title: str


@router.get("/proposals", response={200: Part[ProposalOut], **REFUSED})
@operation(Permission.PLAN_BRANCHES)
def list_proposals(request: ApiRequest, window: Query[Window]) -> Any:
    """联建方案，新的在前。"""
    return part_of(proposals(request.viewer), window=window, at=day(None), shown=_proposal)


@router.get("/proposals/{proposal_id}", response={200: ProposalOut, **REFUSED})
@operation(Permission.PLAN_BRANCHES)
def read_proposal(request: ApiRequest, proposal_id: Key) -> Any:
    """一份联建方案的状态和数字。"""
    return _proposal(_found(request, proposal_id))


@router.get("/proposals/{proposal_id}/groups", response={200: Part[GroupOut], **REFUSED})
@operation(Permission.PLAN_BRANCHES)
def list_groups(request: ApiRequest, proposal_id: Key, window: Query[Window]) -> Any:
    """方案中的拟联合组（范围内），按组号排列。"""
    proposal = _found(request, proposal_id)
    found = groups(request.viewer, proposal)
    return part_of(found, window=window, at=proposal.at, shown=_group)


@router.get("/establishments", response={200: Part[EstablishmentOut], **REFUSED})
@operation(Permission.PLAN_BRANCHES)
def list_establishments(request: ApiRequest, window: Query[Window]) -> Any:
    """组建事项。"""
    found = establishments(request.viewer)
    return part_of(found, window=window, at=day(None), shown=_establishment)


def _found(request: ApiRequest, proposal_id: int) -> BranchProposal:
    proposal = proposal_or_none(request.viewer, proposal_id)
    if proposal is None:
        raise Http404
    return proposal


def _proposal(proposal: BranchProposal) -> dict[str, Any]:
    return {
        "id": proposal.pk,
        "title": proposal.title,
        "state": shown_state(proposal),
        "at": proposal.at,
        "created_at": proposal.created_at,
        "seed": proposal.seed,
        "objective_mm": proposal.objective_mm,
        "bound_mm": proposal.bound_mm,
        "gap": proposal.gap,
    }


def _group(group: Any) -> dict[str, Any]:
    return {
        "number": group.number,
        "host_id": group.host_id,
        "into_branch_id": group.into_branch_id,
        "street": str(group.street or ""),
        "mode": group.mode,
        "units": group.units_count,
        "members": group.members,
        "cost_mm": group.cost_mm,
        "longest_way_m": group.longest_way_m,
        "is_cross_street": group.is_cross_street,
        "reason": group.reason,
    }


def _establishment(establishment: Any) -> dict[str, Any]:
    return {
        "id": establishment.pk,
        "name": establishment.name,
        "state": establishment.state,
        "state_title": state_in_words(establishment),
    }
