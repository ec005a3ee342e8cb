"""Planning rows of member registers: the person, work, Party membership and Party relation."""

from datetime import date
from typing import Any

from liangxin.intake.queries.facts import Facts, Revision
from liangxin.intake.queries.ledger_organisations import NAME, OrganisationEntry, Organisations
from liangxin.intake.queries.ledger_party import PartyOrganisations
from liangxin.intake.queries.ledger_people import People, PersonEntry
from liangxin.intake.queries.persons import other_name_fault, phone_change, written_person
from liangxin.intake.queries.persons_of_others import PersonsOfOthers
from liangxin.intake.queries.plan import Change, Plan, RowFault, SheetPlan
from liangxin.intake.queries.plan_organisations import older, out_of_scope
from liangxin.intake.queries.readable import LABELS
from liangxin.intake.queries.row_packs import PackedRow
from liangxin.intake.queries.units import named_unit, reaches_unit
from liangxin.intake.terms import Outcome
from liangxin.registry.models import Employment, PartyMembership, PartyRelation
from liangxin.registry.terms import MemberStage

MAX_ELSEWHERE = 120
TITLES = {
    "organisation_id": "工作单位",
    "position": "岗位类别",
    "stage": "人员类别",
    "joined_date": "入党日期",
    "full_date": "转正日期",
    "party_organisation_id": "组织关系所在党组织",
    "elsewhere": "组织关系所在党组织",
}
NOT_YET = -(10**9)  # the key of a person not planned yet: no fact bears it


