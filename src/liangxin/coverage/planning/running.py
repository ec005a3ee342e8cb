"""Computing one proposal from the ledger to its stored rows."""

import contextlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

from django.db import DatabaseError

from liangxin.coverage.models import BranchProposal
from liangxin.coverage.planning.attaching import (
    attachment_hosts,
    attachment_problem,
    attachment_rows,
)
from liangxin.coverage.planning.grouping import (
    NO_POSITION,
    GroupedRows,
    grouped_rows,
    grouping_problem,
    left_out_row,
)
from liangxin.coverage.planning.helping import scene_of, tell_helps
from liangxin.coverage.planning.plane import Plane, plane_of
from liangxin.coverage.planning.refusing import NotPlannable, refuse_faulty
from liangxin.coverage.planning.replanning import compute_replan
from liangxin.coverage.planning.storing import Computed, SettledMeanwhile, store
from liangxin.coverage.queries.candidates import Candidates, candidates
from liangxin.coverage.queries.open_branches import OpenBranch, of_streets, open_branches
from liangxin.coverage.queries.takers import Taker, takers
from liangxin.coverage.terms import (
    AttachmentKind,
    LeftOutCode,
    PlanParameters,
    ProposalFigures,
    ProposalState,
)
from liangxin.kernel.audit import ledger_revision
from liangxin.kernel.jobs import Cancelled, JobRefused, Progress, failure_place
from liangxin.kernel.permissions import NotAllowed, Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.optimize.attachment import check as attachment_check
from liangxin.optimize.attachment.problem import InvalidAttachment
from liangxin.optimize.attachment.solve import attach
from liangxin.optimize.grouping import check as grouping_check
from liangxin.optimize.grouping.problem import GroupingProblem, InvalidProblem
from liangxin.optimize.grouping.solution import Solution
from liangxin.optimize.grouping.solve import VERSION, solve
from liangxin.optimize.grouping.warming import warm_up
from liangxin.optimize.stop import InvalidStop, Stop
from liangxin.registry.models import Area

MAX_READINGS: Final = 5
MAX_FAILURE: Final = 300
# Shares of the whole work, in hundredths, where each step begins.
READING, GROUPING, ATTACHING, STORING, DONE = 0, 10, 80, 92, 100


@dataclass(frozen=True)
class Ledger:
    """One consistent reading of the ledger."""

    revision: int
    candidates: Candidates
    takers: tuple[Taker, ...]
    branches: tuple[OpenBranch, ...]  # that units may join; none where the plan is not to use them
    streets: dict[int, str]


def plan(proposal: BranchProposal, *, by: Viewer, progress: Progress) -> BranchProposal:
    """Compute a waiting proposal within what `by` may see, and store it in one transaction.

    Safe to run again from its start. A refusal, a failure or a cancellation is kept on the proposal.
    Raises NotPlannable, NotAllowed, Cancelled.
    """
    if proposal.state != ProposalState.WAITING:
        raise NotPlannable(f"这个方案现在是“{proposal.get_state_display()}”，不能再测算。")
    try:
        with outcome_kept(proposal):
            require(by, Permission.PLAN_BRANCHES)
            compute = compute_replan if proposal.is_local else _compute
            compute(proposal, by=by, progress=progress)
    except SettledMeanwhile:
        # A worker that was held up for long finds that its successor has done the work.
        if not BranchProposal.objects.filter(pk=proposal.pk, state=ProposalState.READY).exists():
            raise
    proposal.refresh_from_db()
    return proposal


@contextlib.contextmanager
def outcome_kept(proposal: BranchProposal) -> Iterator[None]:
    try:
        try:
            yield
        except (InvalidProblem, InvalidAttachment, InvalidStop) as wrong:
            raise NotPlannable(str(wrong)) from wrong
    except Cancelled:
        _settle(proposal, ProposalState.CANCELLED, "")
        raise
    except (JobRefused, NotAllowed) as refusal:
        _settle(proposal, ProposalState.FAILED, str(refusal))
        raise
    except Exception as failure:
        text = f"程序出错，没有算成。请把这句话告诉管理员：{failure_place(failure)}"
        _settle(proposal, ProposalState.FAILED, text)
        raise


def _settle(proposal: BranchProposal, state: ProposalState, failure: str) -> None:
    waiting = BranchProposal.objects.filter(pk=proposal.pk, state=ProposalState.WAITING)
    # What went wrong may be the database itself; the first failure is the one to be told.
    with contextlib.suppress(DatabaseError):
        waiting.update(state=state, failure=failure[:MAX_FAILURE])


