"""A computed proposal of joint branches, kept as it was computed; nothing here counts as coverage."""

from typing import ClassVar

from django.db import models

from liangxin.coverage.terms import (
    AttachmentKind,
    GroupMode,
    LeftOutCode,
    ProposalKind,
    ProposalState,
)
from liangxin.kernel.models import Job, User
from liangxin.registry.models import Area, Organisation, PartyOrganisation, Person
from liangxin.registry.terms import STAYS, OnMerge

RECKONED_TO = 1e-5  # of a cost: solvers prove no closer


class BranchProposal(models.Model):
    """联建方案: one run of the planner over a scope on a day, with everything needed to repeat it."""

    on_merge: ClassVar[dict[str, OnMerge]] = {"around_unit": STAYS}
    title = models.CharField("名称", max_length=80)
    state = models.CharField(
        "状态", max_length=10, choices=ProposalState, default=ProposalState.WAITING
    )
    at = models.DateField("台账日期")
    # Empty: all streets of whoever asked. The scope was cut to that person's own when asked.
    streets = models.ManyToManyField(Area, related_name="+", blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("拟订时间")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    # Values of PlanParameters (coverage.terms), as used; rules keep changing, a proposal does not.
    parameters = models.JSONField("参数")
    # Keys of units that may join a group but not host one; their names are read of the ledger.
    no_hosts: "models.JSONField[list[int], list[int]]" = models.JSONField(
        "不能牵头的单位", default=list
    )
    seed = models.PositiveIntegerField("随机种子", default=1)
    effort = models.FloatField("计算强度", default=1.0)
    solver_version = models.CharField("求解程序版本", max_length=40, blank=True)
    ledger_revision = models.BigIntegerField("台账版次", default=0)
    objective_mm = models.FloatField("总路程（人·米）", null=True)
    bound_mm = models.FloatField("理论下界（人·米）", null=True)
    seconds = models.FloatField("计算用时（秒）", null=True)
    is_reproducible = models.BooleanField("可重现", default=True)
    # Why it was not computed, in words for whoever asked; the job's row may be gone by then.
    failure = models.CharField("没有算成的原因", max_length=300, blank=True)
    # A re-plan of the neighbourhood alone: of a joint branch, or of one unit that nobody covers.
    around_branch = models.ForeignKey(
        PartyOrganisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    around_unit = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Of a re-plan: a Difference (coverage.terms) between what stands and what is proposed.
    difference: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField(
        "与现状的差别", default=dict
    )
    # Counts of ProposalFigures (coverage.terms) on `at`.
    figures = models.JSONField("数字", default=dict)
    is_synthetic = models.BooleanField("演示数据", default=False)
    kind = models.CharField(
        "来源", max_length=10, choices=ProposalKind, default=ProposalKind.COMPUTED
    )
    # A draft is a copy of its parent that people change; a replanned one was computed around a draft.
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="derived")
    # The last step of the draft that was known when it was computed around it.
    parent_edit = models.PositiveIntegerField("据调整稿第几步", null=True)
    # Units that were free to move when it was computed around what people had settled.
    freed_units = models.PositiveIntegerField("可以变动的单位", null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind=ProposalKind.COMPUTED, parent__isnull=True)
                | ~models.Q(kind=ProposalKind.COMPUTED) & models.Q(parent__isnull=False),
                name="derived_proposal_has_parent",
            ),
            models.UniqueConstraint(
                fields=("parent",),
                condition=models.Q(kind=ProposalKind.DRAFT),
                name="proposal_has_one_draft",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ProposalState.READY)
                | models.Q(objective_mm__isnull=False, bound_mm__isnull=False),
                name="ready_proposal_has_cost_and_bound",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_local(self) -> bool:
        """Whether it plans the neighbourhood of one branch, or of one unit, alone."""
        return self.around_branch_id is not None or self.around_unit_id is not None

    @property
    def origin_title(self) -> str:
        """Where it comes from, as the screens call it."""
        return "就近重排" if self.is_local else str(self.get_kind_display())

    @property
    def gap(self) -> float | None:
        """(objective - bound) / bound; None before the answer, and where the bound is 0."""
        if self.objective_mm is None or not self.bound_mm:
            return None
        return max(0.0, self.objective_mm - self.bound_mm) / self.bound_mm

    @property
    def is_proven_best(self) -> bool:
        """Whether no plan costs less, as far as solvers reckon."""
        if self.objective_mm is None or self.bound_mm is None:
            return False
        return self.objective_mm <= self.bound_mm * (1 + RECKONED_TO)


class ProposedGroup(models.Model):
    """One joint branch of a proposal, or units for a branch that stands (`into_branch`)."""

    on_merge: ClassVar[dict[str, OnMerge]] = {"host": STAYS}
    proposal = models.ForeignKey(BranchProposal, on_delete=models.CASCADE, related_name="groups")
    number = models.PositiveIntegerField("组号")
    host = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    into_branch = models.ForeignKey(
        PartyOrganisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    street = models.ForeignKey(
        Area, null=True, on_delete=models.PROTECT, related_name="+"
    )  # the host's
    mode = models.CharField("组建方式", max_length=10, choices=GroupMode)
    units_count = models.PositiveSmallIntegerField("单位数")
    members = models.PositiveSmallIntegerField("正式党员数")
    to_transfer = models.PositiveSmallIntegerField("需转接组织关系人数")
    cost_mm = models.FloatField("路程（人·米）")  # walked; what weighs in the plan is more
    longest_way_m = models.FloatField("最远路程（米）")
    is_cross_street = models.BooleanField("跨街道", default=False)
    reason = models.CharField("理由", max_length=300)
    # In a draft, until somebody changes the group: the group that it is a copy of.
    copied_from = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="copies"
    )
    is_locked = models.BooleanField("已锁定", default=False)
    is_host_chosen = models.BooleanField("牵头单位由人指定", default=False)
    # Why a person went beyond what a rule generally asks for.
    exception = models.CharField("例外理由", max_length=200, blank=True)

    class Meta:
        ordering = ("proposal_id", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "number"), name="proposed_group_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(host__isnull=False, into_branch__isnull=True)
                | models.Q(host__isnull=True, into_branch__isnull=False),
                name="proposed_group_hosted_by_unit_or_branch",
            ),
        )


