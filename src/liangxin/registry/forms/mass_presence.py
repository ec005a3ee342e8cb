"""The form that says whether a unit has a trade union or a Youth League organisation."""

from django import forms

from liangxin.registry.actions.mass_presence import MassFacts
from liangxin.registry.forms.ledger_form import LedgerForm
from liangxin.registry.forms.widgets import date_input
from liangxin.registry.terms import MassKind

STANDING = (("yes", "有"), ("no", "没有"))


class MassPresenceForm(LedgerForm):
    """One kind at a time, from a day on."""

    sections = (("工会和团组织", ("kind", "stands", "from_date", "may_precede")),)
    kind = forms.ChoiceField(label="组织", choices=MassKind.choices)
    stands = forms.ChoiceField(label="情况", choices=STANDING)
    from_date = forms.DateField(
        label="从哪天起", widget=date_input(), help_text="成立或者撤销的日子，不是录入的日子。"
    )
    may_precede = forms.BooleanField(label="补录历史：这是过去的情况，现有资料不变", required=False)

    def facts(self) -> MassFacts:
        """The cleaned facts; call after is_valid()."""
        return MassFacts(
            kind=MassKind(self.cleaned_data["kind"]),
            is_standing=self.cleaned_data["stands"] == "yes",
            from_date=self.cleaned_data["from_date"],
            may_precede=self.cleaned_data["may_precede"],
        )
