"""Login and own password."""

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm


class LoginForm(AuthenticationForm):
    """Login name and password; one message whichever of the two is wrong."""

    error_messages = {
        "invalid_login": "登录名或密码不对。连续输错 8 次会暂停登录 15 分钟。",
        "inactive": "这个账号已停用，请联系区级管理员。",
    }


class OwnPasswordForm(PasswordChangeForm):
    """The old password once, the new one twice."""
