"""What an account can prove itself with besides its password, and where it was signed in."""

from django.db import models

from liangxin.kernel.fields import EncryptedTextField
from liangxin.kernel.models import User


class Totp(models.Model):
    """A secret shared with an authenticator app (RFC 6238); counts only once `confirmed_at` is set."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="totp")
    secret = EncryptedTextField("密钥")
    confirmed_at = models.DateTimeField("启用时间", null=True)
    # The newest 30-second step whose code was used: a code overheard cannot be used again.
    last_step = models.BigIntegerField("最近一次", default=0)
    failures = models.PositiveSmallIntegerField("连续错误", default=0)
    locked_until_at = models.DateTimeField("暂停至", null=True)


class Passkey(models.Model):
    """A public key of a device or security key (WebAuthn); the private half never leaves it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField("名称", max_length=60)
    credential_id = models.CharField("凭据编号", max_length=1400, unique=True)
    credential = models.BinaryField("公钥")
    sign_count = models.BigIntegerField("签名计数", default=0)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    used_at = models.DateTimeField("最近使用", null=True)

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code on paper for the day the phone is lost; kept as a salted hash, good once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField("摘要", max_length=128)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        ordering = ("id",)


class SignIn(models.Model):
    """One time an account was signed in: from where, with what. Ends when its session does."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField("会话", max_length=40, db_index=True)
    started_at = models.DateTimeField("登录时间")
    address = models.CharField("地址", max_length=45, blank=True)
    device = models.CharField("设备", max_length=60, blank=True)
    is_two_step = models.BooleanField("两步验证", default=False)

    class Meta:
        ordering = ("-started_at", "-id")