def _compute(proposal: BranchProposal, *, by: Viewer, progress: Progress) -> None:
    parameters = PlanParameters(**proposal.parameters)
    progress.step(READING, DONE, "读取台账")
    ledger = read_ledger(proposal, by=by, parameters=parameters)
    found = ledger.candidates
    placed = [one for one in found.to_group if one.has_position]
    plane = plane_of((one.lon, one.lat) for one in placed or found.to_attach)
    problem = grouping_problem(
        placed,
        parameters=parameters,
        plane=plane,
        no_hosts=proposal.no_hosts,
        takers=ledger.branches,
    )
    solution = _solved(proposal, problem, progress=progress)
    progress.step(ATTACHING, DONE, "就近安排联系")
    grouped = grouped_rows(
        proposal,
        solution,
        problem=problem,
        placed=placed,
        streets=ledger.streets,
        takers=ledger.branches,
    )
    grouped.left_out.extend(
        left_out_row(proposal, one, code=LeftOutCode.NO_POSITION, text=NO_POSITION)
        for one in found.to_group
        if not one.has_position
    )
    scene = scene_of(
        grouped,
        found,
        parameters=parameters,
        plane=plane,
        no_hosts=proposal.no_hosts,
        takers=ledger.branches,
    )
    tell_helps(grouped, scene)
    computed = with_attachments(
        proposal, grouped, ledger=ledger, parameters=parameters, plane=plane
    )
    progress.step(STORING, DONE, "写入方案")
    store(proposal, _completed(computed, solution=solution, ledger=ledger), by=by)


def read_ledger(proposal: BranchProposal, *, by: Viewer, parameters: PlanParameters) -> Ledger:
    streets = frozenset(proposal.streets.values_list("pk", flat=True))
    for _ in range(MAX_READINGS):
        revision = ledger_revision()
        ledger = Ledger(
            revision=revision,
            candidates=candidates(
                by, at=proposal.at, street_ids=streets, min_members=parameters.min_members
            ),
            takers=takers(by, at=proposal.at, street_ids=streets, parameters=parameters),
            branches=_open_branches(proposal, by=by, street_ids=streets, parameters=parameters),
            streets=dict(Area.objects.order_by("pk").values_list("pk", "name")),
        )
        # A list that is committed between two queries would be half in the plan.
        if ledger_revision() == revision:
            return ledger
    raise NotPlannable("台账正被频繁改动，没有算成。请稍后再试。")


def _open_branches(
    proposal: BranchProposal,
    *,
    by: Viewer,
    street_ids: frozenset[int],
    parameters: PlanParameters,
) -> tuple[OpenBranch, ...]:
    if not parameters.joins_branches:
        return ()
    found = open_branches(
        by, at=proposal.at, parameters=parameters, most_units=parameters.max_units
    )
    return of_streets(found, street_ids)


def _solved(proposal: BranchProposal, problem: GroupingProblem, *, progress: Progress) -> Solution:
    def on_progress(share: float) -> None:
        done = GROUPING + round(share * (ATTACHING - GROUPING))
        progress.step(min(done, ATTACHING), DONE, "编组测算")

    progress.step(GROUPING, DONE, "准备求解程序，首次使用约需半分钟")
    # Compiled first, so that the seconds shown are those of the search.
    warm_up()
    stop = Stop(effort=proposal.effort)
    solution = solve(problem, stop=stop, seed=proposal.seed, on_progress=on_progress)
    refuse_faulty([fault.text for fault in grouping_check.faults(problem, solution)])
    return solution


def with_attachments(
    proposal: BranchProposal,
    grouped: GroupedRows,
    *,
    ledger: Ledger,
    parameters: PlanParameters,
    plane: Plane,
) -> Computed:
    organisations = ledger.candidates.to_attach
    hosts = attachment_hosts(ledger.takers, grouped.groups, grouped.units, parameters=parameters)
    problem = attachment_problem(organisations, hosts, parameters=parameters, plane=plane)
    solution = attach(problem)
    refuse_faulty([fault.text for fault in attachment_check.faults(problem, solution)])
    rows = attachment_rows(
        proposal, solution, organisations=organisations, hosts=hosts, parameters=parameters
    )
    return Computed(grouped, rows, {})


def _completed(computed: Computed, *, solution: Solution, ledger: Ledger) -> Computed:
    values = {
        "solver_version": VERSION,
        "ledger_revision": ledger.revision,
        "objective_mm": solution.objective_mm,
        "bound_mm": solution.bound_mm,
        "seconds": solution.seconds,
        "is_reproducible": solution.is_reproducible,
        "figures": asdict(_figures(computed, found=ledger.candidates)),
    }
    return Computed(computed.grouped, computed.attachments, values)


def _figures(computed: Computed, *, found: Candidates) -> ProposalFigures:
    units = computed.grouped.units
    joined = {unit.organisation_id for unit in units} if found.counts_joint else set()
    reached = {one.organisation_id for one in found.to_group if one.is_reached_by_work}
    attached = sum(row.kind != AttachmentKind.NONE for row in computed.attachments)
    # A branch that keeps in touch is no work coverage by itself; a guide is, where the rule counts guides.
    guided = sum(row.kind in found.work_means for row in computed.attachments)
    return ProposalFigures(
        base=found.base,
        covered_before=found.covered,
        covered_after=found.covered + len(joined),
        either_before=found.either,
        either_after=found.either + len(joined - reached) + guided,
        candidates=len(found.to_group),
        groups=computed.grouped.new_groups,
        joined_units=len(units),
        members=sum(unit.members for unit in units),
        to_transfer=sum(unit.to_transfer for unit in units),
        left_out=len(computed.grouped.left_out),
        own_branch=found.own_branch,
        already_adopted=found.already_adopted,
        without_members=len(found.to_attach),
        attached=attached,
        unattached=len(found.to_attach) - attached,
        joining_units=computed.grouped.joining_units,
    )
