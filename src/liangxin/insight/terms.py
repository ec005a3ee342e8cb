"""The words of filled reports."""

from django.db import models


class ReportState(models.TextChoices):
    WAITING = "waiting", "生成中"
    READY = "ready", "已生成"
    SENT = "sent", "已报送"


class TemplateFormat(models.TextChoices):
    XLSX = "xlsx", "Excel"
    DOCX = "docx", "Word"


MAX_TITLE = 80
MAX_TEMPLATE_BYTES = 5_000_000
