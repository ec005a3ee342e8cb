"""Development targets: yearly quotas of streets, and computed plans of where new members help most."""

from typing import ClassVar

from django.db import models

from liangxin.coverage.models.proposals import BranchProposal, ProposedGroup
from liangxin.coverage.terms import ProposalState, TargetGoal, TargetKind
from liangxin.kernel.models import Job, User
from liangxin.registry.models import Area, Organisation
from liangxin.registry.terms import STAYS, OnMerge


class DevelopmentQuota(models.Model):
    """年度名额: how many members a street may add in a year, typed once; no row: no limit."""

    street = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveIntegerField("名额")
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ("year", "street_id")
        constraints = (
            models.UniqueConstraint(fields=("street", "year"), name="one_quota_a_street_and_year"),
        )


class TargetPlan(models.Model):
    """发展目标测算: one run over the organisations that a proposal leaves out, with all it was made from."""

    proposal = models.ForeignKey(
        BranchProposal, on_delete=models.CASCADE, related_name="target_plans"
    )
    year = models.PositiveSmallIntegerField("年度")
    goal = models.CharField("目标", max_length=14, choices=TargetGoal)
    state = models.CharField(
        "状态", max_length=10, choices=ProposalState, default=ProposalState.WAITING
    )
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("测算时间")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    # Street key (as text) to new members, as they stood; streets that are not named had no limit.
    quotas = models.JSONField("名额", default=dict)
    objective = models.FloatField("总收益", null=True)
    bound = models.FloatField("上界", null=True)
    seconds = models.FloatField("计算用时（秒）", null=True)
    solver_version = models.CharField("求解程序版本", max_length=40, blank=True)
    failure = models.CharField("没有算成的原因", max_length=300, blank=True)
    is_synthetic = models.BooleanField("演示数据", default=False)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state=ProposalState.READY)
                | models.Q(objective__isnull=False, bound__isnull=False),
                name="ready_targets_have_value_and_bound",
            ),
        )

    @property
    def gap(self) -> float | None:
        """(bound - objective) / bound; None before the answer, and where nothing can be gained."""
        if self.objective is None or not self.bound:
            return None
        return max(0.0, self.bound - self.objective) / self.bound


class DevelopmentTarget(models.Model):
    """One target: its firms come under one branch when the new members are there."""

    plan = models.ForeignKey(TargetPlan, on_delete=models.CASCADE, related_name="targets")
    number = models.PositiveIntegerField("序号")  # by gain per new member
    kind = models.CharField("作用", max_length=10, choices=TargetKind)
    group = models.ForeignKey(ProposedGroup, null=True, on_delete=models.CASCADE, related_name="+")
    new_members = models.PositiveSmallIntegerField("需新发展")
    covered = models.PositiveSmallIntegerField("新覆盖单位")
    covered_staff = models.PositiveIntegerField("新覆盖职工")
    text = models.CharField("说明", max_length=400)

    class Meta:
        ordering = ("plan_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="target_number_once_a_plan"),
        )


class TargetUnit(models.Model):
    """A firm of a target as the computation saw it; `new_members` is 0 for those who only join in."""

    on_merge: ClassVar[dict[str, OnMerge]] = {"organisation": STAYS}
    plan = models.ForeignKey(TargetPlan, on_delete=models.CASCADE, related_name="units")
    target = models.ForeignKey(DevelopmentTarget, on_delete=models.CASCADE, related_name="units")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=120)
    street = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    employees = models.PositiveIntegerField("从业人数", null=True)
    members = models.PositiveSmallIntegerField("正式党员数")
    new_members = models.PositiveSmallIntegerField("需新发展")
    is_host = models.BooleanField("牵头单位", default=False)

    class Meta:
        ordering = ("target_id", "-new_members", "name", "organisation_id")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "organisation"), name="target_unit_once_a_plan"
            ),
        )
