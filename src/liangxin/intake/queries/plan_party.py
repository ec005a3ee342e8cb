"""Planning rows of Party organisation registers: identity, place in the tree, coverage, secretary.

Rows refer to one another, so all sheets are heard first and planned parents first.
"""

from collections.abc import Iterator
from typing import Any

from liangxin.intake.queries.facts import Facts, Revision
from liangxin.intake.queries.ledger_organisations import NAME, OrganisationEntry, Organisations
from liangxin.intake.queries.ledger_party import PartyEntry, PartyOrganisations
from liangxin.intake.queries.ledger_places import Places
from liangxin.intake.queries.party_tree import circles, parents_first
from liangxin.intake.queries.plan import Change, Plan, RowFault, SheetPlan
from liangxin.intake.queries.plan_organisations import older, out_of_scope, unknown_street
from liangxin.intake.queries.readable import readable
from liangxin.intake.queries.row_packs import PackedRow
from liangxin.intake.queries.units import named_units, reaches_unit
from liangxin.intake.terms import Outcome
from liangxin.registry.models import (
    PartyCoverage,
    PartyOrganisation,
    PartyOrganisationVersion,
    Post,
)
from liangxin.registry.terms import PostKind
from liangxin.workbook.cells import compact

SECRETARY = PostKind.SECRETARY.value
TITLES = {"name": "党组织名称", "kind": "组织类别", "street_id": "所属街道"}
Heard = tuple[PackedRow, SheetPlan]


