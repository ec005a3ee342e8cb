"""What happened to every file and sheet of a batch, as the command line prints it."""

from typing import Any

from liangxin.intake.models import Batch, SheetReading, StagedRow, Upload
from liangxin.intake.queries.row_packs import opened_json
from liangxin.intake.terms import Outcome


def batch_report(batch: Batch) -> dict[str, Any]:
    """Files and sheets of the batch with kind, counts, problems, and every row set apart."""
    batch.refresh_from_db()
    return {
        "batch": batch.pk,
        "source": batch.source,
        "as_of": batch.as_of_date.isoformat(),
        "state": batch.state,
        "state_title": batch.get_state_display(),
        "counts": batch.counts,
        "files": [_file(upload) for upload in batch.uploads.order_by("id")],
    }


def _file(upload: Upload) -> dict[str, Any]:
    return {
        "file": upload.file_name,
        "error": f"{upload.reason}。{upload.mend}" if upload.reason else "",
        "notice": upload.notice,
        "sheets": [_sheet(sheet) for sheet in upload.sheets.order_by("position")],
    }


def _sheet(sheet: SheetReading) -> dict[str, Any]:
    apart = list(sheet.rows.order_by("number", "id"))
    return {
        "sheet": sheet.name,
        "kind": sheet.kind,
        "kind_title": sheet.kind_title,
        "counts": {outcome: sheet.counts.get(outcome, 0) for outcome in Outcome.values},
        "problems": [problem_text(problem) for problem in sheet.problems],
        "rejected": _rows(apart, Outcome.REJECTED),
        "older": _rows(apart, Outcome.OLDER),
        "out_of_scope": _rows(apart, Outcome.OUT_OF_SCOPE),
    }


def problem_text(problem: dict[str, Any]) -> str:
    """A problem of a sheet with its mend, as one sentence."""
    return f"{problem['message']}。{problem['mend']}"


def _rows(rows: list[StagedRow], outcome: Outcome) -> list[dict[str, Any]]:
    return [
        {"row": row.number, "faults": opened_json(row.sealed)["faults"]}
        for row in rows
        if row.outcome == outcome
    ]
