"""Development targets from the ledger to stored rows: read, solve, hold to the rules, store."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from django.db import DatabaseError, transaction

from liangxin.coverage.models import DevelopmentTarget, TargetPlan, TargetUnit
from liangxin.coverage.planning.plane import Plane, plane_of
from liangxin.coverage.planning.target_wording import target_sentence
from liangxin.coverage.queries.candidates import PlannedOrganisation, division
from liangxin.coverage.queries.target_ground import RoomyGroup, TargetGround, target_ground
from liangxin.coverage.terms import PlanParameters, ProposalState, TargetGoal, TargetKind
from liangxin.kernel.audit import record
from liangxin.kernel.jobs import Cancelled, JobRefused, Progress, failure_place
from liangxin.kernel.permissions import NotAllowed, Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.optimize.targets import check
from liangxin.optimize.targets.problem import (
    NONE,
    Firms,
    InvalidTargets,
    OpenGroups,
    Rules,
    TargetProblem,
)
from liangxin.optimize.targets.solution import Solution, Target
from liangxin.optimize.targets.solve import VERSION, solve

# In organisations (or staff) covered: enough to choose between equals, too little to outweigh one.
FIRST_GAIN: Final = 0.01
READING, SOLVING, STORING, DONE = 0, 10, 90, 100
SHOWN_FAULTS: Final = 3
MAX_FAILURE: Final = 300


class NotAimable(JobRefused):
    """The targets cannot be computed; the text says why, in Chinese."""


def aim(plan: TargetPlan, *, by: Viewer, progress: Progress) -> TargetPlan:
    """Compute a waiting plan of targets and store it in one transaction; safe to run again.

    Raises NotAimable, NotAllowed, Cancelled; the reason is kept on the plan.
    """
    if plan.state != ProposalState.WAITING:
        raise NotAimable(f"这次测算现在是“{plan.get_state_display()}”，不能再算。")
    with _outcome_kept(plan):
        require(by, Permission.PLAN_BRANCHES)
        progress.step(READING, DONE, "读取台账")
        ground = target_ground(by, plan.proposal)
        placed = tuple(one for one in ground.firms if one.has_position)
        problem = target_problem(plan, ground, placed=placed)
        solution = _solved(problem, progress=progress)
        progress.step(STORING, DONE, "写入结果")
        _store(plan, solution, ground=ground, placed=placed, by=by)
    plan.refresh_from_db()
    return plan


def target_problem(
    plan: TargetPlan, ground: TargetGround, *, placed: Sequence[PlannedOrganisation]
) -> TargetProblem:
    """The problem of organisations that all have a position; firm i is `placed[i]`."""
    parameters = PlanParameters(**plan.proposal.parameters)
    plane = plane_of((one.lon, one.lat) for one in placed)
    return TargetProblem(
        firms=_firms(placed, ground=ground, goal=TargetGoal(plan.goal), plane=plane),
        groups=_open_groups(ground.groups, plane=plane),
        rules=Rules(
            street_radius_m=parameters.street_radius_m,
            industry_radius_m=parameters.industry_radius_m,
            min_members=parameters.min_members,
            max_members=parameters.max_members,
            max_units=parameters.max_units,
        ),
        quota={int(street): number for street, number in plan.quotas.items()},
    )


def _firms(
    placed: Sequence[PlannedOrganisation], *, ground: TargetGround, goal: TargetGoal, plane: Plane
) -> Firms:
    x_m, y_m = plane.metres([one.lon for one in placed], [one.lat for one in placed])
    keys = [one.organisation_id for one in placed]
    gain = [
        1.0 if goal is TargetGoal.ORGANISATIONS else float(ground.staff.get(key, 0)) for key in keys
    ]
    wanted = [FIRST_GAIN if key in ground.first_wanted else 0.0 for key in keys]
    return Firms(
        ids=tuple(str(key) for key in keys),
        members=np.array([one.members for one in placed], np.int64),
        x_m=x_m,
        y_m=y_m,
        site=_codes([one.site_id for one in placed]),
        street=_codes([one.street_id for one in placed]),
        industry=_codes([division(one.industry_code) for one in placed]),
        gain=np.array(gain, np.float64),
        first_gain=np.array(wanted, np.float64),
    )


def _open_groups(groups: Sequence[RoomyGroup], *, plane: Plane) -> OpenGroups:
    hosts = [one.host for one in groups]
    x_m, y_m = plane.metres([one.lon for one in hosts], [one.lat for one in hosts])
    return OpenGroups(
        ids=tuple(str(one.group.number) for one in groups),
        x_m=x_m,
        y_m=y_m,
        site=_codes([one.site_id for one in groups]),
        street=_codes([one.street_id for one in hosts]),
        industry=_codes([division(one.industry_code) for one in hosts]),
        places=np.array([one.places for one in groups], np.int64),
    )


def _codes(keys: Sequence[int | None]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([NONE if key is None else key for key in keys], dtype=np.int64)


def _solved(problem: TargetProblem, *, progress: Progress) -> Solution:
    def on_progress(share: float) -> None:
        progress.step(SOLVING + round(share * (STORING - SOLVING)), DONE, "测算发展目标")

    solution = solve(problem, on_progress=on_progress)
    wrong = [fault.text for fault in check.faults(problem, solution)]
    if wrong:
        shown = "".join(wrong[:SHOWN_FAULTS])
        raise NotAimable(f"算出的结果没有通过独立核对，没有保存：{shown}")
    return solution


def _store(
    plan: TargetPlan,
    solution: Solution,
    *,
    ground: TargetGround,
    placed: Sequence[PlannedOrganisation],
    by: Viewer,
) -> None:
    targets, units = _rows(plan, solution, ground=ground, placed=placed)
    with transaction.atomic():
        waiting = TargetPlan.objects.filter(pk=plan.pk, state=ProposalState.WAITING)
        # One conditional UPDATE: of two workers that computed the same one alone stores it.
        if not waiting.update(
            state=ProposalState.READY,
            failure="",
            objective=solution.objective,
            bound=solution.bound,
            seconds=solution.seconds,
            solver_version=VERSION,
        ):
            raise NotAimable("这次测算已被删除、取消，或已由另一进程算好。")
        DevelopmentTarget.objects.bulk_create(targets)
        TargetUnit.objects.bulk_create(units)
        record(
            "coverage.aim",
            by=by,
            summary=f"算出{plan.year}年发展目标",
            about=plan,
            details={"targets": len(targets), "new_members": sum(t.new_members for t in targets)},
            changes_ledger=False,
        )


def _rows(
    plan: TargetPlan,
    solution: Solution,
    *,
    ground: TargetGround,
    placed: Sequence[PlannedOrganisation],
) -> tuple[list[DevelopmentTarget], list[TargetUnit]]:
    """Rows by gain per new member: most organisations first, then most staff."""
    made = [_target_row(plan, target, ground=ground, placed=placed) for target in solution.targets]
    by_staff = plan.goal == TargetGoal.STAFF

    def rank(place: int) -> tuple[float, float, tuple[int, ...]]:
        row = made[place]
        firms, staff = row.covered / row.new_members, row.covered_staff / row.new_members
        first, second = (staff, firms) if by_staff else (firms, staff)
        return -first, -second, solution.targets[place].units

    targets: list[DevelopmentTarget] = []
    units: list[TargetUnit] = []
    for number, place in enumerate(sorted(range(len(made)), key=rank), start=1):
        row = made[place]
        row.number = number
        targets.append(row)
        units += _unit_rows(row, solution.targets[place], placed=placed, staff=ground.staff)
    return targets, units


def _target_row(
    plan: TargetPlan,
    target: Target,
    *,
    ground: TargetGround,
    placed: Sequence[PlannedOrganisation],
) -> DevelopmentTarget:
    kind = TargetKind(target.kind.value)
    group = ground.groups[target.group] if kind is TargetKind.JOIN else None
    is_covered = kind is not TargetKind.FIRST
    staff = [ground.staff.get(placed[unit].organisation_id) for unit in target.units]
    return DevelopmentTarget(
        plan=plan,
        number=0,
        kind=kind,
        group=group.group if group else None,
        new_members=target.new_members,
        covered=len(target.units) if is_covered else 0,
        covered_staff=sum(one or 0 for one in staff) if is_covered else 0,
        text=target_sentence(
            kind,
            [
                (placed[unit].name, placed[unit].members, new)
                for unit, new in zip(target.units, target.new, strict=True)
            ],
            staff=staff,
            group=(group.group.number, group.host.name) if group else None,
            staff_for_member=ground.staff_for_member,
        ),
    )


def _unit_rows(
    row: DevelopmentTarget,
    target: Target,
    *,
    placed: Sequence[PlannedOrganisation],
    staff: Mapping[int, int],
) -> Iterator[TargetUnit]:
    for unit, new in zip(target.units, target.new, strict=True):
        one = placed[unit]
        yield TargetUnit(
            plan=row.plan,
            target=row,
            organisation_id=one.organisation_id,
            name=one.name,
            street_id=one.street_id,
            employees=staff.get(one.organisation_id),
            members=one.members,
            new_members=new,
            is_host=unit == target.host,
        )


@contextlib.contextmanager
def _outcome_kept(plan: TargetPlan) -> Iterator[None]:
    try:
        try:
            yield
        except InvalidTargets as wrong:
            raise NotAimable(str(wrong)) from wrong
    except Cancelled:
        _settle(plan, ProposalState.CANCELLED, "")
        raise
    except (JobRefused, NotAllowed) as refusal:
        _settle(plan, ProposalState.FAILED, str(refusal))
        raise
    except Exception as failure:
        text = f"程序出错，没有算成。请把这句话告诉管理员：{failure_place(failure)}"
        _settle(plan, ProposalState.FAILED, text)
        raise


def _settle(plan: TargetPlan, state: ProposalState, failure: str) -> None:
    waiting = TargetPlan.objects.filter(pk=plan.pk, state=ProposalState.WAITING)
    # What went wrong may be the database itself; the first failure is the one to be told.
    with contextlib.suppress(DatabaseError):
        waiting.update(state=state, failure=failure[:MAX_FAILURE])