class PartyPlanner:
    """Hears the rows of every Party organisation sheet, then plans them."""

    def __init__(
        self,
        plan: Plan,
        *,
        places: Places,
        organisations: Organisations,
        party: PartyOrganisations,
        facts: Facts,
    ) -> None:
        self.plan = plan
        self.places = places
        self.organisations = organisations
        self.party = party
        self.facts = facts
        self.heard: dict[str, Heard] = {}
        self.covered: dict[int, set[int]] = {}
        facts.load(
            PartyOrganisationVersion,
            base=("party_organisation_id",),
            values=("name", "kind", "parent_id", "street_id"),
        )
        facts.load(Post, base=("party_organisation_id", "kind"), values=("person_name",))
        for _, party_key, unit_key in facts.load(
            PartyCoverage, base=("party_organisation_id", "organisation_id")
        ):
            self.covered.setdefault(party_key, set()).add(unit_key)

    def plan_row(self, row: PackedRow, sheet: SheetPlan) -> None:
        """Hear one row; a name told a second time is rejected at once."""
        name = compact(row.values["name"])
        repeated = sheet.repeated(row, key=name, code="name")
        if repeated:
            sheet.reject(row, [repeated])
        elif name in self.heard:
            reason = f"本次上传的“{self.heard[name][1].sheet.name}”里已有这个党组织"
            sheet.reject(row, [sheet.fault(row, "name", reason, "核对后只保留一行")])
        else:
            self.heard[name] = (row, sheet)

    def plan_heard(self) -> None:
        """Decide what becomes of every row heard, parents first."""
        parents = self._parents()
        looping = circles(parents)
        for name in parents_first(parents, list(self.heard)):
            row, sheet = self.heard[name]
            if name in looping:
                sheet.reject(row, [self._circle_fault(row, sheet, looping[name])])
            else:
                self._plan_one(row, sheet)

    def _parents(self) -> dict[str, str]:
        """Who stands above whom once this plan is written, by compacted name."""
        told = {
            compact(entry.name): compact(self.party.by_key[entry.parent].name)
            for entry in self.party.by_key.values()
            if entry.parent in self.party.by_key
        }
        for name, (row, _) in self.heard.items():
            if parent := row.values.get("parent"):
                told[name] = compact(parent)
        return told

    def _circle_fault(self, row: PackedRow, sheet: SheetPlan, circle: tuple[str, ...]) -> RowFault:
        names = [self._written_name(name) for name in circle]
        chain = " → ".join([*names, names[0]])
        return sheet.fault(row, "parent", f"上级党组织绕成了一个圈：{chain}", "请改正上级党组织")

    def _written_name(self, name: str) -> str:
        if name in self.heard:
            return str(self.heard[name][0].values["name"])
        entry = self.party.named(name)
        return entry.name if entry else name

    def _plan_one(self, row: PackedRow, sheet: SheetPlan) -> None:
        faults: list[RowFault] = []
        entry = self._found(row, sheet, faults)
        told = self._told(row, sheet, faults)
        units = named_units(
            row,
            sheet,
            faults,
            code="covered",
            organisations=self.organisations,
            apart=self.plan.units_apart,
        )
        if faults:
            sheet.reject(row, faults)
            return
        before = self.facts.said(PartyOrganisationVersion, entry.key) if entry else {}
        if entry is None:
            told.setdefault("street_id", self.plan.reach.only_street)
        after = {"parent_id": None, "street_id": None} | before | told
        if not self._reaches(before, after, units):
            sheet.put_apart(row, outcome=Outcome.OUT_OF_SCOPE, faults=[out_of_scope(row, sheet)])
        elif entry is None:
            self._plan_new(row, after, units, sheet)
        else:
            self._plan_known(row, entry, after, units, sheet)

    def _found(self, row: PackedRow, sheet: SheetPlan, faults: list[RowFault]) -> PartyEntry | None:
        code, name = row.values.get("code"), row.values["name"]
        if code and code in self.party.by_code:
            return self.party.by_code[code]
        entry = self.party.named(name)
        if entry is not None and code and entry.code:
            reason = f"台账中“{entry.name}”的党组织编码是{entry.code}，与本行不同"
            faults.append(sheet.fault(row, "code", reason, "请核对党组织编码"))
        return entry

    def _told(self, row: PackedRow, sheet: SheetPlan, faults: list[RowFault]) -> dict[str, Any]:
        told: dict[str, Any] = {"name": row.values["name"], "kind": row.values["kind"]}
        if street := row.values.get("street"):
            told["street_id"] = self.places.street(street)
            if told["street_id"] is None:
                faults.append(unknown_street(row, sheet, street, self.places))
        if parent := row.values.get("parent"):
            above = self.party.named(parent)
            told["parent_id"] = above.key if above else None
            if above is None:
                faults.append(self._parent_fault(row, sheet, parent))
        return told

    def _parent_fault(self, row: PackedRow, sheet: SheetPlan, parent: str) -> RowFault:
        if compact(parent) in self.heard:
            other, _ = self.heard[compact(parent)]
            reason = f"上级党组织“{parent}”所在的第{other.number}行没有采用"
            return sheet.fault(row, "parent", reason, "先改正那一行，本行随之可用")
        reason = f"台账和本次上传中都没有党组织“{parent}”"
        return sheet.fault(row, "parent", reason, "请核对名称，或把上级党组织也列入名册")

    def _reaches(
        self,
        before: dict[str, Any],
        after: dict[str, Any],
        units: dict[int, OrganisationEntry],
    ) -> bool:
        reach = self.plan.reach
        streets = [after["street_id"], *([before["street_id"]] if before else [])]
        is_own = all(reach.holds(street=street) for street in streets)
        return is_own and all(reaches_unit(reach, unit) for unit in units.values())

    def _plan_new(
        self,
        row: PackedRow,
        after: dict[str, Any],
        units: dict[int, OrganisationEntry],
        sheet: SheetPlan,
    ) -> None:
        key, founded = self.plan.new_key(PartyOrganisation), row.values["founded_date"]
        code = row.values.get("code")
        self.plan.add(PartyOrganisation, {"id": key, "code": code, "founded_date": founded})
        entry = PartyEntry(key, after["name"], code, founded, after["parent_id"], self.plan.as_of)
        self.party.add(entry)
        base = {"party_organisation_id": key}
        revisions = [Revision(PartyOrganisationVersion, base, after, since=founded)]
        revisions += [
            Revision(PartyCoverage, base | {"organisation_id": unit}, {}, since=founded)
            for unit in units
        ]
        self.facts.apply([*revisions, *self._secretary(row, key)])
        self.covered[key] = set(units)
        sheet.counts[Outcome.NEW] += 1

    def _plan_known(
        self,
        row: PackedRow,
        entry: PartyEntry,
        after: dict[str, Any],
        units: dict[int, OrganisationEntry],
        sheet: SheetPlan,
    ) -> None:
        base = {"party_organisation_id": entry.key}
        coverages = list(self._coverages(row, entry, units))
        told = [Revision(PartyOrganisationVersion, base, after), *coverages]
        revisions = self.facts.differing([*told, *self._secretary(row, entry.key)])
        identity = self._identity_changes(row, entry)
        changes = [*self._changes(entry, revisions), *identity]
        known_on = self.facts.newest(revisions)
        if identity:
            known_on = max(known_on, entry.known_on)
        if changes and known_on > self.plan.as_of:
            faults = [older(row, sheet, known_on, changes)]
            sheet.put_apart(row, outcome=Outcome.OLDER, faults=faults)
            return
        self._write(row, entry, revisions, bool(identity))
        if "covered" in row.values:
            self.covered[entry.key] = set(units)
        sheet.keep(row, changes=changes)

    def _write(
        self, row: PackedRow, entry: PartyEntry, revisions: list[Revision], is_identity_new: bool
    ) -> None:
        self.facts.apply(revisions)
        if entry.name != row.values["name"]:
            entry.name = row.values["name"]
            self.party.add(entry)
        if is_identity_new and entry.key > 0:
            entry.founded_date = row.values["founded_date"]
            entry.code = row.values.get("code", entry.code)
            values = {"founded_date": entry.founded_date, "code": entry.code}
            self.plan.update(PartyOrganisation, key=entry.key, values=values)

    def _coverages(
        self, row: PackedRow, entry: PartyEntry, units: dict[int, OrganisationEntry]
    ) -> Iterator[Revision]:
        if "covered" not in row.values:
            return
        base = {"party_organisation_id": entry.key}
        for unit in units:
            yield Revision(PartyCoverage, base | {"organisation_id": unit}, {})
        for unit in sorted(self.covered.get(entry.key, set()) - set(units)):
            yield Revision(PartyCoverage, base | {"organisation_id": unit}, None)

    def _secretary(self, row: PackedRow, key: int) -> list[Revision]:
        name = row.values.get("secretary")
        base: dict[str, int | str] = {"party_organisation_id": key, "kind": SECRETARY}
        return [Revision(Post, base, {"person_name": name})] if name else []

    def _identity_changes(self, row: PackedRow, entry: PartyEntry) -> list[Change]:
        founded, code = row.values["founded_date"], row.values.get("code")
        changes = []
        if founded != entry.founded_date:
            changes.append(Change("成立日期", str(entry.founded_date or ""), str(founded)))
        if code and code != entry.code:
            changes.append(Change("党组织编码", entry.code or "", code))
        return changes

    def _changes(self, entry: PartyEntry, revisions: list[Revision]) -> list[Change]:
        changes: list[Change] = []
        joined: list[str] = []
        left: list[str] = []
        for revision in revisions:
            before = self.facts.said(revision.model, *revision.base.values())
            if revision.model is PartyCoverage:
                unit = self.organisations.by_key[int(revision.base["organisation_id"])]
                (left if revision.values is None else joined).append(unit.told[NAME])
            elif revision.model is Post:
                after = (revision.values or {})["person_name"]
                changes.append(Change("书记", before.get("person_name", ""), after))
            else:
                changes += self._version_changes(before, revision.values or {})
        if joined or left:
            changes.append(Change("涵盖单位", _listed("不再涵盖", left), _listed("新涵盖", joined)))
        return changes

    def _version_changes(self, before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
        changes = [
            Change(
                title,
                readable(code, before.get(code), self.places),
                readable(code, after[code], self.places),
            )
            for code, title in TITLES.items()
            if before.get(code) != after[code]
        ]
        if before.get("parent_id") != after["parent_id"]:
            names = [self._name(before.get("parent_id")), self._name(after["parent_id"])]
            changes.append(Change("上级党组织", *names))
        return changes

    def _name(self, key: int | None) -> str:
        return self.party.by_key[key].name if key is not None else ""


def _listed(word: str, names: list[str]) -> str:
    return f"{word}：{'、'.join(names)}" if names else ""
