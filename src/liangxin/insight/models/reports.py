"""Templates that a superior gave, with every version, and the reports filled from them."""

from typing import Any

from django.db import models

from liangxin.insight.terms import MAX_TITLE, ReportState, TemplateFormat
from liangxin.kernel.fields import EncryptedTextField
from liangxin.kernel.models import Blob, Job, User
from liangxin.kernel.viewer import ScopeKind


class ImmutableReport(RuntimeError):
    """Somebody tried to change or remove a report that was sent, or a version of a template."""


class ReportTemplate(models.Model):
    """报表模板: one form of the superior's; `code` names a built-in one."""

    title = models.CharField("名称", max_length=MAX_TITLE)
    code = models.CharField("内置模板", max_length=40, blank=True)
    is_retired = models.BooleanField("已停用", default=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("建立时间")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("code",), condition=~models.Q(code=""), name="built_in_template_once"
            ),
        )

    def __str__(self) -> str:
        return self.title


class TemplateVersion(models.Model):
    """One file of a template as it came; a report keeps the version it was made with."""

    template = models.ForeignKey(ReportTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版次")
    file_name = models.CharField("文件名", max_length=200)
    file_format = models.CharField("格式", max_length=4, choices=TemplateFormat)
    # An empty form holds nothing about anybody, and must outlive the retention of kept files.
    content = models.BinaryField("内容")
    placeholders = models.JSONField("占位符", default=list)
    # Which edition of a built-in form this is; 0 for a file somebody gave.
    edition = models.PositiveSmallIntegerField("内置版次", default=0)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("上传时间")

    class Meta:
        ordering = ("template_id", "-number")
        constraints = (
            models.UniqueConstraint(fields=("template", "number"), name="template_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.template}第{self.number}版"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise ImmutableReport("a version of a template is never changed; add another one")
        super().save(*args, **kwargs)


class Report(models.Model):
    """报表: a template filled for a scope on a day, with its own copy of every figure and list."""

    version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="reports")
    title = models.CharField("名称", max_length=MAX_TITLE)
    at = models.DateField("统计日期")
    scope_kind = models.CharField(
        "范围类别", max_length=24, choices=[(kind.value, kind.value) for kind in ScopeKind]
    )
    scope_key = models.CharField("范围", max_length=40, blank=True)
    scope_title = models.CharField("单位", max_length=120)
    state = models.CharField("状态", max_length=8, choices=ReportState, default=ReportState.WAITING)
    adds_changes = models.BooleanField("附变化情况", default=False)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("填报时间")
    # What it is compared with; fixed when it is filled.
    previous = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="following"
    )
    blob = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    # JSON of workbook.filling.content.Content; lists may name people, so it is sealed.
    content = EncryptedTextField("数据留底", blank=True)
    figure_count = models.PositiveIntegerField("数字个数", default=0)
    row_count = models.PositiveIntegerField("清单行数", default=0)
    ready_at = models.DateTimeField("生成时间", null=True)
    sent_date = models.DateField("报送日期", null=True)
    sent_to = models.CharField("报送单位", max_length=80, blank=True)
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    is_synthetic = models.BooleanField("演示数据", default=False)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("scope_kind", "scope_key")),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state=ReportState.SENT, sent_date__isnull=False)
                | (~models.Q(state=ReportState.SENT) & models.Q(sent_date__isnull=True)),
                name="report_sent_has_date",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ReportState.WAITING)
                | models.Q(blob__isnull=False, ready_at__isnull=False),
                name="report_ready_has_file",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_if_sent()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_if_sent()
        return super().delete(*args, **kwargs)

    def _refuse_if_sent(self) -> None:
        if self.pk and Report.objects.filter(pk=self.pk, state=ReportState.SENT).exists():
            raise ImmutableReport("a report that was sent is never changed")
