"""Computing a draft anew around what people settled: what nobody has touched stays where it can."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from liangxin.coverage.models import (
    BranchProposal,
    KeptApart,
    LeftOutOrganisation,
    ProposedGroup,
    ProposedUnit,
)
from liangxin.coverage.planning.grouping import (
    NO_POSITION,
    GroupedRows,
    grouped_rows,
    grouping_problem,
    left_out_row,
)
from liangxin.coverage.planning.helping import scene_of, tell_helps
from liangxin.coverage.planning.numbering import matched_numbers
from liangxin.coverage.planning.plane import plane_of
from liangxin.coverage.planning.refusing import NotPlannable, refuse_faulty
from liangxin.coverage.planning.running import (
    ATTACHING,
    DONE,
    GROUPING,
    READING,
    STORING,
    Ledger,
    outcome_kept,
    read_ledger,
    with_attachments,
)
from liangxin.coverage.planning.settled import Settled, earlier_stars, settled, with_settled
from liangxin.coverage.planning.storing import Computed, SettledMeanwhile, store
from liangxin.coverage.queries.candidates import Candidates, PlannedOrganisation
from liangxin.coverage.queries.charges import weighed_mm
from liangxin.coverage.queries.edit_rules import GroupState
from liangxin.coverage.queries.edit_state import unit_facts
from liangxin.coverage.queries.edits import last_edit_number
from liangxin.coverage.terms import (
    AttachmentKind,
    LeftOutCode,
    PlanParameters,
    ProposalFigures,
    ProposalState,
)
from liangxin.kernel.jobs import Progress
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.optimize.grouping import check as grouping_check
from liangxin.optimize.grouping.problem import Floats, GroupingProblem
from liangxin.optimize.grouping.replan import replan
from liangxin.optimize.grouping.solution import Solution
from liangxin.optimize.grouping.solve import VERSION
from liangxin.optimize.grouping.warming import warm_up
from liangxin.optimize.stop import Stop

MAX_READINGS: Final = 5


@dataclass(frozen=True)
class _Ground:
    """The draft as people left it, and the part of the ledger that it is about."""

    draft: BranchProposal
    step: int
    told: Settled
    ledger: Ledger

    @property
    def kept(self) -> QuerySet[ProposedGroup]:
        """The draft's groups that were adopted, or join a branch that stands: they stay as they are."""
        return ProposedGroup.objects.filter(proposal=self.draft, number__in=self.told.kept)

    @property
    def candidates(self) -> tuple[PlannedOrganisation, ...]:
        """Who may be grouped: of the draft's organisations, none of those that are to stay out."""
        return tuple(
            one
            for one in self.ledger.candidates.to_group
            if one.organisation_id in self.told.organisations
            and one.organisation_id not in self.told.excluded
        )


def redraft(proposal: BranchProposal, *, by: Viewer, progress: Progress) -> BranchProposal:
    """Compute a waiting proposal around its parent, and store it in one transaction.

    Safe to run again from its start. A refusal, a failure or a cancellation is kept on the proposal.
    Raises NotPlannable, NotAllowed, Cancelled.
    """
    if proposal.state != ProposalState.WAITING:
        raise NotPlannable(f"这个方案现在是“{proposal.get_state_display()}”，不能再测算。")
    try:
        with outcome_kept(proposal):
            require(by, Permission.PLAN_BRANCHES)
            _compute(proposal, by=by, progress=progress)
    except SettledMeanwhile:
        if not BranchProposal.objects.filter(pk=proposal.pk, state=ProposalState.READY).exists():
            raise
    proposal.refresh_from_db()
    return proposal


def _compute(proposal: BranchProposal, *, by: Viewer, progress: Progress) -> None:
    parameters = PlanParameters(**proposal.parameters)
    progress.step(READING, DONE, "读取调整稿和台账")
    ground = _read(proposal, by=by, parameters=parameters)
    placed = [one for one in ground.candidates if one.has_position]
    plane = plane_of((one.lon, one.lat) for one in placed or ground.ledger.candidates.to_attach)
    barred = proposal.no_hosts
    free = grouping_problem(placed, parameters=parameters, plane=plane, no_hosts=barred)
    problem = with_settled(free, ground.told, placed=placed)
    solution, freed = _solved(proposal, problem, ground=ground, placed=placed, progress=progress)
    progress.step(ATTACHING, DONE, "就近安排联系")
    grouped = grouped_rows(
        proposal, solution, problem=problem, placed=placed, streets=ground.ledger.streets
    )
    _remember(grouped, ground.told)
    _add_unplaced(proposal, grouped, ground)
    own = _own_ledger(ground)
    scene = scene_of(grouped, own.candidates, parameters=parameters, plane=plane, no_hosts=barred)
    tell_helps(grouped, scene)
    carried = _carry_over(proposal, grouped, ground)
    _add_excluded(proposal, grouped, ground)
    computed = with_attachments(proposal, grouped, ledger=own, parameters=parameters, plane=plane)
    progress.step(STORING, DONE, "写入方案")
    _keep_apart(proposal, ground.told)
    values = _values(computed, solution, ground, carried=carried, freed=freed)
    store(proposal, Computed(computed.grouped, computed.attachments, values), by=by)


