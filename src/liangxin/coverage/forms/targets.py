"""What development targets are asked for, and the yearly quotas of streets."""

from collections.abc import Sequence
from typing import Any

from django import forms

from liangxin.coverage.actions.targets import MOST_QUOTA, YEARS
from liangxin.coverage.terms import TargetGoal


class TargetForm(forms.Form):
    """Beside which proposal, for which year, to bring most of what."""

    proposal = forms.TypedChoiceField(
        label="在哪个联建方案之外",
        coerce=int,
        help_text="方案里编不进组、或没有党员的单位，才需要靠发展党员来覆盖。",
        error_messages={"required": "请选一个已算好的联建方案。"},
    )
    year = forms.IntegerField(
        label="年度",
        min_value=YEARS[0],
        max_value=YEARS[-1],
        help_text="按这一年各街道的名额测算。",
    )
    goal = forms.ChoiceField(
        label="名额有限时先顾",
        choices=TargetGoal.choices,
        widget=forms.RadioSelect(),
        initial=TargetGoal.ORGANISATIONS,
    )

    def __init__(self, *args: Any, proposals: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proposal"].choices = proposals  # type: ignore[attr-defined]


class QuotaForm(forms.Form):
    """One number per street of a year; empty: no limit."""

    def __init__(self, *args: Any, streets: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.streets = streets
        for key, name in streets:
            self.fields[f"street_{key}"] = forms.IntegerField(
                label=name,
                required=False,
                min_value=0,
                max_value=MOST_QUOTA,
                error_messages={
                    "invalid": "请填整数，不限名额的留空。",
                    "min_value": "名额不能是负数。",
                    "max_value": f"名额不能大于 {MOST_QUOTA}。",
                },
            )

    def numbers(self) -> dict[int, int | None]:
        """The quota of each street; ask after is_valid()."""
        return {key: self.cleaned_data[f"street_{key}"] for key, _ in self.streets}
