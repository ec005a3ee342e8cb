"""The form that begins a union or a League organisation in several units at once."""

from datetime import date

from django import forms

from liangxin.registry.terms import MassKind


class MassBeginForm(forms.Form):
    """Which kind, and since which day; the units are ticked on the list."""

    kind = forms.ChoiceField(label="登记建有", choices=MassKind.choices)
    from_date = forms.DateField(
        label="从哪天起",
        # Browsers take only this form; the language's own would leave the field empty.
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="成立的日子，不是录入的日子；各家不在同一天的，分几次登记。",
    )

    def __init__(self, data: object = None, *, today: date, kind: str) -> None:
        super().__init__(data, initial={"kind": kind, "from_date": today})  # type: ignore[arg-type]
        self.fields["from_date"].widget.attrs["max"] = today.isoformat()
