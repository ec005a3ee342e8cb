"""What people change in a draft of a proposal: every step is kept, and can be taken back."""

from typing import ClassVar

from django.db import models

from liangxin.coverage.models.proposals import BranchProposal
from liangxin.coverage.terms import EditKind
from liangxin.kernel.models import User
from liangxin.registry.models import Organisation
from liangxin.registry.terms import STAYS, OnMerge


class ProposalEdit(models.Model):
    """One step: who did what to which groups and when. Never changed; an undo is a step of its own.

    `before` and `after` hold the state of everything that the step touched (queries.edit_state).
    """

    on_merge: ClassVar[dict[str, OnMerge]] = {"organisation": STAYS, "other": STAYS}
    proposal = models.ForeignKey(BranchProposal, on_delete=models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField("步数")
    kind = models.CharField("操作", max_length=10, choices=EditKind)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    other = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    from_number = models.PositiveIntegerField("原组号", null=True)
    to_number = models.PositiveIntegerField("新组号", null=True)
    text = models.CharField("内容", max_length=400)
    reason = models.CharField("理由", max_length=200, blank=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("时间")
    before = models.JSONField("改前")
    after = models.JSONField("改后")
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.CASCADE, related_name="undone_by"
    )

    class Meta:
        ordering = ("-number",)
        constraints = (
            # Of two officers who take the same step number one alone is written.
            models.UniqueConstraint(fields=("proposal", "number"), name="edit_number_once"),
            models.CheckConstraint(
                condition=models.Q(kind=EditKind.UNDO, undoes__isnull=False)
                | ~models.Q(kind=EditKind.UNDO) & models.Q(undoes__isnull=True),
                name="edit_undo_names_its_step",
            ),
        )

    def __str__(self) -> str:
        return self.text


class KeptApart(models.Model):
    """Two units of a draft that must not share a group; `first` has the smaller key."""

    on_merge: ClassVar[dict[str, OnMerge]] = {"first": STAYS, "second": STAYS}
    proposal = models.ForeignKey(
        BranchProposal, on_delete=models.CASCADE, related_name="kept_apart"
    )
    first = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("proposal_id", "first_id", "second_id")
        constraints = (
            models.UniqueConstraint(fields=("proposal", "first", "second"), name="kept_apart_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="kept_apart_in_order"
            ),
        )
