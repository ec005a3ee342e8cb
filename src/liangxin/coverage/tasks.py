"""The long steps of coverage, run by the worker; each is safe to run again from its start."""

from typing import Any

from django.utils import timezone

from liangxin.accounts.queries import viewer_of
from liangxin.coverage.actions.curves import CURVE
from liangxin.coverage.actions.proposals import PLAN
from liangxin.coverage.actions.targets import AIM
from liangxin.coverage.models import BranchProposal, TargetPlan, TravelCurve
from liangxin.coverage.planning import plan, redraft
from liangxin.coverage.planning.curves import trace
from liangxin.coverage.planning.targets import aim
from liangxin.coverage.terms import ProposalKind, ProposalState
from liangxin.kernel.jobs import JobRefused, Progress, job
from liangxin.kernel.models import User


@job(PLAN)
def plan_branches(progress: Progress, *, proposal: int, user: int) -> dict[str, Any]:
    """Compute a proposal; one that a killed worker had stored already is left alone."""
    found = BranchProposal.objects.filter(pk=proposal).first()
    if found is None:
        raise JobRefused("这个方案已被删除。")
    if found.state != ProposalState.READY:
        # As of now: a role that was taken away while the job waited no longer counts.
        by = viewer_of(User.objects.get(pk=user), at=timezone.localdate())
        compute = redraft if found.kind == ProposalKind.REPLANNED else plan
        found = compute(found, by=by, progress=progress)
    return dict(found.figures)


@job(AIM)
def aim_targets(progress: Progress, *, plan: int, user: int) -> dict[str, Any]:
    """Compute development targets; those that a killed worker had stored already are left alone."""
    found = TargetPlan.objects.select_related("proposal").filter(pk=plan).first()
    if found is None:
        raise JobRefused("这次测算已被删除。")
    if found.state != ProposalState.READY:
        by = viewer_of(User.objects.get(pk=user), at=timezone.localdate())
        found = aim(found, by=by, progress=progress)
    return {"targets": found.targets.count()}


@job(CURVE)
def trace_curve(progress: Progress, *, curve: int, user: int) -> dict[str, Any]:
    """Compute a curve; one that a killed worker had stored already is left alone."""
    found = TravelCurve.objects.select_related("proposal").filter(pk=curve).first()
    if found is None:
        raise JobRefused("这次测算已被删除。")
    if found.state != ProposalState.READY:
        by = viewer_of(User.objects.get(pk=user), at=timezone.localdate())
        found = trace(found, by=by, progress=progress)
    return {"points": found.points.count()}
