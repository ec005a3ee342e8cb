"""Fields speak in the words of the office; a form's own words stand."""

import pytest
from django import forms


class Asked(forms.Form):
    staff = forms.IntegerField(min_value=0, max_value=9)
    name = forms.CharField(min_length=2, max_length=4)
    kind = forms.ChoiceField(choices=[("a", "甲")])
    kinds = forms.MultipleChoiceField(choices=[("a", "甲")])
    day = forms.DateField()
    revenue = forms.DecimalField(max_digits=4, decimal_places=1)
    source = forms.CharField(error_messages={"required": "请填写名单的来源。"})


@pytest.mark.parametrize(
    ("field", "answer", "told"),
    [
        ("staff", "", "此项必填，请补上。"),
        ("staff", "-1", "不能小于 0。"),
        ("staff", "10", "不能大于 9。"),
        ("staff", "三", "请填整数。"),
        ("name", "甲", "至少 2 个字，现在是 1 个。"),
        ("name", "甲乙丙丁戊", "最多 4 个字，现在是 5 个，请缩短。"),
        ("name", "甲\0乙", "含有看不见的字符，请删去重填。"),
        ("kind", "b", "“b”不在可选的范围里，请重新选择。"),
        ("kinds", ["b"], "“b”不在可选的范围里，请重新选择。"),
        ("day", "2026-02-30", "请填真实的日期，写成 2026-03-05 这样。"),
        ("revenue", "三", "请填数字。"),
        ("revenue", "1.25", "小数点后最多 1 位。"),
        ("revenue", "12345", "数字太长：总共最多 4 位。"),
        ("source", "", "请填写名单的来源。"),
    ],
)
def test_refusal_says_what_to_write(field: str, answer: str | list[str], told: str) -> None:
    assert Asked({field: answer}).errors[field][0] == told
