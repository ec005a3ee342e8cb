"""The form of an organisation: cleans what people type; saving is an action's business."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse_lazy

from liangxin.registry.actions.organisation_facts import OrganisationFacts
from liangxin.registry.forms.widgets import asks, date_input
from liangxin.registry.models import Area, OrganisationVersion, Site
from liangxin.registry.queries.changes import TOLD_FIELDS, industry_title
from liangxin.registry.queries.sites import sites_of_street
from liangxin.registry.terms import OrganisationKind, OrganisationStatus
from liangxin.standards.coordinates import CoordinateSystem, to_wgs84
from liangxin.standards.industries import find_industry
from liangxin.standards.phone import mask_phone, normalise_phone, phone_fault
from liangxin.standards.uscc import normalise_uscc, uscc_fault
from liangxin.ui.widgets import Select

MAX_EMPLOYEES = 1_000_000
MAX_LON, MIN_LON, MAX_LAT, MIN_LAT = 136, 73, 54, 3
YES_NO = (("", "不清楚"), ("yes", "是"), ("no", "否"))
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("登记情况", ("uscc", "name", "kind", "status", "established_date")),
    ("所在位置", ("street", "site", "address")),
    ("经营情况", ("industry", "employees", "revenue_wan", "has_premises", "has_activity")),
    ("党建条件", ("has_meeting_room",)),
    ("联系人", ("legal_representative", "phone", "supervisor")),
    ("坐标（可不填）", ("lon", "lat", "coordinate_system")),
)


ASKS_LIKENESS = asks(
    "organisation-likeness",
    target="#likeness",
    trigger="input changed delay:400ms, change from:#id_street",
    include="#id_uscc, #id_name, #id_street, #id_address, #id_legal_representative",
    swap="outerHTML",
)


class YesNoField(forms.ChoiceField):
    """是, 否 or not known, as True, False or None."""

    def __init__(self, *, label: str, help_text: str = "") -> None:
        super().__init__(label=label, choices=YES_NO, required=False, help_text=help_text)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)

    def clean(self, value: Any) -> bool | None:
        return {"yes": True, "no": False}.get(super().clean(value))


class OrganisationForm(forms.Form):
    """Facts of one organisation; `version` fills it with what the ledger holds."""

    uscc = forms.CharField(
        label="统一社会信用代码",
        required=False,
        max_length=40,
        help_text="18 位；社会组织、个体工商户没有的可以不填。",
        widget=forms.TextInput(attrs={"spellcheck": "false", **ASKS_LIKENESS}),
    )
    name = forms.CharField(
        label="单位名称",
        max_length=120,
        widget=forms.TextInput(attrs=ASKS_LIKENESS),
    )
    kind = forms.ChoiceField(label="类型", choices=OrganisationKind.choices)
    status = forms.ChoiceField(label="登记状态", choices=OrganisationStatus.choices)
    established_date = forms.DateField(label="成立日期", required=False, widget=date_input())
    street = forms.ModelChoiceField(
        label="所属街道",
        queryset=Area.objects.none(),
        empty_label="请选择",
        widget=forms.Select(
            attrs=asks("organisation-site-options", target="#id_site", trigger="change")
        ),
    )
    site = forms.ModelChoiceField(
        label="所在楼宇（园区）",
        queryset=Site.objects.none(),
        required=False,
        empty_label="不在楼宇园区内",
        widget=Select(),
        help_text="只列出所选街道的楼宇、园区。",
    )
    address = forms.CharField(
        label="经营地址",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=ASKS_LIKENESS),
    )
    industry = forms.CharField(
        label="行业",
        required=False,
        max_length=80,
        help_text="输入名称或国民经济行业代码，从提示中选择，如“6513 应用软件开发”。",
        widget=forms.TextInput(
            attrs={
                "list": "industry-options",
                **asks(
                    "organisation-industry-options",
                    target="#industry-options",
                    trigger="input changed delay:250ms",
                ),
            }
        ),
    )
    employees = forms.IntegerField(
        label="从业人数",
        required=False,
        min_value=0,
        max_value=MAX_EMPLOYEES,
    )
    revenue_wan = forms.DecimalField(
        label="营业收入（万元）",
        required=False,
        min_value=Decimal(0),
        max_digits=16,
        decimal_places=2,
        help_text="上一年度；用于判定规模。",
    )
    has_premises = YesNoField(label="有固定场所")
    has_activity = YesNoField(label="有经营活动")
    has_meeting_room = YesNoField(
        label="有会议场所",
        help_text="能容一个党支部开会的房间，自己的、楼里共用的都算。填“否”的，编组时不安排牵头。",
    )
    legal_representative = forms.CharField(
        label="法定代表人",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs=ASKS_LIKENESS),
    )
    phone = forms.CharField(label="联系电话", required=False, max_length=40)
    supervisor = forms.CharField(
        label="业务主管单位", required=False, max_length=120, help_text="社会组织填写。"
    )
    lon = forms.FloatField(label="经度", required=False, min_value=MIN_LON, max_value=MAX_LON)
    lat = forms.FloatField(label="纬度", required=False, min_value=MIN_LAT, max_value=MAX_LAT)
    coordinate_system = forms.ChoiceField(
        label="坐标系",
        required=False,
        choices=[(system.value, system.value) for system in CoordinateSystem],
        help_text="高德、腾讯地图取的点选 GCJ-02，百度地图取的选 BD-09。",
    )
    valid_from = forms.DateField(
        label="从哪天起是这样",
        widget=date_input(),
        help_text="资料变化的日子，不是录入的日子。",
    )
    may_precede = forms.BooleanField(label="补录历史：这是过去的情况，现有资料不变", required=False)
    is_not_the_same = forms.BooleanField(label="已核对，与上面列出的不是同一家单位", required=False)
    based_on = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        streets: QuerySet[Area],
        today: date,
        version: OrganisationVersion | None = None,
    ) -> None:
        self.today, self.version = today, version
        super().__init__(data, initial=initial_answers(version, today=today))
        self.fields["street"].queryset = streets  # type: ignore[attr-defined]
        self.fields["site"].queryset = self._sites()  # type: ignore[attr-defined]
        self.fields["status"].choices = self._statuses()  # type: ignore[attr-defined]
        if version:
            likeness = (
                f"{reverse_lazy('organisation-likeness')}?apart_from={version.organisation_id}"
            )
            for name in ("uscc", "name", "address", "legal_representative"):
                self.fields[name].widget.attrs["hx-get"] = likeness
        for name in ("valid_from", "established_date"):
            self.fields[name].widget.attrs["max"] = today.isoformat()

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of the facts by heading, in the order of the page."""
        return [(title, [self[name] for name in names]) for title, names in SECTIONS]

    def facts(self) -> OrganisationFacts:
        """The cleaned facts; call after is_valid()."""
        told = {name: self.cleaned_data[name] for name in TOLD_FIELDS if name in self.cleaned_data}
        told["industry_code"] = self.cleaned_data["industry"]
        return OrganisationFacts(uscc=self.cleaned_data["uscc"], **told)

    def clean_uscc(self) -> str | None:
        code = normalise_uscc(self.cleaned_data["uscc"])
        if code and (fault := uscc_fault(code)):
            raise forms.ValidationError(fault)
        return code or None

    def clean_industry(self) -> str:
        text: str = self.cleaned_data["industry"]
        code = find_industry(text) if text else ""
        if code is None:
            raise forms.ValidationError("找不到这个行业，请从提示中选择，或填写行业代码。")
        return code

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"]
        # The form shows the known number masked; left as it is, it stays what it was.
        if self.version and text == mask_phone(self.version.phone):
            return str(self.version.phone)
        if text and (fault := phone_fault(text)):
            raise forms.ValidationError(fault)
        return normalise_phone(text)

    def clean_established_date(self) -> date | None:
        day: date | None = self.cleaned_data["established_date"]
        if day and day > self.today:
            raise forms.ValidationError("成立日期不能晚于今天。")
        return day

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        lon, lat = answers.get("lon"), answers.get("lat")
        if (lon is None) != (lat is None) and not self.errors.keys() & {"lon", "lat"}:
            self.add_error("lat" if lat is None else "lon", "经度和纬度要么都填，要么都不填。")
        elif lon is not None and lat is not None:
            system = CoordinateSystem(answers.get("coordinate_system") or CoordinateSystem.WGS84)
            answers["lon"], answers["lat"] = _converted(lon, lat, system=system, known=self.version)
        return answers

    def _statuses(self) -> list[tuple[str, str]]:
        # Closing has a page of its own, which asks for the day and the reason.
        closed = OrganisationStatus.CLOSED
        is_closed = self.version is not None and self.version.status == closed
        return [one for one in OrganisationStatus.choices if is_closed or one[0] != closed]

    def _sites(self) -> QuerySet[Site]:
        chosen = self["street"].value()
        street_id = getattr(chosen, "pk", chosen)
        if not str(street_id or "").isdecimal():
            return Site.objects.none()
        # Of the streets offered only: an answer made up by hand would else be told a street's sites.
        streets = self.fields["street"].queryset  # type: ignore[attr-defined]
        return sites_of_street(int(street_id)).filter(street__in=streets.order_by())


