"""Curves of coverage against travel as the computation would have stored them."""

from django.utils import timezone

from liangxin.coverage.actions.curves import CURVE_EFFORT
from liangxin.coverage.models import BranchProposal, CurvePoint, TravelCurve
from liangxin.coverage.terms import ProposalState
from liangxin.kernel.models import User
from tests.factories.plans import make_proposal


def make_curve(
    proposal: BranchProposal | None = None,
    *,
    created_by: User | None = None,
    state: ProposalState = ProposalState.READY,
) -> TravelCurve:
    """A curve with an answer; points are added by `make_point`."""
    is_ready = state == ProposalState.READY
    return TravelCurve.objects.create(
        proposal=proposal or make_proposal(),
        state=state,
        created_by=created_by,
        created_at=timezone.now(),
        radii_m=[500, 1000],
        unit_limits=[5, 6],
        effort=CURVE_EFFORT,
        base=100 if is_ready else None,
        covered_before=40 if is_ready else None,
    )


def make_point(curve: TravelCurve, *, radius_m: int = 1000, unit_limit: int = 5) -> CurvePoint:
    """A point where twice the radius covers twice as many."""
    joined = radius_m // 100
    return CurvePoint.objects.create(
        curve=curve,
        street_radius_m=radius_m,
        unit_limit=unit_limit,
        groups=joined // 3,
        joined_units=joined,
        members=joined + 1,
        left_out=30 - joined,
        covered_after=40 + joined,
        cost_mm=radius_m * 7.5,
        objective_mm=radius_m * 8.0,
        bound_mm=radius_m * 7.0,
        seconds=0.5,
    )
