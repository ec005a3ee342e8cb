"""The words of an import: states of a batch and of a file, and what becomes of a row."""

from django.db import models


class BatchState(models.TextChoices):
    READING = "reading", "正在读取"
    DRY = "dry", "待确认"
    COMMITTING = "committing", "正在写入"
    COMMITTED = "committed", "已写入台账"
    UNDONE = "undone", "已撤销"
    FAILED = "failed", "未能读取"
    DISCARDED = "discarded", "已放弃"


SETTLED = (BatchState.COMMITTED, BatchState.UNDONE, BatchState.DISCARDED)


class Outcome(models.TextChoices):
    NEW = "new", "新增"
    CHANGED = "changed", "有变化"
    UNCHANGED = "unchanged", "无变化"
    REJECTED = "rejected", "退回"
    OLDER = "older", "早于台账"
    OUT_OF_SCOPE = "out_of_scope", "不在职责范围"


SET_APART = (Outcome.REJECTED, Outcome.OLDER, Outcome.OUT_OF_SCOPE)


class PackContent(models.TextChoices):
    ROWS = "rows", "整理后的行"
    MENDED = "mended", "改好的行"
    CHANGES = "changes", "变化前后"


class DisplacedHow(models.TextChoices):
    DELETED = "deleted", "被取代"
    UPDATED = "updated", "被改动"
