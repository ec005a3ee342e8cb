"""Settling what a sheet is and what its columns mean; remembered for the source."""

from collections.abc import Mapping

from django.db import transaction

from liangxin.intake.actions.reading_jobs import read_again
from liangxin.intake.models import Batch, ColumnChoice, SheetReading
from liangxin.kernel.audit import record
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.workbook.cells import compact
from liangxin.workbook.recognising import header_key


def choose_columns(
    sheet: SheetReading, *, kind_code: str, codes: Mapping[int, str], by: Viewer
) -> Batch:
    """Remember the kind of a sheet and a column code ('' for none) per column index; read again.

    Where the kind is another than before, its columns are recognised afresh and `codes` not used.
    """
    require(by, Permission.IMPORT_LISTS)
    batch = sheet.upload.batch
    with transaction.atomic():
        _remember(batch.source, kind="", header=compact(sheet.name), code=kind_code)
        if kind_code == sheet.kind:
            for column in sheet.columns:
                code = codes.get(column["index"], column["code"] or "")
                if code != (column["code"] or ""):
                    key = header_key(column["header"])
                    _remember(batch.source, kind=kind_code, header=key, code=code)
        record(
            "intake.columns",
            by=by,
            summary=f"调整列的对应：{sheet.name}",
            about=batch,
            changes_ledger=False,
        )
        return read_again(batch, by=by)


def _remember(source: str, *, kind: str, header: str, code: str) -> None:
    ColumnChoice.objects.update_or_create(
        source=source, kind=kind, header=header[:200], defaults={"code": code}
    )
