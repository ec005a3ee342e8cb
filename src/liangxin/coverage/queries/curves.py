"""Curves of coverage against travel and their points, as each viewer may see them."""

from typing import Any

from django.db.models import QuerySet

from liangxin.coverage.models import CurvePoint, TravelCurve
from liangxin.coverage.queries.proposals import ended_state
from liangxin.coverage.terms import ProposalState
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer


def curves(viewer: Viewer) -> QuerySet[TravelCurve, Any]:
    """The viewer's own curves; the district office sees all. Newest first."""
    found = TravelCurve.objects.select_related("proposal", "created_by", "job")
    if not may(viewer, Permission.PLAN_BRANCHES):
        return found.none()
    if not viewer.sees_district():
        # Its counts are of the whole scope of whoever asked.
        found = found.filter(created_by_id=viewer.user_id or 0)
    return found.order_by("-id")


def curve_state(curve: TravelCurve) -> ProposalState:
    """What the curve is now; a job that was cancelled or lost leaves it waiting for nothing."""
    return ended_state(curve.state, curve.job)


def curve_points(viewer: Viewer, curve: TravelCurve) -> QuerySet[CurvePoint, Any]:
    """The points of a curve that the viewer may see, by unit limit and radius."""
    seen = curves(viewer).filter(pk=curve.pk).order_by().values("pk")
    return (
        CurvePoint.objects.filter(curve_id__in=seen)
        .select_related("curve")
        .order_by("unit_limit", "street_radius_m", "id")
    )
