"""The form of one change for many organisations: its answer depends on the field that was chosen."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from liangxin.registry.forms.widgets import date_input
from liangxin.registry.models import Site
from liangxin.registry.queries.bulk_edit import BULK_FIELDS, BulkChange
from liangxin.registry.terms import OrganisationKind, OrganisationStatus
from liangxin.standards.industries import find_industry

YES_NO = (("", "未填"), ("yes", "是"), ("no", "否"))
# To close a firm asks for a reason and tells who is affected: one by one.
STATUSES = [one for one in OrganisationStatus.choices if one[0] != OrganisationStatus.CLOSED]


class BulkFieldForm(forms.Form):
    """Which fact is changed."""

    field = forms.ChoiceField(label="要改的一项", choices=list(BULK_FIELDS.items()))


class _SiteField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Site) -> str:
        return f"{obj.name}（{obj.street}）"


class BulkValueForm(forms.Form):
    """The new value of `field`, and the day from which it holds."""

    from_date = forms.DateField(
        label="从哪天起", widget=date_input(), help_text="资料变化的日子，不是录入的日子。"
    )
    field_order = ("value", "from_date")

    def __init__(
        self, data: Mapping[str, Any] | None, *, field: str, today: date, sites: QuerySet[Site]
    ) -> None:
        super().__init__(data, initial={"from_date": today})
        self.field = field
        self.today = today
        self.fields["value"] = _value_field(field, sites=sites)
        self.order_fields(["value", "from_date"])
        self.fields["from_date"].widget.attrs["max"] = today.isoformat()

    def clean_value(self) -> str | int | bool | None:
        """The answer as the ledger keeps it."""
        answer = self.cleaned_data["value"]
        match self.field:
            case "site_id":
                return answer.pk if answer else None
            case "has_premises" | "has_activity" | "has_meeting_room":
                return {"yes": True, "no": False}.get(answer)
            case "industry_code" if answer:
                code = find_industry(answer)
                if code is None:
                    raise forms.ValidationError(
                        "找不到这个行业，请填国民经济行业分类的代码或名称。"
                    )
                return code
        return str(answer).strip()

    def clean_from_date(self) -> date:
        day: date = self.cleaned_data["from_date"]
        if day > self.today:
            raise forms.ValidationError("日期不能晚于今天。")
        return day

    def change(self) -> BulkChange:
        """The cleaned change; call after is_valid()."""
        told = self.cleaned_data
        return BulkChange(field=self.field, value=told["value"], from_date=told["from_date"])


def _value_field(field: str, *, sites: QuerySet[Site]) -> forms.Field:
    title = f"{BULK_FIELDS[field]}改为"
    match field:
        case "site_id":
            places = sites.select_related("street").order_by("street__code", "name", "id")
            return _SiteField(places, label=title, required=False, empty_label="未填")
        case "status":
            return forms.ChoiceField(label=title, choices=STATUSES)
        case "kind":
            return forms.ChoiceField(label=title, choices=OrganisationKind.choices)
        case "has_premises" | "has_activity" | "has_meeting_room":
            return forms.ChoiceField(label=title, choices=YES_NO, required=False)
        case "industry_code":
            return forms.CharField(
                label=title, max_length=60, required=False, help_text="行业代码或名称；清空的不填。"
            )
    return forms.CharField(label=title, max_length=120, required=False)
