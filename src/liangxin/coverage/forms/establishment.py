"""What each step of an establishment asks for; whether it may be taken is the action's business."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from liangxin.coverage.actions.adoption import FirstPlace, Nomination
from liangxin.coverage.models import Establishment
from liangxin.coverage.queries.post_candidates import PostCandidate, leadership_rule
from liangxin.registry.models import Site
from liangxin.registry.terms import PostKind

MAX_NAME, MAX_NUMBER, MAX_REASON, MAX_PLACE = 120, 60, 200, 120
NOBODY = ("", "请选择")


@dataclass(frozen=True, kw_only=True)
class StepChoices:
    """What the forms of one establishment offer: people whom the viewer may see, and sites."""

    people: Sequence[PostCandidate]
    sites: QuerySet[Site]


def _date_input() -> forms.DateInput:
    # Browsers take only this form; the language's own would leave the field empty.
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ApprovalForm(forms.Form):
    """Day and number of the superior's approval."""

    approved_date = forms.DateField(label="批复日期", widget=_date_input())
    approval_number = forms.CharField(
        label="批复文号", max_length=MAX_NUMBER, help_text="如：某两新〔2026〕12号。"
    )


class RequestForm(forms.Form):
    """Number and day of the request."""

    request_number = forms.CharField(
        label="请示文号",
        max_length=MAX_NUMBER,
        help_text="如：某街工〔2026〕5号；请示和批复的 Word 都从这里取。",
    )
    request_date = forms.DateField(label="请示日期", widget=_date_input())


class LeadershipForm(forms.Form):
    """Who is named, or was elected: a secretary, a deputy, and the committee where there is one."""

    secretary = forms.ChoiceField(label="书记", required=False)
    secretary_name = forms.CharField(
        label="书记姓名（不在名单里的）",
        required=False,
        max_length=60,
        help_text="由上级选派、不在这些单位工作的，写姓名。",
    )
    deputy = forms.ChoiceField(label="副书记", required=False, help_text="必要时设。")
    committee = forms.MultipleChoiceField(
        label="委员", required=False, widget=forms.CheckboxSelectMultiple
    )

    def offer(self, held: Establishment, people: Sequence[PostCandidate], *, today: date) -> None:
        """Fill the choices, and what was named before."""
        self.people = {str(one.person.pk): one for one in people}
        named = [(key, one.label) for key, one in self.people.items()]
        for field in ("secretary", "deputy"):
            self.fields[field].choices = [NOBODY, *named]  # type: ignore[attr-defined]
        full = sum(unit.members for unit in held.units.all())
        if leadership_rule(full, at=today).has_committee:
            self.fields["committee"].choices = named  # type: ignore[attr-defined]
        else:
            del self.fields["committee"]
        for one in held.nominees.all():
            self._remember(PostKind(one.kind), str(one.person_id or ""), one.name)

    def nominations(self) -> list[Nomination]:
        """Who was chosen; call after is_valid()."""
        told = self.cleaned_data
        found = []
        if told["secretary"]:
            found.append(self._nomination(PostKind.SECRETARY, told["secretary"]))
        elif told["secretary_name"]:
            name = told["secretary_name"]
            found.append(Nomination(kind=PostKind.SECRETARY, person_name=name))
        if told["deputy"]:
            found.append(self._nomination(PostKind.DEPUTY, told["deputy"]))
        keys = told.get("committee", [])
        return found + [self._nomination(PostKind.COMMITTEE_MEMBER, key) for key in keys]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if answers.get("secretary") and answers.get("secretary_name"):
            self.add_error("secretary_name", "从名单里选了书记的，这里不填。")
        return answers

    def _nomination(self, kind: PostKind, key: str) -> Nomination:
        person = self.people[key].person
        return Nomination(kind=kind, person=person, person_name=person.name)

    def _remember(self, kind: PostKind, key: str, name: str) -> None:
        if kind == PostKind.SECRETARY:
            self.initial["secretary" if key else "secretary_name"] = key or name
        elif kind == PostKind.DEPUTY:
            self.initial["deputy"] = key
        else:
            self.initial.setdefault("committee", []).append(key)


class NominationForm(LeadershipForm):
    """Who is named for the posts in the request."""

    def arguments(self) -> dict[str, Any]:
        """What the action takes; call after is_valid()."""
        return {"nominations": self.nominations()}


class FoundingForm(LeadershipForm):
    """The day on which the branch was founded, who was elected, and where it meets."""

    field_order = ("founded_date", "secretary", "secretary_name", "deputy", "committee")
    founded_date = forms.DateField(
        label="成立日期", widget=_date_input(), help_text="召开党员大会成立支部的那天。"
    )
    place_site = forms.ModelChoiceField(
        label="会议地点：楼宇园区",
        queryset=Site.objects.none(),
        required=False,
        empty_label="不在楼宇园区",
    )
    place_text = forms.CharField(
        label="会议地点：具体位置",
        required=False,
        max_length=MAX_PLACE,
        help_text="如：3楼会议室。",
    )

    def arguments(self) -> dict[str, Any]:
        """What the action takes; call after is_valid()."""
        told = self.cleaned_data
        return {
            "founded_date": told["founded_date"],
            "elected": self.nominations(),
            "place": FirstPlace(site=told["place_site"], text=told["place_text"]),
        }

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if not answers.get("secretary") and not answers.get("secretary_name"):
            self.add_error("secretary", "请选定首任书记；支部成立时就要有书记。")
        return answers


class JoiningForm(forms.Form):
    """The day from which the units belong to a branch that stands."""

    founded_date = forms.DateField(
        label="并入日期", widget=_date_input(), help_text="单位从这天起由该支部涵盖。"
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
    "request": RequestForm,
    "nominate": NominationForm,
    "approve": ApprovalForm,
    "found": FoundingForm,
    "withdraw": WithdrawalForm,
    "rename": RenamingForm,
}


def step_form(
    step: str,
    establishment: Establishment,
    *,
    today: date,
    choices: StepChoices,
    answers: Mapping[str, Any] | None = None,
) -> forms.Form:
    """The form of one step, filled with what is most likely; several stand on one page."""
    first = {
        "approved_date": today,
        "founded_date": today,
        "name": establishment.name,
        "request_number": establishment.request_number,
        "request_date": establishment.request_date or today,
    }
    kind = STEP_FORMS[step]
    if step == "found" and establishment.joins_branch:
        kind = JoiningForm
    form = kind(answers, initial=first, auto_id=f"{step}_%s")
    if isinstance(form, LeadershipForm):
        form.offer(establishment, choices.people, today=today)
    if isinstance(form, FoundingForm):
        form.fields["place_site"].queryset = choices.sites  # type: ignore[attr-defined]
    return form


def step_arguments(form: forms.Form) -> dict[str, Any]:
    """What the action of a step takes from its form; call after is_valid()."""
    if isinstance(form, NominationForm | FoundingForm):
        return form.arguments()
    return dict(form.cleaned_data)
