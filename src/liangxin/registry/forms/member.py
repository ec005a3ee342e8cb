"""Forms of members: what the register holds of them, and why somebody is no longer in it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.memberships import MemberFacts, MemberRows
from liangxin.registry.forms.ledger_form import LedgerForm, NamedRowField, RevisionForm
from liangxin.registry.forms.person import PersonForm
from liangxin.registry.forms.widgets import date_input
from liangxin.registry.models import OrganisationVersion, PartyOrganisationVersion
from liangxin.registry.queries.choices import (
    party_label,
    party_organisations_meant,
    unit_label,
    units_meant,
)
from liangxin.registry.terms import MemberStage, Position

REASONS = (
    ("去世", "去世"),
    ("组织关系转出本区", "组织关系转出本区"),
    ("离开本区单位，关系不在本区", "离开本区单位，关系不在本区"),
    ("出党（除名、自行脱党、开除等）", "出党（除名、自行脱党、开除等）"),
    ("登记错误，本不是党员", "登记错误，本不是党员"),
)
PERSON = ("name", "id_number", "sex", "phone")
PARTY = ("stage", "joined_date", "full_date", "party_organisation", "elsewhere")


class MemberFactsForm(PersonForm):
    """What is asked of every member."""

    organisation = NamedRowField[OrganisationVersion](
        label="工作单位", url_name="organisation-choices"
    )
    position = forms.ChoiceField(
        label="岗位类别", choices=[("", "未填"), *Position.choices], required=False
    )
    stage = forms.ChoiceField(label="人员类别", choices=MemberStage.choices)
    joined_date = forms.DateField(label="入党日期", required=False, widget=date_input())
    full_date = forms.DateField(
        label="转正日期", required=False, widget=date_input(), help_text="预备党员不填。"
    )
    party_organisation = NamedRowField[PartyOrganisationVersion](
        label="组织关系所在党组织（本区）",
        url_name="party-organisation-choices",
        required=False,
        help_text="输入名称中的几个字，从提示中选择；关系不在本区的，填右边一格。",
    )
    elsewhere = forms.CharField(label="组织关系所在（本区以外）", required=False, max_length=120)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        viewer: Viewer,
        today: date,
        rows: MemberRows | None = None,
    ) -> None:
        self.rows = rows
        super().__init__(data, today=today, initial={"from_date": today})
        units: NamedRowField[OrganisationVersion] = self.fields["organisation"]  # type: ignore[assignment]
        held: NamedRowField[PartyOrganisationVersion] = self.fields["party_organisation"]  # type: ignore[assignment]
        units.meant = lambda text: units_meant(viewer, text, at=today)
        held.meant = lambda text: party_organisations_meant(viewer, text, at=today)
        if rows is None:
            self.fields["id_number"].required = True
            return
        units.required = False
        units.help_text = "输入名称中的几个字，从提示中选择；待业、退休的清空这一格。"
        self.mask_numbers(rows.person)
        self.initial.update(_answers(rows))
        self._keep_known(units, held)

    def known_id_number(self) -> str:
        return str(self.rows.person.id_number) if self.rows else ""

    def facts(self) -> MemberFacts:
        """The cleaned facts; call after is_valid()."""
        told = self.cleaned_data
        held: PartyOrganisationVersion | None = told["party_organisation"]
        unit: OrganisationVersion | None = told["organisation"]
        return MemberFacts(
            person=self.person_facts(),
            organisation=unit.organisation if unit else None,
            position=told["position"],
            stage=told["stage"],
            joined_date=told["joined_date"],
            full_date=told["full_date"],
            party_organisation=held.party_organisation if held else None,
            elsewhere=told["elsewhere"],
        )

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        self.refuse_future(answers, "joined_date", "full_date")
        if answers.get("party_organisation") and answers.get("elsewhere"):
            self.add_error("elsewhere", "组织关系只能在一处：在本区的不填这一格。")
        if answers.get("stage") == MemberStage.PROBATIONARY and answers.get("full_date"):
            self.add_error("full_date", "预备党员没有转正日期；已转正的，人员类别选“正式党员”。")
        return answers

    def _keep_known(
        self,
        units: NamedRowField[OrganisationVersion],
        held: NamedRowField[PartyOrganisationVersion],
    ) -> None:
        # What the ledger holds may stay although it lies outside of what this officer may choose.
        unit, branch = _unit_of(self.rows), _branch_of(self.rows)
        if unit is not None:
            units.known = (unit_label(unit), unit)
            self.initial["organisation"] = units.known[0]
        if branch is not None:
            held.known = (party_label(branch), branch)
            self.initial["party_organisation"] = held.known[0]


class MemberForm(MemberFactsForm):
    """A new entry of the register."""

    sections = (
        ("本人", PERSON),
        ("工作", ("organisation", "position")),
        ("党员身份和组织关系", PARTY),
        ("保存", ("from_date",)),
    )
    from_date = forms.DateField(
        label="在这个单位和组织关系从哪天起", widget=date_input(), help_text="不清楚的填今天。"
    )


class MemberRevisionForm(MemberFactsForm, RevisionForm):
    """One of the register."""

    sections = (
        ("本人", PERSON),
        ("工作", ("organisation", "position")),
        ("党员身份和组织关系", PARTY),
        ("保存", ("how", "from_date")),
    )
    may_precede = None  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        before = self.rows.membership if self.rows else None
        is_turning_full = before is not None and before.stage == MemberStage.PROBATIONARY
        if (
            is_turning_full
            and answers.get("stage") == MemberStage.FULL
            and not answers.get("full_date")
            and "full_date" not in self.errors
        ):
            self.add_error("full_date", "预备党员转为正式党员的，请填转正日期。")
        return answers


class MemberClosingForm(LedgerForm):
    """When and why somebody is in the register no longer."""

    sections = (("停止登记", ("end_date", "reason", "note", "ends_employment")),)
    end_date = forms.DateField(label="从哪天起", widget=date_input())
    reason = forms.ChoiceField(label="原因", choices=[("", "请选择"), *REASONS])
    note = forms.CharField(
        label="依据",
        required=False,
        max_length=60,
        help_text="如批复或介绍信的文号；不写病情、处分经过。",
    )
    ends_employment = forms.BooleanField(label="同时不再在原单位工作", required=False)

    def reason_told(self) -> str:
        """The reason with its ground; call after is_valid()."""
        told = self.cleaned_data
        return "，".join(part for part in (told["reason"], told["note"]) if part)


def _answers(rows: MemberRows) -> dict[str, Any]:
    answers: dict[str, Any] = {"name": rows.person.name, "sex": rows.person.sex}
    if rows.membership:
        answers |= {
            name: getattr(rows.membership, name) for name in ("stage", "joined_date", "full_date")
        }
    answers["position"] = rows.employment.position if rows.employment else ""
    answers["elsewhere"] = rows.relation.elsewhere if rows.relation else ""
    return answers


def _unit_of(rows: MemberRows | None) -> OrganisationVersion | None:
    if rows is None or rows.employment is None:
        return None
    named = OrganisationVersion.objects.filter(organisation_id=rows.employment.organisation_id)
    return named.select_related("organisation").order_by("-valid_from").first()


def _branch_of(rows: MemberRows | None) -> PartyOrganisationVersion | None:
    if rows is None or rows.relation is None:
        return None
    key = rows.relation.party_organisation_id
    named = PartyOrganisationVersion.objects.filter(party_organisation_id=key)
    return named.select_related("party_organisation").order_by("-valid_from").first()
