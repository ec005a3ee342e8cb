"""Tokens by which another program asks in somebody's name, with no more than was given it."""

from django.db import models

from liangxin.kernel.models import User


class ApiToken(models.Model):
    """A secret for a program; only its digest is kept.

    `held` lists the grants it may use as [role, kind of scope, key]: what the account no longer holds,
    the token does not either.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField("用途", max_length=60)
    beginning = models.CharField("开头", max_length=12)
    digest = models.CharField("摘要", max_length=64, unique=True)
    held = models.JSONField("范围", default=list)
    may_write = models.BooleanField("可以修改", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    expires_date = models.DateField("到期日")
    used_at = models.DateTimeField("最近使用", null=True)
    revoked_at = models.DateTimeField("作废时间", null=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name
