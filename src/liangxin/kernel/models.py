"""The tables every app stands on: accounts, the audit trail, jobs, kept files and saved views."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from liangxin.kernel.fields import EncryptedTextField


class UserManager(BaseUserManager["User"]):
    """Finds users by name of account; creation is an action of accounts."""


class User(AbstractBaseUser):
    """A bare account; what it may do stands in accounts.RoleGrant."""

    username = models.CharField("登录名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    is_active = models.BooleanField("可以登录", default=True)
    is_synthetic = models.BooleanField("演示账号", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name or self.username


class ImmutableEntry(RuntimeError):
    """Somebody tried to change or remove an audit entry."""


class AuditEntry(models.Model):
    """One thing somebody did. Appended inside the action's transaction, never changed."""

    at = models.DateTimeField("时间", db_index=True)
    by_id = models.BigIntegerField("账号", null=True, db_index=True)
    by_name = models.CharField("办理人", max_length=60)
    action = models.CharField("事项", max_length=60, db_index=True)
    summary = models.CharField("说明", max_length=300)
    object_kind = models.CharField("对象类别", max_length=60, blank=True)
    object_key = models.CharField("对象", max_length=60, blank=True)
    # Names of fields and harmless values only: a sensitive value here would outlive its erasure.
    details = models.JSONField("细节", default=dict)
    # Looking, exporting and managing accounts leave figures as they were.
    changes_ledger = models.BooleanField("改动台账", default=True)
    # The place in the chain, without gaps; the hashes are those of liangxin.kernel.chain_links.
    number = models.BigIntegerField("编号", unique=True)
    previous_hash = models.CharField("上一条的校验码", max_length=64, blank=True)
    hash = models.CharField("校验码", max_length=64)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("object_kind", "object_key")),
            models.Index(fields=("changes_ledger", "id")),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise ImmutableEntry("audit entries are appended, never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ImmutableEntry("audit entries are never removed")


class AuditHead(models.Model):
    """Where the chain of audit entries ends: the one row that every append locks and moves on.

    `mac` covers number and hash, so that who cuts the chain's end off cannot put a fitting head in place.
    """

    number = models.BigIntegerField("条数", default=0)
    hash = models.CharField("末条校验码", max_length=64, blank=True)
    mac = models.CharField("链头校验码", max_length=64)
    # The key that chain and blind indexes are derived from; changed only by retiring a key.
    key_id = models.CharField("密钥编号", max_length=60)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="audit_has_one_head"),)


class LedgerMark(models.Model):
    """The newest entry that may have changed a figure of one place; the place '' stands for all of them."""

    place = models.CharField("地方", max_length=40, primary_key=True)
    entry = models.BigIntegerField("操作记录")

    class Meta:
        ordering = ("place",)

    def __str__(self) -> str:
        return self.place


class JobState(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未成功"
    CANCELLED = "cancelled", "已取消"


class Job(models.Model):
    """Long work with progress; a lease that is not renewed means that its worker died."""

    kind = models.CharField("工作", max_length=60)
    title = models.CharField("名称", max_length=120)
    state = models.CharField("状态", max_length=10, choices=JobState, default=JobState.QUEUED)
    arguments = models.JSONField("参数", default=dict)
    result = models.JSONField("结果", default=dict)
    error = models.TextField("原因", blank=True)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    note = models.CharField("当前步骤", max_length=120, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    is_cancel_requested = models.BooleanField("请求取消", default=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)
    lease_until_at = models.DateTimeField("租约到期", null=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("state", "lease_until_at")),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=JobState.values), name="job_state_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

    @property
    def percent(self) -> int:
        """Progress in percent, 0 to 100."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class Blob(models.Model):
    """A kept file, encrypted on disk, gone after `expires_at`."""

    key = models.CharField("存放名", max_length=64, unique=True)
    file_name = models.CharField("文件名", max_length=200)
    size_bytes = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField("摘要", max_length=64, db_index=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("保存时间", auto_now_add=True)
    expires_at = models.DateTimeField("到期时间", db_index=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.file_name


class SavedView(models.Model):
    """What an account asks of a list again and again: filters, search and order under a name."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    listing = models.CharField("名单", max_length=60)
    listing_title = models.CharField("名单名称", max_length=120)
    path = models.CharField("页面", max_length=200)
    name = models.CharField("名称", max_length=40)
    # Sealed: people search for ID and phone numbers too.
    query = EncryptedTextField("条件", blank=True)
    created_at = models.DateTimeField("保存时间", auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("user", "listing"), name="saved_view_of_user"),)
        constraints = (
            models.CheckConstraint(condition=~models.Q(name=""), name="saved_view_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name
