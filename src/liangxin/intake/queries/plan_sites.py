"""Planning rows of site lists: found by name in their street, changed in place."""

from typing import Any

from liangxin.intake.queries.ledger_places import Places, SiteEntry
from liangxin.intake.queries.plan import Change, Plan, SheetPlan
from liangxin.intake.queries.plan_organisations import older, out_of_scope, unknown_street
from liangxin.intake.queries.positions import told_position
from liangxin.intake.queries.readable import readable
from liangxin.intake.queries.row_packs import PackedRow
from liangxin.intake.terms import Outcome
from liangxin.registry.models import Site
from liangxin.registry.terms import SiteKind

TITLES = {"kind": "类型", "address": "地址", "lon": "经度", "lat": "纬度"}
NOTHING_TOLD = {"kind": SiteKind.BUILDING.value, "address": "", "lon": None, "lat": None}


class SitePlanner:
    """Plans the rows of site sheets against ledger and plan."""

    def __init__(self, plan: Plan, *, places: Places) -> None:
        self.plan = plan
        self.places = places

    def plan_row(self, row: PackedRow, sheet: SheetPlan) -> None:
        """Decide what becomes of one row, and remember what it would write."""
        text = row.values["street"]
        street = self.places.street(text)
        if street is None:
            sheet.reject(row, [unknown_street(row, sheet, text, self.places)])
            return
        name = row.values["name"]
        entry = self.places.site(name, street=street)
        repeated = sheet.repeated(row, key=(street, entry.name if entry else name), code="name")
        if repeated:
            sheet.reject(row, [repeated])
        elif not self.plan.reach.holds(street=street, site=entry.key if entry else None):
            sheet.put_apart(row, outcome=Outcome.OUT_OF_SCOPE, faults=[out_of_scope(row, sheet)])
        elif entry is None:
            self._plan_new(row, street, sheet)
        else:
            self._plan_known(row, entry, sheet)

    def _plan_new(self, row: PackedRow, street: int, sheet: SheetPlan) -> None:
        values = NOTHING_TOLD | self._told(row)
        key = self.plan.new_key(Site)
        name = row.values["name"]
        self.plan.add(Site, {"id": key, "name": name, "street_id": street, **values})
        self.places.add_site(SiteEntry(key, name, street, values, self.plan.as_of))
        sheet.counts[Outcome.NEW] += 1

    def _plan_known(self, row: PackedRow, entry: SiteEntry, sheet: SheetPlan) -> None:
        after = entry.values | self._told(row)
        changes = [
            Change(
                title,
                readable(code, entry.values[code], self.places),
                readable(code, after[code], self.places),
            )
            for code, title in TITLES.items()
            if entry.values[code] != after[code]
        ]
        if changes and self.plan.as_of < entry.known_on:
            faults = [older(row, sheet, entry.known_on, changes)]
            sheet.put_apart(row, outcome=Outcome.OLDER, faults=faults)
            return
        if changes:
            entry.values = after
            self._write(entry)
        sheet.keep(row, changes=changes)

    def _write(self, entry: SiteEntry) -> None:
        if entry.key > 0:
            self.plan.update(Site, key=entry.key, values=entry.values)
            return
        for draft in self.plan.drafts:
            if draft.model is Site and draft.values["id"] == entry.key:
                draft.values.update(entry.values)

    def _told(self, row: PackedRow) -> dict[str, Any]:
        told = {code: row.values[code] for code in ("kind", "address") if code in row.values}
        return told | told_position(row.values)
