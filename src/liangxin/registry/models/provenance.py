"""Where facts come from, and the base of every dated fact."""

from typing import ClassVar

from django.db import models

from liangxin.kernel.models import User
from liangxin.registry.terms import SourceKind


class Provenance(models.Model):
    """One act of telling the ledger something: a saved form, or one committed batch of an import."""

    kind = models.CharField("来源类别", max_length=10, choices=SourceKind)
    source = models.CharField("来源", max_length=120)
    as_of_date = models.DateField("数据截至")
    recorded_at = models.DateTimeField("录入时间", db_index=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    is_withdrawn = models.BooleanField("已撤销", default=False)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.source}（截至 {self.as_of_date}）"


class Fact(models.Model):
    """Something true from `valid_from` up to but not including `valid_to` (None: still true)."""

    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("终止日期", null=True)
    recorded_at = models.DateTimeField("录入时间")
    provenance = models.ForeignKey(Provenance, on_delete=models.PROTECT, related_name="+")
    # Which act ended the fact; its undoing re-opens the fact.
    ended_by = models.ForeignKey(Provenance, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="%(class)s_period_runs_forward",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_by__isnull=True) | models.Q(valid_to__isnull=False),
                name="%(class)s_ended_has_end_date",
            ),
        )
