"""Planning rows of instructor and liaison lists: the person, the service, the postings."""

from typing import Any

from liangxin.intake.queries.facts import Facts, Revision
from liangxin.intake.queries.ledger_organisations import NAME, OrganisationEntry, Organisations
from liangxin.intake.queries.ledger_people import People, PersonEntry
from liangxin.intake.queries.persons import other_name_fault, phone_change, written_person
from liangxin.intake.queries.persons_of_others import PersonsOfOthers
from liangxin.intake.queries.plan import Change, Plan, RowFault, SheetPlan
from liangxin.intake.queries.plan_organisations import older, out_of_scope
from liangxin.intake.queries.row_packs import PackedRow
from liangxin.intake.queries.units import named_units, reaches_unit
from liangxin.intake.terms import Outcome
from liangxin.registry.models import GuideService, Posting
from liangxin.registry.terms import GuideRole
from liangxin.workbook.cells import compact

MAX_CAPACITY = 32_767
TITLES = {"home_unit": "派出单位", "capacity": "可联系企业数", "valid_to": "届满日期"}
NOT_YET = -(10**9)  # the key of a person not planned yet: no fact bears it


class InstructorPlanner:
    """Plans the rows of instructor sheets against ledger and plan."""

    def __init__(
        self, plan: Plan, *, organisations: Organisations, people: People, facts: Facts
    ) -> None:
        self.plan = plan
        self.organisations = organisations
        self.people = people
        self.facts = facts
        self.others = PersonsOfOthers(plan, organisations=organisations)
        self.posted: dict[tuple[int, str], set[int]] = {}
        facts.load(
            GuideService,
            base=("person_id", "role"),
            values=("home_unit", "capacity", "valid_to"),
        )
        for _, person, unit, role in facts.load(
            Posting, base=("person_id", "organisation_id", "role"), values=("valid_to",)
        ):
            ends = facts.said(Posting, person, unit, role)["valid_to"]
            if ends is None or ends > plan.as_of:
                self.posted.setdefault((person, role), set()).add(unit)

    def plan_row(self, row: PackedRow, sheet: SheetPlan) -> None:
        """Decide what becomes of one row, and remember what it would write."""
        faults: list[RowFault] = []
        person = self._person(row)
        # First of all: that a number stands under another name is not told of another street's people.
        if self.others.include(person):
            sheet.put_apart(row, outcome=Outcome.OUT_OF_SCOPE, faults=[out_of_scope(row, sheet)])
            return
        faults += [
            fault
            for fault in (
                self._repeated(row, sheet),
                other_name_fault(row, sheet, person),
                self._term_fault(row, sheet),
                self._capacity_fault(row, sheet),
            )
            if fault
        ]
        units = named_units(
            row,
            sheet,
            faults,
            code="served",
            organisations=self.organisations,
            apart=self.plan.units_apart,
        )
        if faults:
            sheet.reject(row, faults)
        elif not self._reaches(units):
            sheet.put_apart(row, outcome=Outcome.OUT_OF_SCOPE, faults=[out_of_scope(row, sheet)])
        else:
            self._plan_facts(row, person, units, sheet)

    def _person(self, row: PackedRow) -> PersonEntry | None:
        if id_number := row.values.get("id_number"):
            return self.people.by_id(id_number)
        same = self.people.guides(row.values["name"])
        home, role = row.values.get("home_unit", ""), row.values["role"]
        for entry in same:
            said = self.facts.said(GuideService, entry.key, role)
            if said and compact(said["home_unit"]) in ("", compact(home)):
                return entry
        return None

    def _repeated(self, row: PackedRow, sheet: SheetPlan) -> RowFault | None:
        values = row.values
        if "id_number" in values:
            return sheet.repeated(row, key=values["id_number"], code="id_number")
        namesake = (compact(values["name"]), compact(values.get("home_unit", "")))
        repeated = sheet.repeated(row, key=(*namesake, values.get("phone")), code="name")
        return repeated or self._namesake_fault(row, sheet, namesake)

    def _namesake_fault(
        self, row: PackedRow, sheet: SheetPlan, namesake: tuple[str, str]
    ) -> RowFault | None:
        """Without ID numbers two namesakes of one unit would be written over one another."""
        first = sheet.seen.setdefault(namesake, row.number)
        if first == row.number:
            return None
        return sheet.fault(
            row,
            "name",
            f"与第{first}行同名、同一派出单位，电话不同，分不清是不是一个人",
            "是一个人的请并成一行；是两个人的请补上身份证号",
        )

    def _term_fault(self, row: PackedRow, sheet: SheetPlan) -> RowFault | None:
        start = row.values.get("start_date", self.plan.as_of)
        end = row.values.get("end_date")
        if end is None or end > start:
            return None
        if "start_date" in row.values:
            reason = f"届满日期{end}不晚于选派日期{start}"
        else:
            reason = f"届满日期{end}不晚于数据截至日期，又没有选派日期"
        return sheet.fault(row, "end_date", reason, "请核对选派日期和届满日期")

    def _capacity_fault(self, row: PackedRow, sheet: SheetPlan) -> RowFault | None:
        if row.values.get("capacity", 0) <= MAX_CAPACITY:
            return None
        return sheet.fault(row, "capacity", "可联系企业数大得不合常理", "请核对这个数")

    def _reaches(self, units: dict[int, OrganisationEntry]) -> bool:
        reach = self.plan.reach
        if reach.is_district:
            return True
        return bool(units) and all(reaches_unit(reach, unit) for unit in units.values())

    def _plan_facts(
        self,
        row: PackedRow,
        person: PersonEntry | None,
        units: dict[int, OrganisationEntry],
        sheet: SheetPlan,
    ) -> None:
        key = person.key if person else NOT_YET
        revisions = self.facts.differing(self._revisions(row, key, units))
        changes = [*phone_change(row, person), *self._changes(revisions)]
        known_on = self.facts.newest(revisions)
        if person is not None and phone_change(row, person):
            known_on = max(known_on, person.known_on)
        if changes and known_on > self.plan.as_of:
            faults = [older(row, sheet, known_on, changes)]
            sheet.put_apart(row, outcome=Outcome.OLDER, faults=faults)
            return
        self._write(row, person, units)
        if person is None:
            sheet.counts[Outcome.NEW] += 1
        else:
            sheet.keep(row, changes=changes)

    def _write(
        self, row: PackedRow, person: PersonEntry | None, units: dict[int, OrganisationEntry]
    ) -> None:
        entry = written_person(row, person, plan=self.plan, people=self.people)
        self.facts.apply(self.facts.differing(self._revisions(row, entry.key, units)))
        if "served" in row.values:
            self.posted[(entry.key, row.values["role"])] = set(units)

    def _revisions(
        self, row: PackedRow, key: int, units: dict[int, OrganisationEntry]
    ) -> list[Revision]:
        role, since = row.values["role"], row.values.get("start_date")
        service = self.facts.said(GuideService, key, role)
        values = {
            "home_unit": row.values.get("home_unit", service.get("home_unit", "")),
            "capacity": row.values.get("capacity", service.get("capacity")),
            "valid_to": row.values.get("end_date", service.get("valid_to")),
        }
        base: dict[str, int | str] = {"person_id": key, "role": role}
        revisions = [Revision(GuideService, base, values, since=since)]
        for unit in units:
            said = self.facts.said(Posting, key, unit, role)
            posting = {"valid_to": row.values.get("end_date", said.get("valid_to"))}
            revisions.append(Revision(Posting, _posting(key, unit, role), posting, since=since))
        return [*revisions, *self._ended_postings(row, key, units)]

    def _ended_postings(
        self, row: PackedRow, key: int, units: dict[int, OrganisationEntry]
    ) -> list[Revision]:
        """Postings that the list no longer names; those beyond the uploader's reach stay."""
        if "served" not in row.values:
            return []
        role = row.values["role"]
        gone = sorted(self.posted.get((key, role), set()) - set(units))
        return [
            Revision(Posting, _posting(key, unit, role), None)
            for unit in gone
            if reaches_unit(self.plan.reach, self.organisations.by_key[unit])
        ]

    def _changes(self, revisions: list[Revision]) -> list[Change]:
        changes: list[Change] = []
        for revision in revisions:
            before = self.facts.said(revision.model, *revision.base.values())
            after = revision.values
            if revision.model is Posting:
                changes.append(self._posting_change(revision, before))
                continue
            if not before:
                changes.append(Change("类别", "", GuideRole(str(revision.base["role"])).label))
            changes += [
                Change(title, _text(before.get(code)), _text((after or {}).get(code)))
                for code, title in TITLES.items()
                if before.get(code) != (after or {}).get(code)
            ]
        return [change for change in changes if change.before != change.after]

    def _posting_change(self, revision: Revision, before: dict[str, Any]) -> Change:
        name = self.organisations.by_key[int(revision.base["organisation_id"])].told[NAME]
        if revision.values is None:
            return Change("联系单位", name, "不再联系")
        end = _text(revision.values.get("valid_to")) or "未定"
        if not before:
            return Change("联系单位", "", name)
        was = _text(before.get("valid_to")) or "未定"
        return Change("联系单位", f"{name}（至{was}）", f"{name}（至{end}）")


def _posting(person: int, unit: int, role: str) -> dict[str, int | str]:
    return {"person_id": person, "organisation_id": unit, "role": role}


def _text(value: Any) -> str:
    return "" if value is None else str(value)
