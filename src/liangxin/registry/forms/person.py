"""What is asked of a person: name, ID number, sex, telephone; known numbers are shown masked only."""

from datetime import date
from typing import Any

from django import forms

from liangxin.registry.actions.persons import PersonFacts
from liangxin.registry.forms.ledger_form import LedgerForm
from liangxin.registry.models import Person
from liangxin.standards.id_number import (
    id_number_fault,
    mask_id_number,
    normalise_id_number,
)
from liangxin.standards.phone import mask_phone, normalise_phone, phone_fault
from liangxin.workbook.row_checks import contradictions

SEXES = (("", "按身份证号"), ("男", "男"), ("女", "女"))
SEX_CODES = {"男": "male", "女": "female"}
CHECKED = ("joined_date", "full_date", "start_date", "end_date")


def number_input() -> forms.TextInput:
    # The browser must not keep numbers of other people in its own lists.
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})


class PersonForm(LedgerForm):
    """The fields of a person, and the checks that the import makes of the same answers."""

    name = forms.CharField(label="姓名", max_length=60)
    id_number = forms.CharField(
        label="身份证号", required=False, max_length=40, widget=number_input()
    )
    sex = forms.ChoiceField(label="性别", choices=SEXES, required=False)
    phone = forms.CharField(label="联系电话", required=False, max_length=40, widget=number_input())

    def mask_numbers(self, person: Person) -> None:
        """Say what is known without putting it in the page; a blank answer leaves it."""
        for name, known in (
            ("id_number", mask_id_number(person.id_number)),
            ("phone", mask_phone(person.phone)),
        ):
            field = self.fields[name]
            field.help_text = f"现为 {known}，不改就留空。" if known else "台账里没有，可以补填。"
            field.required = False

    def known_id_number(self) -> str:
        """The number the ledger holds of the person shown, for checks; '' for a new one."""
        return ""

    def person_facts(self) -> PersonFacts:
        """The cleaned facts; call after is_valid()."""
        told = self.cleaned_data
        return PersonFacts(
            name=told["name"],
            id_number=told["id_number"],
            sex=told["sex"],
            phone=told["phone"],
        )

    def clean_id_number(self) -> str:
        text: str = self.cleaned_data["id_number"]
        if text and (fault := id_number_fault(text, today=self.today)):
            raise forms.ValidationError(f"{fault}，请对照身份证核对18位号码。")
        return normalise_id_number(text)

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"]
        if text and (fault := phone_fault(text)):
            raise forms.ValidationError(
                f"{fault}。请填一个手机号，或带区号的座机号如0571-88000000。"
            )
        return normalise_phone(text)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        for field, reason, mend in contradictions(self._told(answers)):
            self.add_contradiction(field, reason, mend)
        return answers

    def refuse_future(self, answers: dict[str, Any], *names: str) -> None:
        """Errors at the dates that lie after today."""
        for name in names:
            day: date | None = answers.get(name)
            if day and day > self.today:
                self.add_error(name, "日期不能晚于今天，请核对年、月、日。")

    def _told(self, answers: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = {name: answers.get(name) for name in CHECKED}
        told["sex"] = SEX_CODES.get(answers.get("sex", ""))
        told["id_number"] = answers.get("id_number") or self.known_id_number() or None
        return told
