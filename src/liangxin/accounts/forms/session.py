"""Login and own password."""

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from liangxin.accounts.queries.handing_over import is_ended
from liangxin.kernel.models import User


class LoginForm(AuthenticationForm):
    """Login name and password; one message whichever of the two is wrong."""

    error_messages = {
        "invalid_login": "登录名或密码不对。连续输错 8 次会暂停登录 15 分钟。",
        "inactive": "这个账号已停用，请联系区级管理员。",
    }

    def confirm_login_allowed(self, user: User) -> None:
        """Refuse also an account whose last day is over."""
        super().confirm_login_allowed(user)
        if is_ended(user, at=timezone.localdate()):
            raise ValidationError(self.error_messages["inactive"], code="inactive")


class OwnPasswordForm(PasswordChangeForm):
    """The old password once, the new one twice."""
