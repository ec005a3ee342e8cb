"""Which limits a curve of coverage against travel is asked for."""

import re
from typing import Final

from django import forms

from liangxin.coverage.actions.curves import RADII_M, UNIT_LIMITS

LETTERS: Final = 120
SEPARATORS: Final = re.compile(r"[\s,，、;；]+")


class CurveForm(forms.Form):
    """Radii, typed in one line, and limits of units, ticked."""

    radii_m = forms.CharField(
        label="同街道距离（米）",
        max_length=LETTERS,
        initial="、".join(str(radius) for radius in RADII_M),
        help_text="想比较哪几个距离，用顿号或逗号隔开。",
        error_messages={"required": "请至少填一个距离。"},
    )
    unit_limits = forms.TypedMultipleChoiceField(
        label="一组一般不超过几个单位",
        coerce=int,
        choices=[(limit, f"{limit} 个") for limit in UNIT_LIMITS],
        initial=[UNIT_LIMITS[0]],
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": "请至少选一个。"},
    )

    def clean_radii_m(self) -> list[int]:
        """Whole metres."""
        parts = [part for part in SEPARATORS.split(self.cleaned_data["radii_m"]) if part]
        if not parts or not all(part.isascii() and part.isdecimal() for part in parts):
            raise forms.ValidationError("请填整数的米数，用顿号或逗号隔开，如 500、1000。")
        return [int(part) for part in parts]
