"""What a token is for, what it may use, and until when."""

from collections.abc import Mapping
from datetime import date, timedelta

from django import forms

from liangxin.kernel.viewer import Held

USUAL_DAYS = 90


class TokenForm(forms.Form):
    """`titles` names the grants of the account; the chosen ones are `cleaned_data["held"]`."""

    name = forms.CharField(
        label="用途", max_length=60, help_text="如：街道自建小程序取数。写清楚，以后好认。"
    )
    held = forms.MultipleChoiceField(label="可用的角色范围", widget=forms.CheckboxSelectMultiple)
    may_write = forms.BooleanField(
        label="可以修改台账", required=False, help_text="不勾选时只能读取。"
    )
    expires_date = forms.DateField(
        label="到期日",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="最长一年；到期自动失效。",
    )

    def __init__(
        self, data: Mapping[str, str] | None = None, *, titles: Mapping[Held, str], today: date
    ) -> None:
        first = {"expires_date": today + timedelta(days=USUAL_DAYS)}
        super().__init__(data, initial=first)
        self._by_code = {str(number): held for number, held in enumerate(titles)}
        chosen = self.fields["held"]
        chosen.choices = [  # type: ignore[attr-defined]
            (code, titles[held]) for code, held in self._by_code.items()
        ]
        chosen.initial = list(self._by_code)

    def clean_held(self) -> frozenset[Held]:
        return frozenset(self._by_code[code] for code in self.cleaned_data["held"])
