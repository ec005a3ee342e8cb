"""Forms of instructors and liaisons, and of their postings."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.guides import GuideFacts
from liangxin.registry.actions.postings import PostingFacts
from liangxin.registry.forms.ledger_form import (
    LedgerForm,
    NamedRowField,
    RevisionForm,
)
from liangxin.registry.forms.person import PersonForm
from liangxin.registry.forms.widgets import date_input
from liangxin.registry.models import GuideService, OrganisationVersion
from liangxin.registry.queries.choices import guides_meant, units_meant
from liangxin.registry.terms import GuideRole

PERSON = ("name", "id_number", "sex", "phone")
MAX_CAPACITY = 1000


def term_end_input() -> forms.DateInput:
    # A term may well end after today: the other dates of the ledger may not.
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "data-future": "yes"})


class GuideFactsForm(PersonForm):
    """What is asked of every instructor and liaison."""

    role = forms.ChoiceField(label="类别", choices=GuideRole.choices)
    home_unit = forms.CharField(
        label="派出单位", required=False, max_length=120, help_text="街道派出的写街道全称。"
    )
    capacity = forms.IntegerField(
        label="可联系单位数",
        required=False,
        min_value=1,
        max_value=MAX_CAPACITY,
        help_text="不填的，按规则里的数提醒。",
    )
    end_date = forms.DateField(
        label="届满日期", required=False, widget=term_end_input(), help_text="没有定的不填。"
    )

    def guide_facts(self, role: str) -> GuideFacts:
        """The cleaned facts; call after is_valid()."""
        told = self.cleaned_data
        return GuideFacts(
            person=self.person_facts(),
            role=role,
            home_unit=told["home_unit"],
            capacity=told["capacity"],
            end_date=told["end_date"],
        )


class GuideForm(GuideFactsForm):
    """A new one."""

    sections = (
        ("本人", PERSON),
        ("选派", ("role", "home_unit", "capacity", "from_date", "end_date")),
    )
    from_date = forms.DateField(label="选派日期", widget=date_input())

    def facts(self) -> GuideFacts:
        """The cleaned facts; call after is_valid()."""
        return self.guide_facts(self.cleaned_data["role"])


class GuideRevisionForm(GuideFactsForm, RevisionForm):
    """One in service."""

    sections = (
        ("本人", PERSON),
        ("选派", ("home_unit", "capacity", "end_date")),
        ("保存", ("how", "from_date")),
    )
    role = None  # type: ignore[assignment]
    may_precede = None  # type: ignore[assignment]

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, today: date, service: GuideService
    ) -> None:
        self.service = service
        first = {
            "name": service.person.name,
            "sex": service.person.sex,
            "home_unit": service.home_unit,
            "capacity": service.capacity,
            "end_date": service.valid_to,
            "from_date": today,
        }
        super().__init__(data, today=today, initial=first)
        self.mask_numbers(service.person)

    def known_id_number(self) -> str:
        return str(self.service.person.id_number)

    def facts(self) -> GuideFacts:
        """The cleaned facts; call after is_valid()."""
        return self.guide_facts(self.service.role)


class PostingForm(LedgerForm):
    """A posting; one of the two sides is known from the page the form was opened on."""

    sections = (
        ("选派联系", ("guide", "organisation", "from_date", "end_date", "is_over_capacity")),
    )
    guide = NamedRowField[GuideService](
        label="指导员、联络员",
        url_name="guide-choices",
        help_text="输入姓名或派出单位，从提示中选择。",
    )
    organisation = NamedRowField[OrganisationVersion](
        label="联系单位", url_name="organisation-choices"
    )
    from_date = forms.DateField(label="从哪天起联系", widget=date_input())
    end_date = forms.DateField(
        label="到哪天为止",
        required=False,
        widget=term_end_input(),
        help_text="不填的，到届满为止。",
    )
    is_over_capacity = forms.BooleanField(label="同意超出可联系数", required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        viewer: Viewer,
        today: date,
        services: list[GuideService] | None = None,
        unit: OrganisationVersion | None = None,
    ) -> None:
        self.services, self.unit = services, unit
        super().__init__(data, today=today, initial={"from_date": today})
        if unit is not None:
            del self.fields["organisation"]
        else:
            units: NamedRowField[OrganisationVersion] = self.fields["organisation"]  # type: ignore[assignment]
            units.meant = lambda text: units_meant(viewer, text, at=today)
        if services is None:
            named: NamedRowField[GuideService] = self.fields["guide"]  # type: ignore[assignment]
            named.meant = lambda text: guides_meant(viewer, text, at=today)
        elif len(services) == 1:
            del self.fields["guide"]
        else:
            roles = [(str(one.pk), one.get_role_display()) for one in services]
            self.fields["guide"] = forms.ChoiceField(label="以什么身份", choices=roles)

    def facts(self) -> PostingFacts:
        """The cleaned facts; call after is_valid()."""
        told = self.cleaned_data
        unit: OrganisationVersion = self.unit or told["organisation"]
        return PostingFacts(
            service=self._service(),
            organisation_id=unit.organisation_id,
            from_date=told["from_date"],
            end_date=told["end_date"],
            is_over_capacity=told["is_over_capacity"],
        )

    def _service(self) -> GuideService:
        if self.services is None:
            chosen: GuideService = self.cleaned_data["guide"]
            return chosen
        if len(self.services) == 1:
            return self.services[0]
        key = self.cleaned_data["guide"]
        return next(one for one in self.services if str(one.pk) == key)
