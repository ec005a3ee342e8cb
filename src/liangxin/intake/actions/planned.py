"""Storing what a plan says of each row, so that people can review it before they commit."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict

from liangxin.intake.actions.cleaned import ROWS_PER_WRITE, portions
from liangxin.intake.actions.reading_jobs import OPEN
from liangxin.intake.models import Batch, RowPack, StagedRow
from liangxin.intake.queries.plan import SetApart, SheetPlan
from liangxin.intake.queries.planned_batch import PlannedBatch, planned_batch
from liangxin.intake.queries.row_packs import ROWS_PER_PACK, sealed_json
from liangxin.intake.terms import BatchState, Outcome, PackContent
from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import Viewer
from liangxin.standards.masking import mask_numbers

MAX_COLUMNS = 200


def plan_batch(batch: Batch, *, by: Viewer, progress: Progress) -> Batch:
    """Plan the batch against the ledger of this moment and store what a commit would do."""
    planned = planned_batch(batch, by=by, progress=progress)
    store_plan(batch, planned)
    return settle_reading(batch)


def store_plan(batch: Batch, planned: PlannedBatch) -> None:
    """Replace what an earlier plan said of the batch's rows by what this one says."""
    forget_plan(batch)
    totals: Counter[str] = Counter()
    for sheet in planned.plan.sheets:
        _store_sheet_plan(sheet)
        totals.update({outcome: sheet.sheet.counts.get(outcome, 0) for outcome in Outcome.values})
    batch.counts = dict(totals)
    batch.save(update_fields=["counts"])


def forget_plan(batch: Batch) -> None:
    """Remove what an earlier plan said of the batch's rows."""
    StagedRow.objects.filter(sheet__upload__batch=batch, is_planned=True).delete()
    RowPack.objects.filter(sheet__upload__batch=batch, content=PackContent.CHANGES).delete()


def settle_reading(batch: Batch) -> Batch:
    """Move the batch from reading to dry, or to failed where no file could be read."""
    is_readable = batch.uploads.filter(reason="").exists()
    # Only one that is still open: a commit that ended meanwhile must stand.
    Batch.objects.filter(pk=batch.pk, state__in=OPEN).update(
        state=BatchState.DRY if is_readable else BatchState.FAILED
    )
    batch.refresh_from_db(fields=["state"])
    return batch


def _store_sheet_plan(sheet: SheetPlan) -> None:
    for portion in portions(sheet.set_apart, size=ROWS_PER_WRITE):
        StagedRow.objects.bulk_create(_staged(portion, sheet))
    changes = list(portions(sheet.changed, size=ROWS_PER_PACK))
    RowPack.objects.bulk_create(
        [
            RowPack(
                sheet=sheet.sheet,
                content=PackContent.CHANGES,
                position=position,
                row_count=len(portion),
                sealed=sealed_json([asdict(changed) for changed in portion]),
            )
            for position, portion in enumerate(changes)
        ],
        batch_size=20,
    )
    counts = {key: sheet.sheet.counts.get(key, 0) for key in ("clean", "faulty")}
    planned = {outcome.value: sheet.counts[outcome] for outcome in Outcome}
    planned[Outcome.REJECTED] += counts["faulty"]
    sheet.sheet.counts = counts | planned
    sheet.sheet.save(update_fields=["counts"])


def _staged(rows: Iterable[SetApart], sheet: SheetPlan) -> list[StagedRow]:
    return [
        StagedRow(
            sheet=sheet.sheet,
            number=apart.row.number,
            outcome=apart.outcome,
            label=mask_numbers(apart.label),
            columns_text=mask_numbers("、".join(fault.header for fault in apart.faults))[
                :MAX_COLUMNS
            ],
            reasons=mask_numbers("；".join(fault.reason for fault in apart.faults)),
            is_planned=True,
            sealed=sealed_json(
                {
                    "faults": [asdict(fault) for fault in apart.faults],
                    "raw": apart.row.raw,
                    "values": apart.row.values,
                }
            ),
        )
        for apart in rows
    ]
