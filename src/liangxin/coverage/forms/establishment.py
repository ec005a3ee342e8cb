"""What each step of an establishment asks for; whether it may be taken is the action's business."""

from datetime import date

from django import forms

from liangxin.coverage.models import Establishment

MAX_NAME, MAX_NUMBER, MAX_REASON, MAX_NOTE = 120, 60, 200, 200


def _date_input() -> forms.DateInput:
    # Browsers take only this form; the language's own would leave the field empty.
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ApprovalForm(forms.Form):
    """Day and number of the superior's approval."""

    approved_date = forms.DateField(label="批复日期", widget=_date_input())
    approval_number = forms.CharField(
        label="批复文号", max_length=MAX_NUMBER, help_text="如：某两新〔2026〕12号。"
    )


class FoundingForm(forms.Form):
    """The day on which the branch was founded."""

    founded_date = forms.DateField(
        label="成立日期", widget=_date_input(), help_text="召开党员大会成立支部的那天。"
    )


class WithdrawalForm(forms.Form):
    """Why what was adopted is taken back."""

    reason = forms.CharField(
        label="撤回原因",
        max_length=MAX_REASON,
        help_text="撤回后单位可以重新编组；这件事项和原因都留着备查。",
    )


class RenamingForm(forms.Form):
    """Another name for the branch to be."""

    name = forms.CharField(label="党组织名称", max_length=MAX_NAME)


STEP_FORMS: dict[str, type[forms.Form]] = {
    "approve": ApprovalForm,
    "found": FoundingForm,
    "withdraw": WithdrawalForm,
    "rename": RenamingForm,
}


def step_form(
    step: str, establishment: Establishment, *, today: date, answers: object = None
) -> forms.Form:
    """The form of one step, filled with what is most likely; several stand on one page."""
    first = {"approved_date": today, "founded_date": today, "name": establishment.name}
    return STEP_FORMS[step](answers, initial=first, auto_id=f"{step}_%s")  # type: ignore[arg-type]
