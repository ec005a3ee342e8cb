"""What coverage costs in travel: one proposal's scope and day, planned anew under several limits."""

from django.db import models

from liangxin.coverage.models.proposals import BranchProposal
from liangxin.coverage.terms import ProposalState
from liangxin.kernel.models import Job, User


class TravelCurve(models.Model):
    """距离与覆盖的取舍: one run over the limits asked for, with all it was made from."""

    proposal = models.ForeignKey(BranchProposal, on_delete=models.CASCADE, related_name="curves")
    state = models.CharField(
        "状态", max_length=10, choices=ProposalState, default=ProposalState.WAITING
    )
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("测算时间")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    radii_m: "models.JSONField[list[int], list[int]]" = models.JSONField("同街道距离（米）")
    unit_limits: "models.JSONField[list[int], list[int]]" = models.JSONField("一组单位上限")
    effort = models.FloatField("计算强度")
    # Organisations of the base in the scope of whoever asked, and those that are covered already.
    base = models.PositiveIntegerField("统计基数", null=True)
    covered_before = models.PositiveIntegerField("现有组织覆盖", null=True)
    ledger_revision = models.BigIntegerField("台账版次", default=0)
    solver_version = models.CharField("求解程序版本", max_length=40, blank=True)
    failure = models.CharField("没有算成的原因", max_length=300, blank=True)
    is_synthetic = models.BooleanField("演示数据", default=False)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state=ProposalState.READY)
                | models.Q(base__isnull=False, covered_before__isnull=False),
                name="ready_curve_has_base",
            ),
        )

    @property
    def share_before(self) -> float | None:
        """Organisation coverage as it stands; None before the answer, and over an empty base."""
        return (self.covered_before or 0) / self.base if self.base else None


class CurvePoint(models.Model):
    """What one pair of limits gives; counts are of organisations unless the name says otherwise."""

    curve = models.ForeignKey(TravelCurve, on_delete=models.CASCADE, related_name="points")
    street_radius_m = models.PositiveIntegerField("同街道距离（米）")
    unit_limit = models.PositiveSmallIntegerField("一组单位上限")
    groups = models.PositiveIntegerField("拟建支部")
    joined_units = models.PositiveIntegerField("纳入单位")
    members = models.PositiveIntegerField("正式党员数")
    left_out = models.PositiveIntegerField("未能联建")
    covered_after = models.PositiveIntegerField("成立后组织覆盖")
    cost_mm = models.FloatField("路程（人·米）")
    objective_mm = models.FloatField("总代价（人·米）")
    bound_mm = models.FloatField("理论下界（人·米）")
    seconds = models.FloatField("计算用时（秒）")

    class Meta:
        ordering = ("curve_id", "unit_limit", "street_radius_m")
        constraints = (
            models.UniqueConstraint(
                fields=("curve", "street_radius_m", "unit_limit"), name="curve_point_once"
            ),
        )

    @property
    def mean_way_m(self) -> float | None:
        """Metres that a member walks one way to a meeting, on average."""
        return self.cost_mm / self.members if self.members else None

    @property
    def gap(self) -> float | None:
        """(objective - bound) / bound; None where the bound is 0."""
        if not self.bound_mm:
            return None
        return max(0.0, self.objective_mm - self.bound_mm) / self.bound_mm
