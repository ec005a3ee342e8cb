"""When an account ends."""

from django.db import models

from liangxin.kernel.models import User


class AccountEnd(models.Model):
    """From `on_date` on the account opens nothing and may not log in; reactivating removes the row."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="account_end")
    on_date = models.DateField("停用日期")
    set_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("on_date", "user_id")
