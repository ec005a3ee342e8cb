"""Who holds which role over which scope, and since when."""

from django.db import models

from liangxin.kernel.models import User
from liangxin.kernel.viewer import ROLE_TITLES, SCOPE_TITLES


class RoleGrant(models.Model):
    """One role over one scope, from `valid_from` up to but not including `valid_to`."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField("角色", max_length=20, choices=list(ROLE_TITLES.items()))
    scope_kind = models.CharField("范围类别", max_length=20, choices=list(SCOPE_TITLES.items()))
    # Primary key of the street, site, organisation, Party organisation or person; industry code for a trade.
    scope_key = models.CharField("范围", max_length=40, blank=True)
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("终止日期", null=True, blank=True)
    granted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("user_id", "role", "scope_kind", "scope_key", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "role", "scope_kind", "scope_key"),
                condition=models.Q(valid_to__isnull=True),
                name="role_grant_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="role_grant_period_runs_forward",
            ),
        )
