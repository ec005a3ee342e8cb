"""What a report and a template are asked for with."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from liangxin.insight.queries.reports import scope_from
from liangxin.insight.terms import MAX_TEMPLATE_BYTES, MAX_TITLE
from liangxin.kernel.viewer import Scope


def _date_input() -> forms.DateInput:
    # Browsers take only this form; the language's own would leave the field empty.
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ReportForm(forms.Form):
    """Template, scope, day, title, and whether a sheet of changes is added."""

    template = forms.ChoiceField(
        label="模板", error_messages={"required": "请选择模板。", "invalid_choice": "请选择模板。"}
    )
    scope = forms.ChoiceField(
        label="范围",
        help_text="报表只含这个范围的数字和名单。",
        error_messages={"invalid_choice": "所选范围不在您的管理范围内。"},
    )
    at = forms.DateField(
        label="统计日期",
        widget=_date_input(),
        help_text="按这一天的台账统计，可以是过去的日期。",
        error_messages={"invalid": "请填写正确的日期。", "required": "请填写统计日期。"},
    )
    title = forms.CharField(
        label="报表名称",
        max_length=MAX_TITLE,
        required=False,
        help_text="不填就用模板名称加统计日期。",
    )
    adds_changes = forms.BooleanField(
        label="在 Excel 末尾附一张“变化情况”表", required=False, initial=True
    )

    def __init__(
        self,
        *args: Any,
        templates: Sequence[tuple[str, str]],
        scopes: Sequence[tuple[str, str]],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["template"].choices = list(templates)  # type: ignore[attr-defined]
        self.fields["scope"].choices = list(scopes)  # type: ignore[attr-defined]

    def clean_at(self) -> date:
        """The day; the ledger knows no future."""
        at: date = self.cleaned_data["at"]
        if at > self.today:
            raise forms.ValidationError("统计日期不能晚于今天。")
        return at

    def clean_scope(self) -> Scope:
        """The scope itself."""
        return scope_from(self.cleaned_data["scope"])


class _FileForm(forms.Form):
    file = forms.FileField(
        label="模板文件",
        help_text="上级发的表样，写上占位符：Excel（.xlsx）或 Word（.docx），不超过 5 MB。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.docx"}),
        error_messages={"required": "请选择模板文件。", "empty": "这个文件是空的。"},
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """A file small enough to be read at once."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_TEMPLATE_BYTES:
            raise forms.ValidationError("模板文件不能超过 5 MB。")
        return file


class TemplateForm(_FileForm):
    """A new template: its title and its first file."""

    title = forms.CharField(
        label="模板名称", max_length=MAX_TITLE, required=False, help_text="不填就用文件名。"
    )


class VersionForm(_FileForm):
    """A newer file of a template."""


class SentForm(forms.Form):
    """When and to whom a report was sent."""

    sent_date = forms.DateField(
        label="报送日期",
        widget=_date_input(),
        error_messages={"required": "请填写报送日期。", "invalid": "请填写正确的日期。"},
    )
    sent_to = forms.CharField(
        label="报送单位", max_length=80, required=False, help_text="如：市委社会工作部。"
    )
