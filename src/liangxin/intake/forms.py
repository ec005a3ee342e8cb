"""Forms of the import pages; they clean what was typed and save nothing."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from liangxin.intake.models import SheetReading, StagedRow
from liangxin.intake.queries.batches import row_content
from liangxin.workbook.kinds import KINDS, kind

MAX_FILES = 20
LEFT_OUT = ""


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, none of them too large."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        files = (list(data) or [None]) if isinstance(data, list | tuple) else [data]
        cleaned = [super(FilesField, self).clean(one, initial) for one in files]
        if len(cleaned) > MAX_FILES:
            raise forms.ValidationError(f"一次最多上传{MAX_FILES}个文件。")
        for one in cleaned:
            if one.size > settings.UPLOAD_MAX_BYTES:
                limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
                raise forms.ValidationError(f"“{one.name}”超过{limit}MB，请拆成几个文件。")
        return cleaned


class UploadForm(forms.Form):
    """Files, where they come from, and the day they tell of."""

    lists = FilesField(
        label="名单文件",
        help_text="可一次选多个：Excel（xlsx、xls）、WPS 表格（et）、CSV。原来的表头、合计行、合并单元格不用改。",
        error_messages={
            "required": "请选择名单文件。",
            "empty": "这个文件是空的，请检查是否选错。",
        },
    )
    source = forms.CharField(
        label="来源",
        max_length=120,
        help_text="名单由哪个部门提供。同一来源的列名对应会记住，下次不用再选。",
        error_messages={"required": "请填写名单的来源。"},
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )
    as_of = forms.DateField(
        label="数据截至",
        help_text="名单反映的是哪一天的情况。早于台账的情况不会覆盖台账。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写数据截至日期。", "invalid": "请填写正确的日期。"},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["as_of"].initial = today

    def clean_as_of(self) -> date:
        as_of: date = self.cleaned_data["as_of"]
        if as_of > self.today:
            raise forms.ValidationError("数据截至日期不能晚于今天。")
        return as_of


class ColumnsForm(forms.Form):
    """What kind of list a sheet is, and what each of its columns means."""

    kind = forms.ChoiceField(
        label="名单种类", choices=[("", "请选择"), *((one.code, one.title) for one in KINDS)]
    )

    def __init__(
        self, *args: Any, sheet: SheetReading, samples: Sequence[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.samples = samples
        self.fields["kind"].initial = sheet.kind
        for column in sheet.columns if sheet.kind else ():
            field = forms.ChoiceField(
                label=column["header"], choices=self._choices(), required=False
            )
            field.initial = column["code"] or LEFT_OUT
            self.fields[f"column_{column['index']}"] = field

    def _choices(self) -> list[tuple[str, str]]:
        columns = kind(self.sheet.kind).columns
        titles = [(one.code, f"{one.title}{'（必需）' if one.required else ''}") for one in columns]
        return [(LEFT_OUT, "— 不采用 —"), *titles]

    def rows(self) -> list[dict[str, Any]]:
        """Each column with its place, its field, and a few of its texts."""
        return [
            {
                "letter": column["letter"],
                "header": column["header"],
                "field": self[f"column_{column['index']}"],
                "samples": [
                    row[column["index"]]
                    for row in self.samples
                    if column["index"] < len(row) and row[column["index"]]
                ],
            }
            for column in (self.sheet.columns if self.sheet.kind else ())
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") != self.sheet.kind:
            return cleaned
        chosen = [code for code in self.codes().values() if code]
        for column in kind(self.sheet.kind).columns:
            if chosen.count(column.code) > 1:
                self.add_error(
                    None, f"有{chosen.count(column.code)}列都选了“{column.title}”，只能留一列。"
                )
        return cleaned

    def codes(self) -> dict[int, str]:
        """The chosen column code by column index, '' for a column left out."""
        return {
            column["index"]: self.cleaned_data.get(f"column_{column['index']}", LEFT_OUT)
            for column in (self.sheet.columns if self.sheet.kind else ())
        }


class MendForm(forms.Form):
    """The cells of one rejected row, as text; what is wrong stands beside its cell."""

    def __init__(self, *args: Any, row: StagedRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        content = row_content(row)
        self.faults: list[dict[str, Any]] = content["faults"]
        texts: list[str] = content["raw"]
        self.columns = [column for column in row.sheet.columns if column["code"]]
        for column in self.columns:
            index = column["index"]
            field = forms.CharField(label=column["header"], required=False, max_length=2000)
            field.initial = texts[index] if index < len(texts) else ""
            self.fields[f"cell_{index}"] = field

    def cells(self) -> list[dict[str, Any]]:
        """Each cell with its place, its field and its faults, the faulty ones first."""
        found = [
            {
                "letter": column["letter"],
                "field": self[f"cell_{column['index']}"],
                "faults": [fault for fault in self.faults if fault["column"] == column["code"]],
            }
            for column in self.columns
        ]
        return sorted(found, key=lambda cell: not cell["faults"])

    def loose_faults(self) -> list[dict[str, Any]]:
        """Faults of columns that the sheet does not have."""
        codes = {column["code"] for column in self.columns}
        return [fault for fault in self.faults if fault["column"] not in codes]

    def texts(self) -> dict[int, str]:
        """The typed texts by column index."""
        return {
            column["index"]: self.cleaned_data[f"cell_{column['index']}"] for column in self.columns
        }
