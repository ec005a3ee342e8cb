"""Codes, and the password that is asked again before a protection is taken away."""

from django import forms
from django.core.exceptions import ValidationError

from liangxin.kernel.models import User

MAX_CODE = 20


class CodeForm(forms.Form):
    """Six digits of the app, or a recovery code."""

    code = forms.CharField(
        label="动态码",
        max_length=MAX_CODE,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
        help_text="身份验证应用里正在显示的 6 位数字；手机不在身边时，用一个备用码。",
    )


class OwnPasswordAgainForm(forms.Form):
    """Who found an open screen must not take protections away."""

    password = forms.CharField(
        label="当前密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self._user = user

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not self._user.check_password(password):
            raise ValidationError("密码不对，请输入这个账号现在的密码。")
        return password
