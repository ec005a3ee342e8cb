"""A local value of one rule; what it asks for follows from the rule's national value."""

from collections.abc import Callable

from django import forms
from django.forms.fields import Field

from liangxin.registry.queries.rules import VALUE_TITLES
from liangxin.rulebook import Rule, Value

LINES_HELP = "每行一项。"


class RuleForm(forms.Form):
    """Value, source and first day."""

    source = forms.CharField(
        label="依据", max_length=120, help_text="本区文件的名称和文号，会显示在用到这条规则的地方。"
    )
    from_date = forms.DateField(
        label="自哪天起执行", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ("value", "source", "from_date")

    def __init__(self, *args: object, rule: Rule, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field, self._typed = value_field(rule)
        field.label = f"本区取值（{rule.unit}）" if rule.unit else "本区取值"
        field.initial = _shown_in_field(rule)
        self.fields["value"] = field
        self.order_fields(self.field_order)

    def value(self) -> Value:
        """The value in the rule's own type; ask after is_valid()."""
        return self._typed(self.cleaned_data["value"])


def value_field(rule: Rule) -> tuple[Field, Callable[[object], Value]]:
    """The field that asks for values of the rule's kind, and what makes a value of its answer."""
    titles = [(one, VALUE_TITLES.get(one, one)) for one in rule.choices]
    match rule.value:
        case bool():
            return forms.ChoiceField(choices=[("yes", "是"), ("no", "否")]), lambda a: a == "yes"
        case int():
            return forms.IntegerField(min_value=0), lambda answer: int(str(answer))
        case float():
            return forms.FloatField(min_value=0), lambda answer: float(str(answer))
        case str() if titles:
            return forms.ChoiceField(choices=titles), str
        case str():
            return forms.CharField(max_length=200), str
        case _ if titles:
            boxes = forms.CheckboxSelectMultiple()
            return forms.MultipleChoiceField(choices=titles, widget=boxes), _words
        case _ if rule.value and isinstance(rule.value[0], int):
            return forms.RegexField(r"^\s*\d+(\s+\d+)*\s*\Z", widget=_lines()), _numbers
        case _:
            return forms.CharField(widget=_lines(), help_text=LINES_HELP, max_length=1000), _words


def _lines() -> forms.Textarea:
    return forms.Textarea({"rows": 4})


def _words(answer: object) -> tuple[str, ...]:
    items = answer if isinstance(answer, list) else str(answer).splitlines()
    return tuple(str(item).strip() for item in items if str(item).strip())


def _numbers(answer: object) -> tuple[int, ...]:
    return tuple(int(word) for word in str(answer).split())


def _shown_in_field(rule: Rule) -> object:
    if isinstance(rule.value, bool):
        return "yes" if rule.value else "no"
    if isinstance(rule.value, tuple):
        return list(rule.value) if rule.choices else "\n".join(map(str, rule.value))
    return rule.value