class ClosingForm(forms.Form):
    """When and why an organisation stopped."""

    closed_date = forms.DateField(label="从哪天起停止", widget=date_input())
    reason = forms.CharField(
        label="原因和依据",
        min_length=2,
        max_length=100,
        help_text="如：已注销，见登记机关公告；迁往外区。",
    )
    based_on = forms.CharField(widget=forms.HiddenInput)


def initial_answers(version: OrganisationVersion | None, *, today: date) -> dict[str, Any]:
    """What the form shows at first: nothing but today, or the facts of a version."""
    answers: dict[str, Any] = {
        "valid_from": today,
        "coordinate_system": CoordinateSystem.WGS84.value,
        "status": OrganisationStatus.OPERATING,
    }
    if version is None:
        return answers
    answers |= {name: getattr(version, name) for name in TOLD_FIELDS}
    answers["uscc"] = version.organisation.uscc or ""
    answers["phone"] = mask_phone(version.phone)
    answers["industry"] = industry_title(version.industry_code) if version.industry_code else ""
    return answers


def _converted(
    lon: float, lat: float, *, system: CoordinateSystem, known: OrganisationVersion | None
) -> tuple[float, float]:
    # The known point is WGS-84 already: another system chosen beside it would move it each time.
    if known and (lon, lat) == (known.lon, known.lat):
        return lon, lat
    return to_wgs84(lon, lat, system=system)
