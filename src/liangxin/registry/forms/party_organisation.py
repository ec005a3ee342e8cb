"""Forms of Party organisations: the register, what is covered, posts, dissolution."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.party_register import PartyFacts
from liangxin.registry.actions.posts import PostFacts
from liangxin.registry.forms.ledger_form import LedgerForm, NamedRowField, RevisionForm
from liangxin.registry.forms.widgets import date_input
from liangxin.registry.models import (
    Area,
    MeetingPlace,
    OrganisationVersion,
    PartyMembership,
    PartyOrganisationVersion,
    Site,
)
from liangxin.registry.queries.choices import (
    party_label,
    party_organisations_meant,
    units_meant,
)
from liangxin.registry.queries.keeping import kept_streets
from liangxin.registry.terms import PartyKind, PostKind

FACTS = ("name", "kind", "code", "parent", "street")


class PartyFactsForm(LedgerForm):
    """What is asked of every Party organisation."""

    name = forms.CharField(label="党组织名称", max_length=120, help_text="全称。")
    kind = forms.ChoiceField(label="类别", choices=PartyKind.choices)
    code = forms.CharField(label="党组织编码", required=False, max_length=40)
    parent = NamedRowField[PartyOrganisationVersion](
        label="上级党组织", url_name="party-organisation-choices", required=False
    )
    street = forms.ModelChoiceField(
        label="所属街道", queryset=Area.objects.none(), empty_label="区直属", required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        viewer: Viewer,
        today: date,
        version: PartyOrganisationVersion | None = None,
        parent: PartyOrganisationVersion | None = None,
    ) -> None:
        super().__init__(data, today=today, initial=_answers(version, parent, today=today))
        named: NamedRowField[PartyOrganisationVersion] = self.fields["parent"]  # type: ignore[assignment]
        named.meant = lambda text: party_organisations_meant(viewer, text, at=today)
        named.known = (party_label(parent), parent) if parent else None
        self._offer_streets(viewer)

    def facts(self) -> PartyFacts:
        """The cleaned facts; call after is_valid()."""
        told = self.cleaned_data
        parent: PartyOrganisationVersion | None = told["parent"]
        return PartyFacts(
            name=told["name"],
            kind=told["kind"],
            code=told["code"] or None,
            parent=parent.party_organisation if parent else None,
            street=told["street"],
        )

    def _offer_streets(self, viewer: Viewer) -> None:
        field = self.fields["street"]
        streets = kept_streets(viewer)
        field.queryset = streets  # type: ignore[attr-defined]
        if not viewer.sees_district():
            field.required = True
            field.empty_label = "请选择"  # type: ignore[attr-defined]
            only = list(streets[:2])
            if len(only) == 1 and not self.initial.get("street"):
                self.initial["street"] = only[0]


class PartyOrganisationForm(PartyFactsForm):
    """A new one, which stands since the day of its founding."""

    sections = (("基本情况", ("name", "kind", "code", "parent", "street", "founded_date")),)
    founded_date = forms.DateField(
        label="成立日期", widget=date_input(), help_text="上级批复或选举产生的日期。"
    )


class PartyRevisionForm(PartyFactsForm, RevisionForm):
    """One of the register."""

    sections = (
        ("基本情况", FACTS),
        ("保存", ("how", "from_date", "may_precede")),
    )


class DissolvingForm(LedgerForm):
    """When and why a Party organisation stood no longer."""

    sections = (("撤销", ("dissolved_date", "reason")),)
    dissolved_date = forms.DateField(label="从哪天起撤销", widget=date_input())
    reason = forms.CharField(
        label="原因和依据",
        min_length=2,
        max_length=100,
        help_text="如：党员不足三名，并入某党支部，见批复文号。",
    )


class CoverageForm(LedgerForm):
    """One more unit that is covered."""

    sections = (("增加涵盖单位", ("organisation", "from_date")),)
    organisation = NamedRowField[OrganisationVersion](
        label="单位",
        url_name="organisation-choices",
        help_text="输入单位名称中的几个字，从提示中选择；只列您范围内的单位。",
    )
    from_date = forms.DateField(label="从哪天起涵盖", widget=date_input())

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, viewer: Viewer, today: date
    ) -> None:
        super().__init__(data, today=today, initial={"from_date": today})
        named: NamedRowField[OrganisationVersion] = self.fields["organisation"]  # type: ignore[assignment]
        named.meant = lambda text: units_meant(viewer, text, at=today)


class EndingForm(LedgerForm):
    """The day from which something holds no longer."""

    sections = (("登记", ("end_date",)),)
    end_date = forms.DateField(label="从哪天起", widget=date_input())


class PlaceForm(LedgerForm):
    """Where a Party organisation meets."""

    sections = (("会议地点", ("place_site", "place_text", "from_date")),)
    place_site = forms.ModelChoiceField(
        label="楼宇园区", queryset=Site.objects.none(), required=False, empty_label="不在楼宇园区"
    )
    place_text = forms.CharField(
        label="具体地点",
        required=False,
        max_length=120,
        help_text="如：3楼党群服务中心会议室；不在楼宇园区的写明地址。",
    )
    from_date = forms.DateField(label="从哪天起", widget=date_input())

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        sites: QuerySet[Site],
        today: date,
        place: MeetingPlace | None = None,
    ) -> None:
        initial = {
            "from_date": today,
            "place_site": place.site_id if place else None,
            "place_text": place.text if place else "",
        }
        super().__init__(data, today=today, initial=initial)
        self.fields["place_site"].queryset = sites  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if not answers.get("place_site") and not answers.get("place_text"):
            self.add_error("place_text", "请选择楼宇园区，或者写明会议地点。")
        return answers


class PostForm(LedgerForm):
    """A post from the election on; the person is a member of the organisation, or a name."""

    sections = (("任职", ("kind", "member", "person_name", "from_date", "ends_predecessor")),)
    kind = forms.ChoiceField(label="职务", choices=PostKind.choices)
    member = forms.ChoiceField(
        label="本组织党员",
        required=False,
        help_text="组织关系在这里的党员；不在名单里的，在右边填姓名。",
    )
    person_name = forms.CharField(label="姓名（不是本组织党员的）", required=False, max_length=60)
    from_date = forms.DateField(
        label="选举或任命日期", widget=date_input(), help_text="任期从这一天算起。"
    )
    ends_predecessor = forms.BooleanField(
        label="同时结束原来的任期（免去现任书记，或本人连任）", required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        members: list[PartyMembership],
        today: date,
        kind: str = "",
    ) -> None:
        self.members = {str(row.person_id): row.person for row in members}
        super().__init__(data, today=today, initial={"from_date": today, "kind": kind})
        names = [(key, person.name) for key, person in self.members.items()]
        self.fields["member"].choices = [("", "请选择，或填姓名"), *names]  # type: ignore[attr-defined]

    def facts(self) -> PostFacts:
        """The cleaned facts; call after is_valid()."""
        told = self.cleaned_data
        person = self.members.get(told["member"])
        return PostFacts(
            kind=PostKind(told["kind"]),
            person=person,
            person_name=person.name if person else told["person_name"],
            from_date=told["from_date"],
            ends_predecessor=told["ends_predecessor"],
        )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(answers.get("member")) == bool(answers.get("person_name")):
            self.add_error("person_name", "请从本组织党员中选一人，或者填姓名，只填一处。")
        return answers


def _answers(
    version: PartyOrganisationVersion | None,
    parent: PartyOrganisationVersion | None,
    *,
    today: date,
) -> dict[str, Any]:
    if version is None:
        return {"kind": PartyKind.BRANCH.value}
    return {
        "name": version.name,
        "kind": version.kind,
        "code": version.party_organisation.code or "",
        "parent": party_label(parent) if parent else "",
        "street": version.street_id,
        "from_date": today,
    }
