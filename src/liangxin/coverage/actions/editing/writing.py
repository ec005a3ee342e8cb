"""Writing what a step makes of a draft: rows of groups and units, and the figures that follow."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from django.db.models import Count, Q, Sum

from liangxin.coverage.models import (
    BranchProposal,
    KeptApart,
    LeftOutOrganisation,
    ProposedAttachment,
    ProposedGroup,
    ProposedUnit,
)
from liangxin.coverage.queries.candidates import PlannedOrganisation
from liangxin.coverage.queries.charges import weighed_mm
from liangxin.coverage.queries.edit_rules import (
    GroupState,
    Pair,
    Way,
    metres_between,
    way,
)
from liangxin.coverage.queries.edit_state import Board, LeftOutState
from liangxin.coverage.queries.edited_words import edited_reason
from liangxin.coverage.queries.proposal_summary import joins_branch
from liangxin.coverage.queries.rules import coverage_rules
from liangxin.coverage.terms import AttachmentKind, GroupMode, LeftOutCode, PlanParameters

FREE_OF_COST = (LeftOutCode.TOO_FEW_NEAR, LeftOutCode.NO_POSITION)


def write_states(
    board: Board,
    *,
    groups: Mapping[int, GroupState | None],
    left_out: Mapping[int, LeftOutState | None],
    apart: Mapping[Pair, bool],
    attached: Mapping[int, Collection[Sequence[float]]] = MappingProxyType({}),
) -> None:
    """Make the draft's rows say what the states say, with the facts of the board.

    `attached` names, by number of a group that comes back, who was to be looked after by it.
    """
    proposal = board.proposal
    before = _joined(proposal)
    reached = {unit for unit, one in board.facts.items() if one.is_reached_by_work}
    newly = _newly_joined(board, groups, reached=reached)
    _clear(proposal, groups=groups, left_out=left_out)
    for number, state in groups.items():
        _write_group(board, number, state)
    LeftOutOrganisation.objects.bulk_create(
        _left_out_row(board, unit, state) for unit, state in left_out.items() if state is not None
    )
    for (first, second), is_on in apart.items():
        _write_pair(proposal, first, second, is_on=is_on)
    for number, organisations in attached.items():
        _attach_again(proposal, number, organisations)
    _write_figures(proposal, joined_before=before, newly_joined=newly)


def _clear(
    proposal: BranchProposal,
    *,
    groups: Mapping[int, GroupState | None],
    left_out: Mapping[int, LeftOutState | None],
) -> None:
    # Units first: one that changes groups would stand in two of them between two writes.
    held = ProposedUnit.objects.filter(proposal=proposal)
    held.filter(group__number__in=list(groups)).delete()
    left = LeftOutOrganisation.objects.filter(proposal=proposal)
    left.filter(organisation_id__in=list(left_out)).delete()


def _write_group(board: Board, number: int, state: GroupState | None) -> None:
    found = ProposedGroup.objects.filter(proposal=board.proposal, number=number)
    if state is None:
        _let_go(found.values_list("pk", flat=True))
        found.delete()
        return
    ways = {unit: _way(board, unit, state.host) for unit in state.units}
    group = found.first() or ProposedGroup(proposal=board.proposal, number=number)
    _describe(group, state, board=board, ways=ways)
    group.save()
    ProposedUnit.objects.bulk_create(
        _unit_row(group, board.facts[unit], state=state, told=ways[unit]) for unit in state.units
    )


def _let_go(keys: Collection[int]) -> None:
    """Those who were to be looked after by a group that goes have nobody until the next run."""
    ProposedAttachment.objects.filter(group__in=list(keys)).update(
        kind=AttachmentKind.NONE,
        group=None,
        way_m=None,
        text="原定联系的一组已由人撤销，重新测算时再安排。",
    )


def attached_to(proposal: BranchProposal, numbers: Collection[int]) -> dict[str, list[list[float]]]:
    """Who is to be looked after by groups of these numbers, by number: keys with the metres of each."""
    found: dict[str, list[list[float]]] = {}
    rows = ProposedAttachment.objects.filter(proposal=proposal, group__number__in=numbers)
    for number, key, way_m in rows.order_by("organisation_id").values_list(
        "group__number", "organisation_id", "way_m"
    ):
        found.setdefault(str(number), []).append([key, -1.0 if way_m is None else way_m])
    return found


def _attach_again(proposal: BranchProposal, number: int, told: Collection[Sequence[float]]) -> None:
    group = ProposedGroup.objects.get(proposal=proposal, number=number)
    ways = {int(key): way_m for key, way_m in told}
    rows = list(
        # Who has found somebody else meanwhile keeps them.
        ProposedAttachment.objects.filter(
            proposal=proposal, organisation_id__in=ways, kind=AttachmentKind.NONE
        )
    )
    for row in rows:
        way_m = ways[row.organisation_id]
        row.kind, row.group, row.text = AttachmentKind.GROUP, group, ""
        row.way_m = None if way_m < 0 else way_m
    ProposedAttachment.objects.bulk_update(rows, ["kind", "group", "way_m", "text"])


def _way(board: Board, unit: int, host: int) -> Way:
    one, other = board.facts[unit], board.facts[host]
    found = way(one, other, board.limits.parameters)
    # A rule may have been let be before; the way is then as the crow flies.
    return found or Way(GroupMode.INDUSTRY, metres_between(one, other) or 0.0)


def _describe(
    group: ProposedGroup, state: GroupState, *, board: Board, ways: Mapping[int, Way]
) -> None:
    facts = board.facts
    units = [facts[unit] for unit in state.units]
    group.host_id = state.host
    group.street_id = facts[state.host].street_id
    group.mode = max((one.mode for one in ways.values()), key=list(GroupMode).index)
    group.units_count = len(units)
    group.members = sum(one.members for one in units)
    group.to_transfer = sum(one.to_transfer for one in units)
    group.cost_mm = sum(facts[unit].members * one.metres for unit, one in ways.items())
    group.longest_way_m = max(one.metres for one in ways.values())
    group.is_cross_street = len({one.street_id for one in units}) > 1
    group.reason = edited_reason(state, facts=facts, ways=ways, streets=board.streets)
    group.copied_from_id = state.copied_from
    group.is_locked = state.is_locked
    group.is_host_chosen = state.is_host_chosen
    group.exception = state.exception


def _unit_row(
    group: ProposedGroup, one: PlannedOrganisation, *, state: GroupState, told: Way
) -> ProposedUnit:
    key = one.organisation_id
    return ProposedUnit(
        proposal_id=group.proposal_id,
        group=group,
        organisation_id=key,
        is_host=key == state.host,
        mode=told.mode,
        way_m=told.metres,
        name=one.name,
        street_id=one.street_id,
        site_name=one.site_name,
        industry_code=one.industry_code,
        lon=one.lon or 0.0,
        lat=one.lat or 0.0,
        members=one.members,
        to_transfer=one.to_transfer,
        is_pinned=key in state.pinned,
        is_moved=key in state.moved,
    )


def _left_out_row(board: Board, unit: int, state: LeftOutState) -> LeftOutOrganisation:
    one = board.facts[unit]
    return LeftOutOrganisation(
        proposal=board.proposal,
        organisation_id=unit,
        code=state.code,
        text=state.text,
        name=one.name,
        street_id=one.street_id,
        lon=one.lon if one.has_position else None,
        lat=one.lat if one.has_position else None,
        members=one.members,
        is_excluded=state.is_excluded,
        helps=list(state.helps),
    )


def _write_pair(proposal: BranchProposal, first: int, second: int, *, is_on: bool) -> None:
    if is_on:
        KeptApart.objects.get_or_create(proposal=proposal, first_id=first, second_id=second)
    else:
        KeptApart.objects.filter(proposal=proposal, first_id=first, second_id=second).delete()


# ---- figures


def _joined(proposal: BranchProposal) -> int:
    return ProposedUnit.objects.filter(proposal=proposal).count()


def _newly_joined(
    board: Board,
    groups: Mapping[int, GroupState | None],
    *,
    reached: Collection[int],
) -> int:
    """How many units not reached by work more stand in groups afterwards than before; may be negative."""
    held = {unit for number in groups for unit in _units(board.groups.get(number))}
    holding = {unit for state in groups.values() for unit in _units(state)}
    return len((holding - held) - set(reached)) - len((held - holding) - set(reached))


def _units(state: GroupState | None) -> tuple[int, ...]:
    return state.units if state else ()


def _write_figures(proposal: BranchProposal, *, joined_before: int, newly_joined: int) -> None:
    groups = ProposedGroup.objects.filter(proposal=proposal)
    counted = groups.aggregate(
        groups=Count("pk", filter=~joins_branch()),
        joined_units=Sum("units_count", default=0),
        joining_units=Sum("units_count", filter=joins_branch(), default=0),
        members=Sum("members", default=0),
        to_transfer=Sum("to_transfer", default=0),
    )
    left = LeftOutOrganisation.objects.filter(proposal=proposal).aggregate(
        left_out=Count("pk"),
        fined=Count("pk", filter=Q(is_excluded=False) & ~Q(code__in=FREE_OF_COST)),
    )
    attached = ProposedAttachment.objects.filter(proposal=proposal).aggregate(
        attached=Count("pk", filter=~Q(kind=AttachmentKind.NONE)), every=Count("pk")
    )
    figures = {**proposal.figures, **counted, "left_out": left["left_out"]}
    figures["attached"] = attached["attached"]
    figures["unattached"] = attached["every"] - attached["attached"]
    if "joint" in coverage_rules(proposal.at).numerator:
        figures["covered_after"] += counted["joined_units"] - joined_before
        figures["either_after"] += newly_joined
    proposal.figures = figures
    parameters = PlanParameters(**proposal.parameters)
    fined_mm = left["fined"] * parameters.left_out_mm
    proposal.objective_mm = weighed_mm(groups, parameters) + fined_mm
    proposal.save(update_fields=["figures", "objective_mm"])


def with_reason(
    states: Mapping[int, GroupState | None], number: int, reason: str
) -> dict[int, GroupState | None]:
    """The states, with a written reason kept on one group."""
    changed = dict(states)
    state = changed.get(number)
    if state is not None:
        changed[number] = replace(state, exception=reason)
    return changed
