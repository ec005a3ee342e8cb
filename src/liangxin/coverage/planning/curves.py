"""A curve of coverage against travel: the ledger read once, one quick plan per pair of limits."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from django.db import DatabaseError, transaction

from liangxin.coverage.models import CurvePoint, TravelCurve
from liangxin.coverage.planning.grouping import grouping_problem, walked_mm
from liangxin.coverage.planning.plane import plane_of
from liangxin.coverage.planning.refusing import NotPlannable, refuse_faulty
from liangxin.coverage.planning.running import Ledger, read_ledger
from liangxin.coverage.queries.candidates import Candidates, PlannedOrganisation
from liangxin.coverage.queries.open_branches import holding_fewer
from liangxin.coverage.terms import PlanParameters, ProposalState
from liangxin.kernel.audit import record
from liangxin.kernel.jobs import Cancelled, JobRefused, Progress, failure_place
from liangxin.kernel.permissions import NotAllowed, Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.optimize.grouping import check
from liangxin.optimize.grouping.problem import NONE, InvalidProblem
from liangxin.optimize.grouping.solution import Solution
from liangxin.optimize.grouping.solve import VERSION, solve
from liangxin.optimize.grouping.warming import warm_up
from liangxin.optimize.stop import Stop

READING, SOLVING, STORING, DONE = 0, 10, 95, 100
MAX_FAILURE: Final = 300


def trace(curve: TravelCurve, *, by: Viewer, progress: Progress) -> TravelCurve:
    """Compute a waiting curve and store it in one transaction; safe to run again from its start.

    Raises NotPlannable, NotAllowed, Cancelled; the reason is kept on the curve.
    """
    if curve.state != ProposalState.WAITING:
        raise NotPlannable(f"这次测算现在是“{curve.get_state_display()}”，不能再算。")
    with _outcome_kept(curve):
        require(by, Permission.PLAN_BRANCHES)
        progress.step(READING, DONE, "读取台账")
        parameters = PlanParameters(**curve.proposal.parameters)
        # Of branches that stand those with room under the highest limit; under lower ones some have none.
        highest = replace(parameters, max_units=max(curve.unit_limits))
        ledger = read_ledger(curve.proposal, by=by, parameters=highest)
        progress.step(SOLVING, DONE, "准备求解程序，首次使用约需半分钟")
        warm_up()
        points = list(_points(curve, ledger, parameters=parameters, progress=progress))
        progress.step(STORING, DONE, "写入结果")
        _store(curve, points, ledger=ledger, by=by)
    curve.refresh_from_db()
    return curve


def parameters_at(parameters: PlanParameters, *, radius_m: int, unit_limit: int) -> PlanParameters:
    """The proposal's parameters with one pair of limits; what lies beyond the limit stays allowed."""
    return replace(
        parameters,
        street_radius_m=float(radius_m),
        max_units=unit_limit,
        largest_units=max(unit_limit, parameters.largest_units),
    )


def _points(
    curve: TravelCurve, ledger: Ledger, *, parameters: PlanParameters, progress: Progress
) -> Iterator[CurvePoint]:
    found = ledger.candidates
    placed = [one for one in found.to_group if one.has_position]
    plane = plane_of((one.lon, one.lat) for one in placed)
    pairs = list(product(curve.unit_limits, curve.radii_m))
    for place, (limit, radius) in enumerate(pairs):
        at = parameters_at(parameters, radius_m=radius, unit_limit=limit)

        # The values of this turn, since the solver calls it while the loop stands still.
        def on_progress(share: float, place: int = place) -> None:
            done = SOLVING + round((place + share) / len(pairs) * (STORING - SOLVING))
            progress.step(min(done, STORING), DONE, f"第 {place + 1} 种，共 {len(pairs)} 种")

        problem = grouping_problem(
            placed,
            parameters=at,
            plane=plane,
            no_hosts=curve.proposal.no_hosts,
            takers=holding_fewer(ledger.branches, max(curve.unit_limits) - limit),
        )
        stop = Stop(effort=curve.effort)
        solution = solve(problem, stop=stop, seed=curve.proposal.seed, on_progress=on_progress)
        refuse_faulty([fault.text for fault in check.faults(problem, solution)])
        yield _point(curve, solution, found=found, placed=placed, radius_m=radius, unit_limit=limit)


def _point(
    curve: TravelCurve,
    solution: Solution,
    *,
    found: Candidates,
    placed: Sequence[PlannedOrganisation],
    radius_m: int,
    unit_limit: int,
) -> CurvePoint:
    joined = sum(len(group.units) for group in solution.groups)
    return CurvePoint(
        curve=curve,
        street_radius_m=radius_m,
        unit_limit=unit_limit,
        groups=sum(group.branch == NONE for group in solution.groups),
        joined_units=joined,
        members=sum(group.members for group in solution.groups),
        left_out=len(found.to_group) - joined,
        covered_after=found.covered + (joined if found.counts_joint else 0),
        cost_mm=sum(
            walked_mm(group, [placed[unit].members for unit in group.units])
            for group in solution.groups
        ),
        objective_mm=solution.objective_mm,
        bound_mm=solution.bound_mm,
        seconds=solution.seconds,
    )


def _store(curve: TravelCurve, points: Sequence[CurvePoint], *, ledger: Ledger, by: Viewer) -> None:
    values = {
        "base": ledger.candidates.base,
        "covered_before": ledger.candidates.covered,
        "ledger_revision": ledger.revision,
        "solver_version": VERSION,
    }
    with transaction.atomic():
        waiting = TravelCurve.objects.filter(pk=curve.pk, state=ProposalState.WAITING)
        if not waiting.update(state=ProposalState.READY, failure="", **values):
            raise JobRefused("这次测算已被删除、取消，或已由另一个任务算好。")
        CurvePoint.objects.bulk_create(points)
        record(
            "coverage.curve",
            by=by,
            summary=f"算出距离与覆盖的取舍：{curve.proposal.title}",
            about=curve,
            details={"points": len(points)},
            changes_ledger=False,
        )


@contextlib.contextmanager
def _outcome_kept(curve: TravelCurve) -> Iterator[None]:
    try:
        try:
            yield
        except InvalidProblem as wrong:
            raise NotPlannable(str(wrong)) from wrong
    except Cancelled:
        _settle(curve, ProposalState.CANCELLED, "")
        raise
    except (JobRefused, NotAllowed) as refusal:
        _settle(curve, ProposalState.FAILED, str(refusal))
        raise
    except Exception as failure:
        text = f"程序出错，没有算成。请把这句话告诉管理员：{failure_place(failure)}"
        _settle(curve, ProposalState.FAILED, text)
        raise


def _settle(curve: TravelCurve, state: ProposalState, failure: str) -> None:
    waiting = TravelCurve.objects.filter(pk=curve.pk, state=ProposalState.WAITING)
    # What went wrong may be the database itself; the first failure is the one to be told.
    with contextlib.suppress(DatabaseError):
        waiting.update(state=state, failure=failure[:MAX_FAILURE])