class MemberPlanner:
    """Plans the rows of member sheets against ledger and plan."""

    def __init__(
        self,
        plan: Plan,
        *,
        organisations: Organisations,
        party: PartyOrganisations,
        people: People,
        facts: Facts,
    ) -> None:
        self.plan = plan
        self.organisations = organisations
        self.party = party
        self.people = people
        self.facts = facts
        self.others = PersonsOfOthers(plan, organisations=organisations)
        facts.load(Employment, base=("person_id",), values=("organisation_id", "position"))
        facts.load(
            PartyMembership, base=("person_id",), values=("stage", "joined_date", "full_date")
        )
        facts.load(
            PartyRelation, base=("person_id",), values=("party_organisation_id", "elsewhere")
        )

    def plan_row(self, row: PackedRow, sheet: SheetPlan) -> None:
        """Decide what becomes of one row, and remember what it would write."""
        faults: list[RowFault] = []
        repeated = sheet.repeated(row, key=row.values["id_number"], code="id_number")
        person = self.people.by_id(row.values["id_number"])
        # First of all: that a number stands under another name is not told of another street's people.
        if self.others.include(person):
            sheet.put_apart(row, outcome=Outcome.OUT_OF_SCOPE, faults=[out_of_scope(row, sheet)])
            return
        faults += [f for f in (repeated, other_name_fault(row, sheet, person)) if f]
        unit = self._unit(row, sheet, faults)
        if faults or unit is None:
            sheet.reject(row, faults)
        elif not self._reaches(unit, person):
            sheet.put_apart(row, outcome=Outcome.OUT_OF_SCOPE, faults=[out_of_scope(row, sheet)])
        else:
            self._plan_facts(row, person, unit, sheet)

    def _unit(
        self, row: PackedRow, sheet: SheetPlan, faults: list[RowFault]
    ) -> OrganisationEntry | None:
        code = "work_unit_uscc" if "work_unit_uscc" in row.values else "work_unit"
        return named_unit(
            row,
            sheet,
            faults,
            code=code,
            text=row.values[code],
            organisations=self.organisations,
            apart=self.plan.units_apart,
        )

    def _reaches(self, unit: OrganisationEntry, person: PersonEntry | None) -> bool:
        present = self.facts.said(Employment, person.key) if person else {}
        units = [unit]
        if present:
            units.append(self.organisations.by_key[present["organisation_id"]])
        return all(reaches_unit(self.plan.reach, entry) for entry in units)

    def _plan_facts(
        self, row: PackedRow, person: PersonEntry | None, unit: OrganisationEntry, sheet: SheetPlan
    ) -> None:
        key = person.key if person else NOT_YET
        revisions = self.facts.differing(self._revisions(row, key, unit))
        changes = [*phone_change(row, person), *self._changes(revisions)]
        known_on = self.facts.newest(revisions)
        if person is not None and phone_change(row, person):
            known_on = max(known_on, person.known_on)
        if changes and known_on > self.plan.as_of:
            faults = [older(row, sheet, known_on, changes)]
            sheet.put_apart(row, outcome=Outcome.OLDER, faults=faults)
            return
        is_new = self.facts.known(PartyMembership, key) is None
        self._write(row, person, unit)
        if is_new:
            sheet.counts[Outcome.NEW] += 1
        else:
            sheet.keep(row, changes=changes)

    def _write(self, row: PackedRow, person: PersonEntry | None, unit: OrganisationEntry) -> None:
        entry = written_person(row, person, plan=self.plan, people=self.people)
        was_member = self.facts.known(PartyMembership, entry.key) is not None
        self.facts.apply(self.facts.differing(self._revisions(row, entry.key, unit)))
        if not was_member:
            self._tell_probation(row, entry.key)

    def _tell_probation(self, row: PackedRow, key: int) -> None:
        """A full member whose two dates are known was on probation between them."""
        joined, full = row.values.get("joined_date"), row.values.get("full_date")
        is_told = row.values["stage"] == MemberStage.FULL and joined and full and joined < full
        if is_told:
            values = {
                "person_id": key,
                "stage": MemberStage.PROBATIONARY.value,
                "joined_date": joined,
                "full_date": None,
                "valid_from": joined,
                "valid_to": full,
            }
            self.plan.add(PartyMembership, values)

    def _revisions(self, row: PackedRow, key: int, unit: OrganisationEntry) -> list[Revision]:
        base = {"person_id": key}
        revisions = [
            Revision(Employment, base, self._employment(row, key, unit)),
            Revision(PartyMembership, base, self._membership(row, key), since=_member_since(row)),
        ]
        if "relation" in row.values:
            relation = self._relation(row.values["relation"])
            revisions.append(Revision(PartyRelation, base, relation))
        return revisions

    def _employment(self, row: PackedRow, key: int, unit: OrganisationEntry) -> dict[str, Any]:
        before = self.facts.said(Employment, key)
        is_same = before.get("organisation_id") == unit.key
        position = before.get("position", "") if is_same else ""
        return {"organisation_id": unit.key, "position": row.values.get("position", position)}

    def _membership(self, row: PackedRow, key: int) -> dict[str, Any]:
        before = self.facts.said(PartyMembership, key)
        codes = ("stage", "joined_date", "full_date")
        return {code: row.values.get(code, before.get(code)) for code in codes}

    def _relation(self, text: str) -> dict[str, Any]:
        found = self.party.named(text)
        if found is not None:
            return {"party_organisation_id": found.key, "elsewhere": ""}
        return {"party_organisation_id": None, "elsewhere": text[:MAX_ELSEWHERE]}

    def _changes(self, revisions: list[Revision]) -> list[Change]:
        changes = []
        for revision in revisions:
            before = self.facts.said(revision.model, *revision.base.values())
            after = revision.values or {}
            for code, value in after.items():
                if before.get(code) != value:
                    texts = (self._text(code, before.get(code)), self._text(code, value))
                    changes.append(Change(TITLES[code], *texts))
        return [change for change in changes if change.before != change.after]

    def _text(self, code: str, value: Any) -> str:
        if value is None:
            return ""
        if code == "organisation_id":
            return str(self.organisations.by_key[value].told[NAME])
        if code == "party_organisation_id":
            return self.party.by_key[value].name
        if code in ("stage", "position"):
            return LABELS.get(value, "")
        return str(value)


def _member_since(row: PackedRow) -> date | None:
    """Since when the stage holds: a full member's from full_date, else from joining."""
    joined: date | None = row.values.get("joined_date")
    if row.values["stage"] == MemberStage.FULL:
        return row.values.get("full_date") or joined
    return joined
