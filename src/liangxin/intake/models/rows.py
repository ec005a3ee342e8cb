"""Rows on their way to the ledger: sealed, because lists hold ID and telephone numbers."""

from django.db import models

from liangxin.intake.models.batches import Batch, SheetReading
from liangxin.intake.terms import SET_APART, DisplacedHow, Outcome, PackContent
from liangxin.kernel.fields import SealedBytesField


class RowPack(models.Model):
    """Some hundred rows of a sheet, packed and sealed together: a row each would be slow."""

    sheet = models.ForeignKey(SheetReading, on_delete=models.CASCADE, related_name="packs")
    content = models.CharField("内容", max_length=10, choices=PackContent)
    position = models.PositiveIntegerField("次序")
    row_count = models.PositiveIntegerField("行数")
    sealed = SealedBytesField("密封内容")

    class Meta:
        ordering = ("sheet_id", "content", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("sheet", "content", "position"), name="row_pack_once_per_position"
            ),
        )


class StagedRow(models.Model):
    """A row that will not be written; `sealed` holds its faults with values, its texts and values."""

    sheet = models.ForeignKey(SheetReading, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("行号")
    outcome = models.CharField("结果", max_length=12, choices=Outcome)
    # What the row is called and why it is set apart: never an ID or telephone number.
    label = models.CharField("名称", max_length=200)
    columns_text = models.CharField("有问题的列", max_length=200, blank=True)
    reasons = models.TextField("原因", blank=True)
    # Set apart by the plan (against the ledger), not by cleaning: made anew at every planning.
    is_planned = models.BooleanField("对照台账得出")
    sealed = SealedBytesField("密封内容")

    class Meta:
        ordering = ("sheet_id", "number", "id")
        indexes = (models.Index(fields=("sheet", "outcome", "number")),)
        constraints = (
            models.UniqueConstraint(fields=("sheet", "number"), name="staged_row_once_per_number"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=SET_APART), name="staged_row_is_set_apart"
            ),
        )


class DisplacedPack(models.Model):
    """Rows of the ledger as they were before a batch replaced or changed them; undo puts them back.

    The rows of a pack are of one table and came from one provenance.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="displaced")
    table = models.CharField("数据表", max_length=80)
    how = models.CharField("方式", max_length=10, choices=DisplacedHow)
    provenance_key = models.BigIntegerField("原来源")
    row_count = models.PositiveIntegerField("行数")
    sealed = SealedBytesField("密封内容")

    class Meta:
        ordering = ("batch_id", "id")
        indexes = (models.Index(fields=("provenance_key",)),)
