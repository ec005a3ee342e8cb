"""Since when the ticked attachments are carried out."""

from datetime import date
from typing import Any

from django import forms


class PostForm(forms.Form):
    """The first day of the postings."""

    from_date = forms.DateField(
        label="从哪天起联系",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请填写正确的日期。", "required": "请填写日期。"},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["from_date"].initial = today

    def clean_from_date(self) -> date:
        """The day; what is told of the ledger has happened."""
        day: date = self.cleaned_data["from_date"]
        if day > self.today:
            raise forms.ValidationError("日期不能晚于今天。")
        return day
