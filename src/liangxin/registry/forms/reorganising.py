"""Forms by which firms move, are absorbed or split, and streets and sites are reorganised."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms

from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.reorganising import Departure, Destination
from liangxin.registry.actions.shifting import Order
from liangxin.registry.forms.ledger_form import LedgerForm, NamedRowField, Sections
from liangxin.registry.forms.widgets import date_input
from liangxin.registry.models import Area, OrganisationVersion, Site
from liangxin.registry.queries.choices import units_meant
from liangxin.registry.queries.sites import sites_of_street, standing, streets

BASIS_HELP = "如营业执照变更、合并协议、批复的名称和文号。"
RENAME, MERGE, MOVE = "rename", "merge", "move"


class ActForm(LedgerForm):
    """What every act tells: from which day on, and by what."""

    on_date = forms.DateField(label="从哪天起", widget=date_input())
    basis = forms.CharField(label="依据", max_length=200, help_text=BASIS_HELP)

    def departure(self) -> Departure:
        """The day, the document and the edition shown; call after is_valid()."""
        told = self.cleaned_data
        return Departure(on_date=told["on_date"], basis=told["basis"], based_on=told["based_on"])

    def order(self) -> Order:
        """The day and the document; call after is_valid()."""
        return Order(on_date=self.cleaned_data["on_date"], basis=self.cleaned_data["basis"])

    def clean_on_date(self) -> date:
        day: date = self.cleaned_data["on_date"]
        if day > self.today:
            raise forms.ValidationError("日期不能晚于今天；台账只记已经发生的事。")
        return day


class MoveForm(ActForm):
    """Where a firm moves to within the district."""

    sections = (("迁到哪里", ("into", "site_name", "address")), ("登记", ("on_date", "basis")))
    into = forms.ModelChoiceField(
        label="迁入街道", queryset=Area.objects.none(), empty_label="请选择"
    )
    site_name = forms.CharField(
        label="所在楼宇园区",
        required=False,
        max_length=120,
        help_text="填名称全称；不在楼宇园区里的不填。",
    )
    address = forms.CharField(label="新地址", max_length=200)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, today: date, apart_from: int | None
    ) -> None:
        super().__init__(data, today=today, initial={"on_date": today})
        others = streets().exclude(pk=apart_from) if apart_from else streets()
        self.fields["into"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        street, name = answers.get("into"), answers.get("site_name")
        answers["site"] = None
        if street and name:
            answers["site"] = sites_of_street(street.pk).filter(name=name).first()
            if answers["site"] is None:
                self.add_error(
                    "site_name", f"{street.name}没有叫“{name}”的楼宇园区；核对名称，或先不填。"
                )
        return answers

    def destination(self) -> Destination:
        """Where it goes; call after is_valid()."""
        told = self.cleaned_data
        return Destination(street=told["into"], site=told["site"], address=told["address"])


class OtherFirmForm(ActForm):
    """Which other firm takes part."""

    sections: ClassVar[Sections] = (("哪一家", ("into",)), ("登记", ("on_date", "basis")))
    into = NamedRowField[OrganisationVersion](label="对方单位", url_name="organisation-choices")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, viewer: Viewer, today: date, label: str
    ) -> None:
        super().__init__(data, today=today, initial={"on_date": today})
        named: NamedRowField[OrganisationVersion] = self.fields["into"]  # type: ignore[assignment]
        named.label = label
        named.meant = lambda text: units_meant(viewer, text, at=today)


class SplitForm(OtherFirmForm):
    """Which firm came out of this one, and who goes with it."""

    sections = (
        ("分出去的单位", ("into",)),
        ("随它过去的", ("chosen",)),
        ("登记", ("on_date", "basis")),
    )
    chosen = forms.MultipleChoiceField(
        label="勾选的从这天起算新单位的，没有勾选的留在原单位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        viewer: Viewer,
        today: date,
        choices: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data, viewer=viewer, today=today, label="分立出来的单位")
        if choices:
            self.fields["chosen"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["chosen"]

    def chosen_facts(self) -> list[tuple[str, int]]:
        """The chosen facts as (kind, key); call after is_valid()."""
        parts = [one.partition("-") for one in self.cleaned_data.get("chosen", ())]
        return [(kind, int(key)) for kind, _, key in parts]


class PlaceForm(ActForm):
    """What becomes of a street or a site: one of the choices, with its own answer."""

    sections = (("怎么变", ("how", "name", "into")), ("登记", ("on_date", "basis")))
    how = forms.ChoiceField(label="事项", widget=forms.RadioSelect)
    name = forms.CharField(label="新名称（改名的填）", required=False, max_length=60)
    into = forms.ModelChoiceField(
        label="并入或改属哪里", required=False, queryset=Area.objects.none(), empty_label="请选择"
    )

    def require(self, field: str, *, when: str, mend: str) -> None:
        """Ask for an answer that only one of the choices needs."""
        if self.cleaned_data.get("how") == when and not self.cleaned_data.get(field):
            self.add_error(field, mend)


class StreetForm(PlaceForm):
    """A street gets another name, or is taken into another street."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date, street: Area) -> None:
        super().__init__(data, today=today, initial={"on_date": today, "how": MERGE})
        self.fields["how"].choices = [(MERGE, "并入另一个街道"), (RENAME, "改名")]  # type: ignore[attr-defined]
        self.fields["into"].label = "并入哪个街道"
        self.fields["into"].queryset = streets().exclude(pk=street.pk)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        self.require("into", when=MERGE, mend="请选择并入哪个街道。")
        self.require("name", when=RENAME, mend="请填写新名称。")
        return answers


class SiteMoveForm(PlaceForm):
    """A site is taken into another one of its street, or belongs to another street."""

    sections = (("怎么变", ("how", "into", "into_site")), ("登记", ("on_date", "basis")))
    name = None  # type: ignore[assignment]
    into_site = forms.ModelChoiceField(
        label="并入哪处", required=False, queryset=Site.objects.none(), empty_label="请选择"
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date, site: Site) -> None:
        super().__init__(data, today=today, initial={"on_date": today, "how": MOVE})
        self.fields["how"].choices = [(MOVE, "改属另一个街道"), (MERGE, "并入另一处")]  # type: ignore[attr-defined]
        self.fields["into"].label = "改属哪个街道"
        self.fields["into"].queryset = streets().exclude(pk=site.street_id)  # type: ignore[attr-defined]
        others = Site.objects.filter(standing(None)).exclude(pk=site.pk).select_related("street")
        field = self.fields["into_site"]
        field.queryset = others.order_by("street__code", "name", "id")  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.street}：{one.name}"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        self.require("into", when=MOVE, mend="请选择改属哪个街道。")
        self.require("into_site", when=MERGE, mend="请选择并入哪处楼宇园区。")
        return answers
