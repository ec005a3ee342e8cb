"""Asking what coverage costs in travel under several limits, and throwing an answer away."""

from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.utils import timezone

from liangxin.coverage.models import BranchProposal, TravelCurve
from liangxin.coverage.terms import MOST_PLANNED_UNITS, ProposalState
from liangxin.kernel.audit import record
from liangxin.kernel.jobs import enqueue, job_kind, request_cancel
from liangxin.kernel.permissions import NotAllowed, Permission, require
from liangxin.kernel.viewer import Viewer

CURVE: Final = job_kind("coverage.curve")
# A quarter of a usual search: enough to see the bend, not to adopt anything of it.
CURVE_EFFORT: Final = 0.25
RADII_M: Final = (500, 800, 1000, 1500, 2000)
MOST_RADIUS_M: Final = 50_000
UNIT_LIMITS: Final = (5, 6, 7)
LEAST_UNITS = 2
MOST_POINTS: Final = 24


class InvalidCurve(ValueError):
    """The curve cannot be asked for like this; the text says why, in Chinese."""


def ask_curve(
    proposal: BranchProposal,
    *,
    radii_m: Collection[int],
    unit_limits: Collection[int],
    by: Viewer,
) -> TravelCurve:
    """Ask for one point per radius and unit limit over a proposal's streets and day; a job computes them.

    Raises NotAllowed, InvalidCurve.
    """
    require(by, Permission.PLAN_BRANCHES)
    _check(proposal, radii_m=radii_m, unit_limits=unit_limits)
    with transaction.atomic():
        curve = TravelCurve.objects.create(
            proposal=proposal,
            radii_m=sorted(set(radii_m)),
            unit_limits=sorted(set(unit_limits)),
            effort=CURVE_EFFORT,
            created_by_id=by.user_id,
            created_at=timezone.now(),
            is_synthetic=proposal.is_synthetic,
        )
        arguments = {"curve": curve.pk, "user": by.user_id}
        title = f"测算距离与覆盖的取舍：{proposal.title}"
        curve.job = enqueue(CURVE, by=by, title=title, arguments=arguments)
        curve.save(update_fields=["job"])
        _record("ask_curve", curve, by=by, summary=title)
    return curve


def discard_curve(curve: TravelCurve, *, by: Viewer) -> None:
    """Delete a curve of one's own (the district office: any). Raises NotAllowed."""
    require(by, Permission.PLAN_BRANCHES)
    is_own = by.user_id is not None and curve.created_by_id == by.user_id
    if not is_own and not by.sees_district():
        raise NotAllowed("只有测算人或区级管理部门可以删除。")
    with transaction.atomic():
        if curve.job_id is not None:
            request_cancel(curve.job_id)
        summary = f"删除距离与覆盖的测算：{curve.proposal.title}"
        _record("discard_curve", curve, by=by, summary=summary)
        curve.delete()


def _check(
    proposal: BranchProposal, *, radii_m: Collection[int], unit_limits: Collection[int]
) -> None:
    if proposal.state != ProposalState.READY:
        raise InvalidCurve("这个联建方案还没有算好，先等它算完。")
    if proposal.around_branch_id or proposal.around_unit_id:
        raise InvalidCurve("这是一个支部周边的局部方案，没有整个街道的取舍可算。")
    if not radii_m or not unit_limits:
        raise InvalidCurve("距离和单位上限各至少选一个。")
    if any(not 0 <= radius <= MOST_RADIUS_M for radius in radii_m):
        raise InvalidCurve(f"距离应在 0 到 {MOST_RADIUS_M} 米之间。")
    if any(not LEAST_UNITS <= limit <= MOST_PLANNED_UNITS for limit in unit_limits):
        raise InvalidCurve(f"单位上限应在 {LEAST_UNITS} 到 {MOST_PLANNED_UNITS} 之间。")
    if len(set(radii_m)) * len(set(unit_limits)) > MOST_POINTS:
        raise InvalidCurve(f"一次最多算 {MOST_POINTS} 种组合，请少选几个。")


def _record(action: str, curve: TravelCurve, *, by: Viewer, summary: str) -> None:
    record(
        f"coverage.{action}",
        by=by,
        summary=summary,
        about=curve,
        details={"radii_m": curve.radii_m, "unit_limits": curve.unit_limits},
        changes_ledger=False,
    )
