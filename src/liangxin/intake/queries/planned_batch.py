"""The plan of a whole batch: its sheets in the order in which lists refer to one another."""

from liangxin.intake.models import Batch, SheetReading
from liangxin.intake.queries.ledger_organisations import Organisations
from liangxin.intake.queries.ledger_places import Places
from liangxin.intake.queries.plan import Plan, SheetPlan
from liangxin.intake.queries.plan_organisations import OrganisationPlanner
from liangxin.intake.queries.reach import reach_of
from liangxin.intake.queries.row_packs import staged_rows
from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import Viewer
from liangxin.workbook.kinds import KINDS, kind

REPORT_EVERY = 1000


class PlannedBatch:
    """A plan with the ledger it was made against."""

    def __init__(self, batch: Batch, *, by: Viewer) -> None:
        self.plan = Plan(as_of=batch.as_of_date, reach=reach_of(by))
        self.places = Places()
        self.organisations = Organisations()


def planned_batch(batch: Batch, *, by: Viewer, progress: Progress) -> PlannedBatch:
    """Plan every row of the batch against the ledger as it stands now."""
    planned = PlannedBatch(batch, by=by)
    organisations = OrganisationPlanner(
        planned.plan, places=planned.places, organisations=planned.organisations
    )
    planners = {"enterprises": organisations, "social_organisations": organisations}
    sheets = ordered_sheets(batch)
    total = sum(sheet.counts.get("clean", 0) for sheet in sheets)
    done = 0
    for sheet in sheets:
        sheet_plan = SheetPlan(sheet=sheet, kind=kind(sheet.kind))
        planned.plan.sheets.append(sheet_plan)
        planner = planners[sheet.kind]
        for row in staged_rows(sheet, kind=sheet_plan.kind):
            planner.plan_row(row, sheet_plan)
            done += 1
            if done % REPORT_EVERY == 0:
                progress.step(done, total, "对照台账")
    return planned


def ordered_sheets(batch: Batch) -> list[SheetReading]:
    """The sheets whose kind is known: what others refer to comes first, then as uploaded."""
    order = {known.code: place for place, known in enumerate(KINDS)}
    sheets = SheetReading.objects.filter(upload__batch=batch).exclude(kind="")
    return sorted(sheets, key=lambda sheet: (order[sheet.kind], sheet.upload_id, sheet.position))
