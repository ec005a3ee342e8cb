"""Mending one rejected row in place: the person types, the row is checked at once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction

from liangxin.intake.actions.cleaned import faulty_row, packed_row
from liangxin.intake.actions.planned import plan_batch
from liangxin.intake.actions.reading_jobs import PLAN, is_busy, start_step
from liangxin.intake.models import Batch, RowPack, SheetReading, StagedRow
from liangxin.intake.queries.batches import row_content
from liangxin.intake.queries.row_packs import packed_rows
from liangxin.intake.queries.source_mapping import stored_recognition
from liangxin.intake.terms import BatchState, Outcome, PackContent
from liangxin.kernel.audit import record
from liangxin.kernel.jobs import JobRefused, Progress
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.workbook.book import Sheet
from liangxin.workbook.cleaning import CleanRow, clean_rows

# Up to here planning anew takes about a second, which a person waits for.
PLANNED_AT_ONCE = 10_000


class NotMendable(JobRefused):
    """The row cannot be mended; the text says why, in Chinese."""


def mend_row(row: StagedRow, *, texts: Mapping[int, str], today: date, by: Viewer) -> bool:
    """Put new texts (by column index) into a rejected row; True where it is good now.

    What is still wrong stands in the row afterwards. The batch is planned anew: other rows may
    have waited for this one.
    """
    require(by, Permission.IMPORT_LISTS)
    sheet = row.sheet
    batch = sheet.upload.batch
    _refuse_settled(batch, row)
    cleaned = _cleaned(row, sheet, texts, today=today)
    with transaction.atomic():
        if cleaned.faults:
            _store_faulty(row, cleaned)
            return False
        _store_mended(sheet, cleaned)
        row.delete()
        sheet.counts["faulty"] = sheet.rows.filter(is_planned=False).count()
        sheet.save(update_fields=["counts"])
        record(
            "intake.mend",
            by=by,
            summary=f"改正{sheet.name}第{row.number}行",
            about=batch,
            changes_ledger=False,
        )
    _plan_anew(batch, by=by)
    return not sheet.rows.filter(number=row.number, outcome=Outcome.REJECTED).exists()


def _refuse_settled(batch: Batch, row: StagedRow) -> None:
    if batch.state != BatchState.DRY or is_busy(batch):
        raise NotMendable(f"这一批现在是“{batch.get_state_display()}”，不能再改。")
    if row.outcome != Outcome.REJECTED:
        raise NotMendable("只有退回的行可以在这里改。")


def _cleaned(
    row: StagedRow, sheet: SheetReading, texts: Mapping[int, str], *, today: date
) -> CleanRow:
    raw = [str(text) for text in row_content(row)["raw"]]
    for index, text in texts.items():
        raw += [""] * (index + 1 - len(raw))
        raw[index] = text
    recognition = replace(stored_recognition(sheet), header_start=0, header_end=0)
    alone = Sheet(sheet.name, ((), tuple(raw)))
    found = next(clean_rows(alone, recognition, today=today), None)
    if found is None:
        raise NotMendable("这样改以后，这一行就不像一条记录了（成了空行、合计或说明）。")
    return replace(found, number=row.number)


def _store_faulty(row: StagedRow, cleaned: CleanRow) -> None:
    fresh = faulty_row(cleaned, reading=row.sheet)
    row.delete()
    fresh.save()


def _store_mended(sheet: SheetReading, cleaned: CleanRow) -> None:
    kind = stored_recognition(sheet).kind
    assert kind is not None
    RowPack.objects.update_or_create(
        sheet=sheet,
        content=PackContent.MENDED,
        position=cleaned.number,
        defaults={"row_count": 1, "sealed": packed_rows([packed_row(cleaned)], kind=kind)},
    )


def _plan_anew(batch: Batch, *, by: Viewer) -> None:
    clean = sum(
        counts.get("clean", 0)
        for counts in SheetReading.objects.filter(upload__batch=batch).values_list(
            "counts", flat=True
        )
    )
    if clean <= PLANNED_AT_ONCE:
        plan_batch(batch, by=by, progress=Progress())
    else:
        start_step(PLAN, batch, by=by)
