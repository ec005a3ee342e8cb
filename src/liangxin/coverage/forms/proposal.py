"""What a proposal of joint branches is asked for: its scope, its day, and its parameters."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField

from liangxin.coverage.queries.plan_rules import PlanRuleRow
from liangxin.coverage.terms import MOST_PLANNED_UNITS, PlanParameters
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries.choices import units_meant

FAR_M = 50_000
MANY_MM = 10_000_000
MOST_LINES, MOST_LETTERS = 200, 20_000
USCC = re.compile(r"[0-9A-Za-z]{18}")
LARGEST_SEED = 2**31 - 1
USUAL_EFFORT = "1"
EFFORTS = (
    ("0.3", "快，先看个大概"),
    (USUAL_EFFORT, "一般"),
    ("3", "仔细，多花几倍时间"),
)


@dataclass(frozen=True)
class Limits:
    """The range of a parameter, and what it means to whoever sets it."""

    least: float
    most: float
    help: str
    is_advanced: bool = True


LIMITS = {
    "street_radius_m": Limits(
        0, FAR_M, "同一街道的单位，离牵头单位这么近才编在一组。1000 米步行约一刻钟。", False
    ),
    "industry_radius_m": Limits(
        0, FAR_M, "同一行业的单位可以跨街道，但要离牵头单位这么近。填 0 就不跨街道。", False
    ),
    "max_units": Limits(2, MOST_PLANNED_UNITS, "一个联合党支部一般不超过几个单位。", False),
    "attachment_radius_m": Limits(
        1, FAR_M, "没有党员的单位，在这个距离内找党支部、指导员或联络员联系。", False
    ),
    "left_out_mm": Limits(0, MANY_MM, "越大越优先多覆盖，越小越优先少走路。"),
    "min_members": Limits(1, 50, "一组至少有几名正式党员才能成立支部。"),
    "max_members": Limits(1, 200, "一组最多几名正式党员。"),
    "largest_units": Limits(
        2, MOST_PLANNED_UNITS, "确有需要时最多几个单位，不小于上面的一般上限，不大于 7。"
    ),
    "extra_unit_mm": Limits(0, MANY_MM, "超过一般上限每多一个单位，当作多走这么多路。"),
    "street_weight": Limits(0.1, 10, "大于 1 就少编区域联建的组，小于 1 就多编。"),
    "industry_weight": Limits(0.1, 10, "大于 1 就少编行业统建的组，小于 1 就多编。"),
    "new_per_street": Limits(0, 10_000, "按牵头单位所在的街道数；0 就是不限。"),
    "joins_branches": Limits(
        0, 1, "附近有空额的现有联合党支部先接收单位，不够再新建；不选，就只编新的支部。", False
    ),
    "host_needs_room": Limits(0, 1, "台账写明没有会议场所的单位不牵头；没有填的照常。", False),
    "host_needs_secretary": Limits(
        0, 1, "党员的党龄都不足的单位不牵头；转正日期没有填的照常。", False
    ),
    "branch_places": Limits(0, 1000, "一个党支部最多就近联系几家没有党员的单位。"),
    "instructor_places": Limits(0, 1000, "名册没有写可联系企业数时，一名指导员按几家算。"),
}
SWITCHES = frozenset(one.name for one in fields(PlanParameters) if one.type is bool)
INTEGERS = frozenset(one.name for one in fields(PlanParameters) if one.type is int)


class ProposalForm(forms.Form):
    """Title, streets, day, parameters (each beside its rule), effort and seed."""

    title = forms.CharField(label="名称", max_length=80)
    streets = forms.MultipleChoiceField(
        label="街道",
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text="一个都不选，就是您范围内的全部街道。",
    )
    at = forms.DateField(
        label="台账日期",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="按这一天台账里的单位和党员来编组。",
        error_messages={"invalid": "请填写正确的日期。"},
    )
    no_hosts = forms.CharField(
        label="不能牵头的单位",
        required=False,
        max_length=MOST_LETTERS,
        widget=forms.Textarea({"rows": 4}),
        help_text="不便牵头的单位，一行一个，填全称或统一社会信用代码；仍可编入别家牵头的组。没有会议场所、党员党龄不足的不用写在这里：按台账和上面的两个勾。",
    )
    effort = forms.ChoiceField(label="算得多仔细", choices=EFFORTS, initial=USUAL_EFFORT)
    seed = forms.IntegerField(
        label="随机种子",
        min_value=1,
        max_value=LARGEST_SEED,
        initial=1,
        help_text="台账、参数和种子都相同，算出来的方案一定相同；换一个数可以看另一种编法。",
    )

    def __init__(
        self,
        *args: Any,
        streets: Sequence[tuple[int, str]],
        rules: Sequence[PlanRuleRow],
        today: date,
        viewer: Viewer,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.viewer = today, viewer
        self.rules = {row.field: row for row in rules}
        self.fields["streets"].choices = [(str(key), name) for key, name in streets]  # type: ignore[attr-defined]
        for row in rules:
            self.fields[row.field] = _parameter_field(row)

    def clean_at(self) -> date:
        """The day; the ledger knows no future."""
        at: date = self.cleaned_data["at"]
        if at > self.today:
            raise forms.ValidationError("台账日期不能晚于今天。")
        return at

    def clean_no_hosts(self) -> list[int]:
        """Keys of the units that the lines mean, each of them one."""
        lines = [line.strip() for line in self.cleaned_data["no_hosts"].splitlines()]
        asked = list(dict.fromkeys(line for line in lines if line))
        if len(asked) > MOST_LINES:
            raise forms.ValidationError(f"最多写 {MOST_LINES} 家。")
        return [self._meant(line) for line in asked]

    def _meant(self, line: str) -> int:
        text = f"（{line.upper()}）" if USCC.fullmatch(line) else line
        found = units_meant(self.viewer, text, at=self.today)
        if not found:
            raise forms.ValidationError(f"您的范围内没有“{line}”，请核对全称或统一社会信用代码。")
        if len(found) > 1:
            raise forms.ValidationError(f"叫“{line}”的不止一家，请改填统一社会信用代码。")
        return found[0].organisation_id

    def clean(self) -> dict[str, Any]:
        """Limits must not contradict one another."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if _is_above(cleaned, "min_members", "max_members"):
            self.add_error("max_members", "党员人数的上限不能小于下限。")
        if _is_above(cleaned, "max_units", "largest_units"):
            self.add_error("largest_units", "最多单位数不能小于一般上限。")
        return cleaned

    def street_ids(self) -> tuple[int, ...]:
        """The chosen streets; none where all are meant. Ask after is_valid()."""
        return tuple(int(key) for key in self.cleaned_data["streets"])

    def parameters(self) -> PlanParameters:
        """What the plan is computed with; ask after is_valid()."""
        return PlanParameters(**{name: self.cleaned_data[name] for name in self.rules})

    @property
    def main_rules(self) -> list[tuple[BoundField, PlanRuleRow]]:
        """Parameters that everybody may want to set, each with its rule."""
        return self._rule_fields(is_advanced=False)

    @property
    def advanced_rules(self) -> list[tuple[BoundField, PlanRuleRow]]:
        """Parameters that are best left alone, each with its rule."""
        return self._rule_fields(is_advanced=True)

    @property
    def is_advanced_open(self) -> bool:
        """Whether a folded field has something to say."""
        names = [name for name, limits in LIMITS.items() if limits.is_advanced]
        return any(name in self.errors for name in (*names, "seed", "effort", "no_hosts"))

    def _rule_fields(self, *, is_advanced: bool) -> list[tuple[BoundField, PlanRuleRow]]:
        return [
            (self[name], row)
            for name, row in self.rules.items()
            if LIMITS[name].is_advanced is is_advanced
        ]


def values_of(parameters: PlanParameters) -> dict[str, float]:
    """Parameters as a form shows them: whole numbers without a decimal point, switches as they are."""
    return {
        name: int(value) if name not in SWITCHES and float(value).is_integer() else value
        for name, value in asdict(parameters).items()
    }


def _parameter_field(row: PlanRuleRow) -> forms.Field:
    limits = LIMITS[row.field]
    if row.field in SWITCHES:
        return forms.BooleanField(
            label=row.title, required=False, help_text=limits.help, initial=row.value
        )
    kind: Any = forms.IntegerField if row.field in INTEGERS else forms.FloatField
    made: forms.Field = kind(
        label=row.title,
        min_value=limits.least,
        max_value=limits.most,
        help_text=limits.help,
        error_messages={"invalid": "请填写数字。", "required": "请填写数字。"},
        initial=row.value,
    )
    return made


def _is_above(cleaned: dict[str, Any], low: str, high: str) -> bool:
    values = (cleaned.get(low), cleaned.get(high))
    return None not in values and values[0] > values[1]  # type: ignore[operator]