def _read(proposal: BranchProposal, *, by: Viewer, parameters: PlanParameters) -> _Ground:
    draft = proposal.parent
    if draft is None:
        raise NotPlannable("所依据的调整稿已被删除。")
    for _ in range(MAX_READINGS):
        step = last_edit_number(draft)
        draft.refresh_from_db()
        told = settled(draft)
        # A step between two queries would be half in the plan.
        if last_edit_number(draft) == step:
            return _Ground(draft, step, told, read_ledger(proposal, by=by, parameters=parameters))
    raise NotPlannable("调整稿正被频繁改动，没有算成。请稍后再试。")


def _solved(
    proposal: BranchProposal,
    problem: GroupingProblem,
    *,
    ground: _Ground,
    placed: Sequence[PlannedOrganisation],
    progress: Progress,
) -> tuple[Solution, int]:
    def on_progress(share: float) -> None:
        done = GROUPING + round(share * (ATTACHING - GROUPING))
        progress.step(min(done, ATTACHING), DONE, "编组测算")

    progress.step(GROUPING, DONE, "准备求解程序，首次使用约需半分钟")
    warm_up()
    stop = Stop(effort=proposal.effort)
    stars = earlier_stars(ground.told, placed=placed)
    found = replan(
        problem,
        before=stars,
        prices=_prices(ground.draft, placed),
        stop=stop,
        seed=proposal.seed,
        on_progress=on_progress,
    )
    refuse_faulty([fault.text for fault in grouping_check.faults(problem, found.solution)])
    return found.solution, len(found.looked_at)


def _prices(draft: BranchProposal, placed: Sequence[PlannedOrganisation]) -> Floats | None:
    """Prices of the units when the draft's own plan was computed, 0 for others; None where none were kept."""
    known = {
        key: price_mm
        for model in (ProposedUnit, LeftOutOrganisation)
        for key, price_mm in model.objects.filter(proposal=draft.parent_id)
        .values_list("organisation_id", "price_mm")
        .order_by("pk")
        if price_mm is not None
    }
    if not known:
        return None
    return np.array([known.get(one.organisation_id, 0.0) for one in placed], np.float64)


# ---- rows


def _remember(grouped: GroupedRows, told: Settled) -> None:
    """Groups keep the numbers that people know, and what people settled about them."""
    old = {state.number: frozenset(state.units) for state in told.open_groups}
    new = {group.number: set[int]() for group in grouped.groups}
    for unit in grouped.units:
        new[unit.group.number].add(unit.organisation_id)
    first_free = told.last_number + 1
    numbers = matched_numbers(new, old, first_free=first_free)
    units_of = {number: frozenset(units) for number, units in new.items()}
    flags = _flags(told)
    for unit in grouped.units:
        unit.is_pinned = (unit.organisation_id, "pinned") in flags
        unit.is_moved = (unit.organisation_id, "moved") in flags
    for group in grouped.groups:
        units, group.number = units_of[group.number], numbers[group.number]
        state = told.groups.get(group.number)
        if state is not None and frozenset(state.units) == units:
            _keep_words(group, state)
        elif state is not None:
            group.is_host_chosen = state.is_host_chosen and state.host == group.host_id


def _flags(told: Settled) -> set[tuple[int, str]]:
    pinned = {(unit, "pinned") for state in told.open_groups for unit in state.pinned}
    return pinned | {(unit, "moved") for state in told.open_groups for unit in state.moved}


def _keep_words(group: ProposedGroup, state: GroupState) -> None:
    group.is_locked = state.is_locked
    group.exception = state.exception
    group.is_host_chosen = state.is_host_chosen and state.host == group.host_id


def _carry_over(
    proposal: BranchProposal, grouped: GroupedRows, ground: _Ground
) -> list[ProposedUnit]:
    """Groups that were adopted, or join a branch that stands, stay as they are; returns their units."""
    carried: list[ProposedUnit] = []
    for group in ground.kept.order_by("number"):
        units = list(group.units.order_by("organisation_id"))
        if group.number in ground.told.adopted:
            group.copied_from_id = group.copied_from_id or group.pk
        group.pk, group.proposal = None, proposal
        for unit in units:
            unit.pk, unit.proposal, unit.group = None, proposal, group
        grouped.groups.append(group)
        carried += units
    grouped.units.extend(carried)
    return carried


