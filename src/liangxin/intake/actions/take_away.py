"""Rejected rows as a workbook: mended there, it can be uploaded as it is."""

from collections.abc import Iterator
from typing import BinaryIO

from liangxin.intake.models import Batch, SheetReading
from liangxin.intake.queries.batches import row_content, sheet_readings
from liangxin.intake.queries.source_mapping import stored_recognition
from liangxin.intake.terms import SET_APART
from liangxin.kernel.audit import record
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.workbook.cleaning import Fault
from liangxin.workbook.rejected_rows import (
    RejectedRow,
    RejectedSheet,
    rejected_sheet,
    rejected_workbook,
)


def written_rejected_rows(batch: Batch, *, target: BinaryIO, by: Viewer) -> int:
    """Write the rows set apart into `target` as a workbook; returns how many. Audited."""
    require(by, Permission.IMPORT_LISTS)
    sheets = [sheet for sheet in sheet_readings(batch) if _apart(sheet)]
    rejected_workbook(target, (_rejected_sheet(sheet) for sheet in sheets))
    total = sum(_apart(sheet) for sheet in sheets)
    summary = f"下载退回的行：第{batch.pk}批，共{total}行"
    details = {"rows": total}
    record(
        "intake.take_away",
        by=by,
        summary=summary,
        about=batch,
        details=details,
        changes_ledger=False,
    )
    return total


def _apart(sheet: SheetReading) -> int:
    return sum(sheet.counts.get(outcome.value, 0) for outcome in SET_APART)


def _rejected_sheet(sheet: SheetReading) -> RejectedSheet:
    return rejected_sheet(stored_recognition(sheet), rows=_rows(sheet))


def _rows(sheet: SheetReading) -> Iterator[RejectedRow]:
    for row in sheet.rows.order_by("number").iterator(chunk_size=500):
        content = row_content(row)
        faults = tuple(Fault(**fault) for fault in content["faults"])
        yield RejectedRow(row.number, content["raw"], faults)