class ProposedUnit(models.Model):
    """A unit of a proposed group, with the facts the planner saw, so that changes can be told."""

    on_merge: ClassVar[dict[str, OnMerge]] = {"organisation": STAYS}
    # Beside the group's, so that one constraint holds a unit to one group of a proposal.
    proposal = models.ForeignKey(BranchProposal, on_delete=models.CASCADE, related_name="units")
    group = models.ForeignKey(ProposedGroup, on_delete=models.CASCADE, related_name="units")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # The joint branch that covers the unit and that it would leave; re-plans only.
    from_branch = models.ForeignKey(
        PartyOrganisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_host = models.BooleanField("牵头单位", default=False)
    mode = models.CharField("组建方式", max_length=10, choices=GroupMode)
    way_m = models.FloatField("到牵头单位（米）")
    name = models.CharField("名称", max_length=120)
    street = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    site_name = models.CharField("楼宇园区", max_length=120, blank=True)
    industry_code = models.CharField("行业代码", max_length=4, blank=True)
    lon = models.FloatField("经度")
    lat = models.FloatField("纬度")
    members = models.PositiveSmallIntegerField("正式党员数")
    to_transfer = models.PositiveSmallIntegerField("需转接组织关系人数")
    # Its price when the plan was computed: a plan computed around it proves its bound from these.
    price_mm = models.FloatField("影子价格（人·米）", null=True)
    is_pinned = models.BooleanField("已固定", default=False)
    is_moved = models.BooleanField("由人移入", default=False)

    class Meta:
        ordering = ("group_id", "-is_host", "name", "organisation_id")
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "organisation"), name="proposed_unit_in_one_group"
            ),
            models.UniqueConstraint(
                fields=("group",),
                condition=models.Q(is_host=True),
                name="proposed_group_one_host",
            ),
        )


class LeftOutOrganisation(models.Model):
    """An organisation with too few members that no group of the proposal covers, and why."""

    on_merge: ClassVar[dict[str, OnMerge]] = {"organisation": STAYS}
    proposal = models.ForeignKey(BranchProposal, on_delete=models.CASCADE, related_name="left_out")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    code = models.CharField("原因", max_length=14, choices=LeftOutCode)
    text = models.CharField("说明", max_length=300)
    name = models.CharField("名称", max_length=120)
    street = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    lon = models.FloatField("经度", null=True)
    lat = models.FloatField("纬度", null=True)
    members = models.PositiveSmallIntegerField("正式党员数")
    price_mm = models.FloatField("影子价格（人·米）", null=True)
    # Taken out by a person who wants it in no group; a new run leaves it alone.
    is_excluded = models.BooleanField("不参加联建", default=False)
    # [{"kind": HelpKind, "text": in words}]: each would be enough; none where it was not worked out.
    helps = models.JSONField("怎么办", default=list)

    class Meta:
        ordering = ("proposal_id", "name", "organisation_id")
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "organisation"), name="left_out_once_a_proposal"
            ),
        )


class ProposedAttachment(models.Model):
    """An organisation without members, and who is to keep in touch with it; `kind` NONE: nobody can."""

    on_merge: ClassVar[dict[str, OnMerge]] = {"organisation": STAYS, "person": STAYS}
    proposal = models.ForeignKey(
        BranchProposal, on_delete=models.CASCADE, related_name="attachments"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("联系方式", max_length=10, choices=AttachmentKind)
    group = models.ForeignKey(
        ProposedGroup, null=True, on_delete=models.CASCADE, related_name="attachments"
    )
    party_organisation = models.ForeignKey(
        PartyOrganisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    way_m = models.FloatField("距离（米）", null=True)
    text = models.CharField("说明", max_length=200, blank=True)
    name = models.CharField("名称", max_length=120)
    street = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("proposal_id", "name", "organisation_id")
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "organisation"), name="attached_once_a_proposal"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind=AttachmentKind.GROUP,
                    group__isnull=False,
                    party_organisation__isnull=True,
                    person__isnull=True,
                )
                | models.Q(
                    kind=AttachmentKind.BRANCH,
                    group__isnull=True,
                    party_organisation__isnull=False,
                    person__isnull=True,
                )
                | models.Q(
                    kind__in=(AttachmentKind.INSTRUCTOR, AttachmentKind.LIAISON),
                    group__isnull=True,
                    party_organisation__isnull=True,
                    person__isnull=False,
                )
                | models.Q(
                    kind=AttachmentKind.NONE,
                    group__isnull=True,
                    party_organisation__isnull=True,
                    person__isnull=True,
                ),
                name="attachment_to_whom_it_says",
            ),
        )