def _add_unplaced(proposal: BranchProposal, grouped: GroupedRows, ground: _Ground) -> None:
    for one in ground.candidates:
        if not one.has_position:
            row = left_out_row(proposal, one, code=LeftOutCode.NO_POSITION, text=NO_POSITION)
            grouped.left_out.append(row)


def _add_excluded(proposal: BranchProposal, grouped: GroupedRows, ground: _Ground) -> None:
    for one in ground.ledger.candidates.to_group:
        if one.organisation_id in ground.told.excluded:
            text = ground.told.excluded[one.organisation_id]
            row = left_out_row(proposal, one, code=LeftOutCode.SETTLED, text=text)
            row.is_excluded = True
            grouped.left_out.append(row)


def _own_ledger(ground: _Ground) -> Ledger:
    """The ledger with those organisations alone that the draft is about."""
    known = set(ground.draft.attachments.values_list("organisation_id", flat=True))
    found = ground.ledger.candidates
    to_attach = tuple(one for one in found.to_attach if one.organisation_id in known)
    values = {**vars(found), "to_attach": to_attach, "to_group": ground.candidates}
    return Ledger(**{**vars(ground.ledger), "candidates": Candidates(**values)})


def _keep_apart(proposal: BranchProposal, told: Settled) -> None:
    with transaction.atomic():
        KeptApart.objects.filter(proposal=proposal).delete()
        KeptApart.objects.bulk_create(
            KeptApart(proposal=proposal, first_id=first, second_id=second)
            for first, second in sorted(told.apart)
        )


# ---- figures


def _values(
    computed: Computed,
    solution: Solution,
    ground: _Ground,
    *,
    carried: Sequence[ProposedUnit],
    freed: int,
) -> Mapping[str, object]:
    carried_mm = weighed_mm(ground.kept, PlanParameters(**ground.draft.parameters))
    return {
        "solver_version": VERSION,
        "ledger_revision": ground.ledger.revision,
        "objective_mm": solution.objective_mm + carried_mm,
        "bound_mm": _bound_mm(solution, ground, carried_mm=carried_mm),
        "seconds": solution.seconds,
        "is_reproducible": solution.is_reproducible,
        "parent_edit": ground.step,
        "freed_units": freed,
        "figures": asdict(_figures(computed, ground, carried=carried)),
    }


def _bound_mm(solution: Solution, ground: _Ground, *, carried_mm: float) -> float:
    """The better of two bounds: of this run, and of the draft where it still holds.

    What people settle only takes choices away, so the draft's bound holds over the same facts and units
    where nobody went beyond a rule.
    """
    own = solution.bound_mm + carried_mm
    draft, told = ground.draft, ground.told
    is_same = draft.ledger_revision == ground.ledger.revision and not told.excluded
    if not is_same or any(state.exception for state in told.groups.values()):
        return own
    return min(max(own, draft.bound_mm or 0.0), solution.objective_mm + carried_mm)


def _figures(
    computed: Computed, ground: _Ground, *, carried: Sequence[ProposedUnit]
) -> ProposalFigures:
    """Counted over the same denominators as the draft, so that both can be held side by side."""
    before = ProposalFigures(**ground.draft.figures)
    units, found = computed.grouped.units, ground.ledger.candidates
    joined = {unit.organisation_id for unit in units}
    facts = {one.organisation_id: one for one in found.to_group}
    facts |= unit_facts(ground.draft, [unit.organisation_id for unit in carried])
    reached = {key for key in joined if key in facts and facts[key].is_reached_by_work}
    rows = computed.attachments
    attached = sum(row.kind != AttachmentKind.NONE for row in rows)
    guided = sum(row.kind in found.work_means for row in rows)
    counted = joined if found.counts_joint else set()
    return ProposalFigures(
        base=before.base,
        covered_before=before.covered_before,
        covered_after=before.covered_before + len(counted),
        either_before=before.either_before,
        either_after=before.either_before + len(counted - reached) + guided,
        candidates=len(joined) + len(computed.grouped.left_out),
        groups=computed.grouped.new_groups,
        joined_units=len(units),
        members=sum(unit.members for unit in units),
        to_transfer=sum(unit.to_transfer for unit in units),
        left_out=len(computed.grouped.left_out),
        own_branch=before.own_branch,
        already_adopted=before.already_adopted,
        without_members=len(rows),
        attached=attached,
        unattached=len(rows) - attached,
        joining_units=computed.grouped.joining_units,
    )
