"""To whom an account's work passes, and when the account ends."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from liangxin.kernel.models import User

MOST_DAYS_AHEAD = 366


class HandoverForm(forms.Form):
    """The successor, and the day from which the old account is switched off; blank: it stays."""

    to = forms.ModelChoiceField(
        label="接手的账号",
        queryset=User.objects.none(),
        empty_label="请选择",
        help_text="接手的人登录后就能看到移交的事项，不用再授予角色。",
    )
    off_date = forms.DateField(
        label="原账号从哪天起停用",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="不填就不停用。填今天，移交后立即停用。",
        error_messages={"invalid": "请填写正确的日期。"},
    )

    def __init__(self, *args: Any, successors: QuerySet[User], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field = self.fields["to"]
        field.queryset = successors  # type: ignore[attr-defined]
        field.label_from_instance = _named  # type: ignore[attr-defined]

    def clean_off_date(self) -> date | None:
        """Not in the past, and not further than a year ahead."""
        day: date | None = self.cleaned_data["off_date"]
        if day and not 0 <= (day - self.today).days <= MOST_DAYS_AHEAD:
            raise forms.ValidationError("停用日期不能早于今天，也不能晚于一年以后。")
        return day


def _named(user: User) -> str:
    return f"{user.name}（{user.username}）"
