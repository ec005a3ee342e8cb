"""A batch of uploaded files, its sheets, and the column choices remembered per source."""

from typing import Any

from django.db import models
from django.urls import reverse

from liangxin.intake.terms import SETTLED, BatchState
from liangxin.kernel.models import Blob, Job, User
from liangxin.registry.models import Provenance
from liangxin.workbook.kinds import kind


class Batch(models.Model):
    """Files read in one go; touches the ledger only when committed, and then as one provenance."""

    source = models.CharField("来源", max_length=120)
    as_of_date = models.DateField("数据截至")
    state = models.CharField(
        "状态", max_length=12, choices=BatchState, default=BatchState.READING, db_index=True
    )
    counts = models.JSONField("行数", default=dict)
    error = models.TextField("未成功的原因", blank=True)
    is_synthetic = models.BooleanField("演示数据", default=False)
    provenance = models.OneToOneField(
        Provenance, null=True, on_delete=models.PROTECT, related_name="batch"
    )
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    committed_at = models.DateTimeField("写入时间", null=True)
    undone_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=BatchState.values), name="batch_state_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(BatchState.COMMITTED, BatchState.UNDONE))
                | models.Q(provenance__isnull=False),
                name="batch_committed_has_provenance",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source}（截至 {self.as_of_date}）"

    def get_absolute_url(self) -> str:
        return reverse("import-batch", args=(self.pk,))

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED


class Upload(models.Model):
    """One uploaded file; `reason` and `mend` say why it could not be read."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="uploads")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField("文件名", max_length=200)
    reason = models.TextField("不能读取的原因", blank=True)
    mend = models.TextField("处理办法", blank=True)
    notice = models.TextField("提示", blank=True)

    class Meta:
        ordering = ("batch_id", "id")

    def __str__(self) -> str:
        return self.file_name


class SheetReading(models.Model):
    """How one sheet was understood. Rows of the header count from 0; `columns` keep their order.

    A column is {index, letter, header, code or None, confidence}; a problem is {reason, mend}.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="sheets")
    position = models.PositiveIntegerField("次序")
    name = models.CharField("工作表", max_length=120)
    kind = models.CharField("名单种类", max_length=30, blank=True)
    header_start = models.PositiveIntegerField("表头起行", default=0)
    header_end = models.PositiveIntegerField("表头止行", default=0)
    columns: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(
        "列", default=list
    )
    problems: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(
        "问题", default=list
    )
    counts: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(
        "行数", default=dict
    )
    is_hidden = models.BooleanField("隐藏的工作表", default=False)

    class Meta:
        ordering = ("upload_id", "position")
        constraints = (
            models.UniqueConstraint(fields=("upload", "position"), name="sheet_once_per_upload"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def kind_title(self) -> str:
        """The kind of list in words; '' where it was not recognised."""
        return kind(self.kind).title if self.kind else ""


class ColumnChoice(models.Model):
    """Which column of a kind a header of this source means; an empty code: to be left out."""

    source = models.CharField("来源", max_length=120)
    kind = models.CharField("名单种类", max_length=30)
    header = models.CharField("表头", max_length=200)
    code = models.CharField("列", max_length=40, blank=True)

    class Meta:
        ordering = ("source", "kind", "header")
        constraints = (
            models.UniqueConstraint(
                fields=("source", "kind", "header"), name="column_choice_once_per_header"
            ),
        )
