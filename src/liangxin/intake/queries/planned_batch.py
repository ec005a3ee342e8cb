"""The plan of a whole batch: its sheets in the order in which lists refer to one another."""

from functools import cached_property
from itertools import groupby
from typing import Protocol

from liangxin.intake.models import Batch, SheetReading
from liangxin.intake.queries.facts import Facts
from liangxin.intake.queries.ledger_organisations import Organisations
from liangxin.intake.queries.ledger_party import PartyOrganisations
from liangxin.intake.queries.ledger_people import People
from liangxin.intake.queries.ledger_places import Places
from liangxin.intake.queries.plan import Plan, SheetPlan
from liangxin.intake.queries.plan_instructors import InstructorPlanner
from liangxin.intake.queries.plan_mass import MassPlanner
from liangxin.intake.queries.plan_members import MemberPlanner
from liangxin.intake.queries.plan_organisations import OrganisationPlanner
from liangxin.intake.queries.plan_party import PartyPlanner
from liangxin.intake.queries.plan_sites import SitePlanner
from liangxin.intake.queries.reach import reach_of
from liangxin.intake.queries.row_packs import PackedRow, staged_rows
from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import Viewer
from liangxin.workbook.cells import compact
from liangxin.workbook.kinds import KINDS, kind

REPORT_EVERY = 1000
UNIT_KINDS = ("enterprises", "social_organisations")


class RowPlanner(Protocol):
    """Plans the rows of one kind of list."""

    def plan_row(self, row: PackedRow, sheet: SheetPlan) -> None:
        """Decide what becomes of one row."""


class PlannedBatch:
    """A plan with the ledger it was made against; what no sheet asks for is not read."""

    def __init__(self, batch: Batch, *, by: Viewer) -> None:
        self.plan = Plan(as_of=batch.as_of_date, reach=reach_of(by))
        self.facts = Facts(self.plan)
        self._planners: dict[str, RowPlanner] = {}

    @cached_property
    def places(self) -> Places:
        return Places()

    @cached_property
    def organisations(self) -> Organisations:
        return Organisations()

    @cached_property
    def party(self) -> PartyOrganisations:
        return PartyOrganisations()

    @cached_property
    def people(self) -> People:
        return People()

    @cached_property
    def organisation_planner(self) -> OrganisationPlanner:
        return OrganisationPlanner(self.plan, places=self.places, organisations=self.organisations)

    def planner(self, kind_code: str) -> RowPlanner:
        """The planner of a kind of list, one for all of its sheets."""
        if kind_code not in self._planners:
            self._planners[kind_code] = self._new_planner(kind_code)
        return self._planners[kind_code]

    def _new_planner(self, kind_code: str) -> RowPlanner:
        match kind_code:
            case "sites":
                return SitePlanner(self.plan, places=self.places)
            case "enterprises" | "social_organisations":
                return self.organisation_planner
            case "party_organisations":
                return PartyPlanner(
                    self.plan,
                    places=self.places,
                    organisations=self.organisations,
                    party=self.party,
                    facts=self.facts,
                )
            case "members":
                return MemberPlanner(
                    self.plan,
                    organisations=self.organisations,
                    party=self.party,
                    people=self.people,
                    facts=self.facts,
                )
            case "instructors":
                return InstructorPlanner(
                    self.plan,
                    organisations=self.organisations,
                    people=self.people,
                    facts=self.facts,
                )
            case _:
                return MassPlanner(self.plan, organisations=self.organisations, facts=self.facts)


def planned_batch(batch: Batch, *, by: Viewer, progress: Progress) -> PlannedBatch:
    """Plan every row of the batch against the ledger as it stands now."""
    planned = PlannedBatch(batch, by=by)
    sheets = ordered_sheets(batch)
    total = sum(sheet.counts.get("clean", 0) for sheet in sheets)
    done = 0
    for kind_code, same_kind in groupby(sheets, key=lambda sheet: sheet.kind):
        planner = planned.planner(kind_code)
        for sheet in same_kind:
            sheet_plan = SheetPlan(sheet=sheet, kind=kind(kind_code))
            planned.plan.sheets.append(sheet_plan)
            for row in staged_rows(sheet, kind=sheet_plan.kind):
                planner.plan_row(row, sheet_plan)
                done += 1
                if done % REPORT_EVERY == 0:
                    progress.step(done, total, "对照台账")
        if isinstance(planner, PartyPlanner):
            planner.plan_heard()
        if isinstance(planner, OrganisationPlanner):
            _note_units_apart(planned.plan)
    return planned


def _note_units_apart(plan: Plan) -> None:
    """Remember which organisations are in the upload but not taken: rows that name them say so."""
    for sheet in plan.sheets:
        if sheet.kind.code not in UNIT_KINDS:
            continue
        faulty = sheet.sheet.rows.filter(is_planned=False).values_list("label", "number")
        planned = ((apart.label, apart.row.number) for apart in sheet.set_apart)
        for label, number in (*faulty, *planned):
            plan.units_apart.setdefault(compact(label), (sheet.sheet.name, number))


def ordered_sheets(batch: Batch) -> list[SheetReading]:
    """The sheets whose kind is known: what others refer to comes first, then as uploaded."""
    order = {known.code: place for place, known in enumerate(KINDS)}
    sheets = SheetReading.objects.filter(upload__batch=batch).exclude(kind="")
    return sorted(sheets, key=lambda sheet: (order[sheet.kind], sheet.upload_id, sheet.position))
