"""What every form that keeps the ledger has: sections, the edition it showed, a day, what differs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar

from django import forms

from liangxin.registry.forms.widgets import asks, date_input

Row = TypeVar("Row")
Sections = Sequence[tuple[str, Sequence[str]]]
CHANGE, CORRECT = "change", "correct"
HOW = ((CHANGE, "从某天起有了变化"), (CORRECT, "原来登记错了，改正"))
NOT_FILLED_IN = "未填"


@dataclass(frozen=True)
class Difference:
    """An answer that differs from what the ledger holds now."""

    title: str
    before: str
    after: str


class NamedRowField(forms.CharField, Generic[Row]):
    """A name, typed or chosen from what is offered, as the row it means.

    `meant` finds rows within the viewer's scope; `known` is what the form showed and may stay.
    """

    def __init__(
        self, *, label: str, url_name: str, required: bool = True, help_text: str = ""
    ) -> None:
        self.list_id = f"{url_name}-list"
        ask = asks(
            url_name, target=f"#{self.list_id}", trigger="input changed delay:250ms, focus once"
        )
        widget = forms.TextInput(attrs={"list": self.list_id, **ask})
        super().__init__(
            label=label,
            required=required,
            max_length=200,
            widget=widget,
            help_text=help_text or "输入名称中的几个字，从提示中选择。",
        )
        self.meant: Callable[[str], Sequence[Row]] = lambda text: ()
        self.known: tuple[str, Row] | None = None

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if self.known is not None and text == self.known[0]:
            return self.known[1]
        found = self.meant(text)
        if not found:
            raise forms.ValidationError(f"您的范围内找不到“{text}”，请从提示中选择。")
        if len(found) > 1:
            raise forms.ValidationError(f"有 {len(found)} 个“{text}”，请从提示中选择带编码的那个。")
        return found[0]


class LedgerForm(forms.Form):
    """A form in sections; what it was filled with at first stands in `initial`."""

    sections: ClassVar[Sections] = ()
    based_on = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        today: date,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.today = today
        super().__init__(data, initial=dict(initial or {}))
        for field in self.fields.values():
            if isinstance(field, forms.DateField) and not field.widget.attrs.get("data-future"):
                field.widget.attrs["max"] = today.isoformat()

    @property
    def shown_sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by heading, in the order of the page."""
        return [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in self.sections
        ]

    @property
    def choice_lists(self) -> list[str]:
        """Keys of the lists of suggestions that the page has to hold, each once."""
        fields = self.fields.values()
        return sorted({one.list_id for one in fields if isinstance(one, NamedRowField)})

    def differences(self) -> tuple[Difference, ...]:
        """Answers about the record that differ from what the ledger holds, for the page of a conflict."""
        names = [name for title, names in self.sections if title != "保存" for name in names]
        found = [self._difference(name) for name in names if name in self.fields]
        return tuple(one for one in found if one is not None and one.before != one.after)

    def add_contradiction(self, field: str, reason: str, mend: str) -> None:
        """An error said as the import says it: what is wrong, then what mends it."""
        self.add_error(field if field in self.fields else None, f"{reason}，{mend}。")

    def _difference(self, name: str) -> Difference | None:
        field = self[name]
        if name in BLANK_MEANS_UNCHANGED:
            after = "填了新号码" if field.data else NOT_FILLED_IN
            return Difference(str(field.label), NOT_FILLED_IN, after)
        return Difference(str(field.label), _shown(field, field.initial), _shown(field, field.data))


BLANK_MEANS_UNCHANGED = ("id_number", "phone")


class RevisionForm(LedgerForm):
    """A form of facts the ledger holds: changed from a day on, or corrected."""

    how = forms.ChoiceField(
        label="这次是", choices=HOW, initial=CHANGE, widget=forms.RadioSelect, required=False
    )
    from_date = forms.DateField(
        label="从哪天起是这样",
        required=False,
        widget=date_input(),
        help_text="资料变化的日子，不是录入的日子；改正登记错误的不用填。",
    )
    may_precede = forms.BooleanField(label="补录历史：这是过去的情况，现有资料不变", required=False)

    @property
    def told_from(self) -> date | None:
        """The day the facts hold from; None for a correction."""
        if self.cleaned_data.get("how") == CORRECT:
            return None
        day: date = self.cleaned_data["from_date"]
        return day

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        is_change = answers.get("how") != CORRECT
        if is_change and "from_date" not in self.errors and answers.get("from_date") is None:
            self.add_error("from_date", "请填写从哪天起有了变化；登记错了要改正的，上面选“改正”。")
        return answers


def _shown(field: forms.BoundField, value: Any) -> str:
    if value in (None, ""):
        return NOT_FILLED_IN
    choices = getattr(field.field, "choices", None)
    if choices is not None:
        texts = {str(getattr(key, "value", key)): str(title) for key, title in choices}
        return texts.get(str(getattr(value, "pk", value)), str(value))
    return str(value)
