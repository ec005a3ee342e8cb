"""Taking a list away as a workbook."""

import tempfile
from collections.abc import Iterator, Sequence
from typing import Any, Protocol
from urllib.parse import quote

from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone

from liangxin.kernel import audit
from liangxin.kernel.viewer import Viewer
from liangxin.ui.shown import written
from liangxin.workbook.writing import TableSheet, write_xlsx

CHUNK_ROWS = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CARE = "本表由工作系统导出，仅供经办人工作使用；含有个人信息的，用后请及时删除，不得转传。"


class ExportedColumn(Protocol):
    """What an export needs to know of a column."""

    @property
    def title(self) -> str: ...

    def value(self, row: Any, /) -> object: ...


def workbook_response(
    *,
    viewer: Viewer,
    title: str,
    columns: Sequence[ExportedColumn],
    queryset: QuerySet[Any],
    conditions: Sequence[tuple[str, str]],
) -> FileResponse:
    """Every row of `queryset` as a workbook with a notice sheet; the export is audited."""
    table = TableSheet(
        title=title[:31],
        headers=tuple(column.title for column in columns),
        rows=_rows(queryset, columns),
    )
    return sheets_response(
        (table,), viewer=viewer, title=title, total=queryset.count(), conditions=conditions
    )


def sheets_response(
    sheets: Sequence[TableSheet],
    *,
    viewer: Viewer,
    title: str,
    total: int,
    conditions: Sequence[tuple[str, str]],
) -> FileResponse:
    """Sheets of `total` rows as a workbook with a notice sheet; the export is audited."""
    now = timezone.localtime()
    notice = TableSheet(
        title="说明",
        headers=("项目", "内容"),
        rows=_notice(
            viewer, title=title, total=total, at=f"{now:%Y-%m-%d %H:%M}", conditions=conditions
        ),
    )
    with transaction.atomic():
        audit.record(
            "list.export",
            by=viewer,
            summary=f"导出《{title}》，共 {total} 行",
            details={"list": title, "rows": total, "conditions": [name for name, _ in conditions]},
            changes_ledger=False,
        )
    target = tempfile.TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    write_xlsx(target, (*sheets, notice))
    target.seek(0)
    response = FileResponse(target, content_type=XLSX)
    name = quote(f"{title}_{now:%Y%m%d}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _rows(queryset: QuerySet[Any], columns: Sequence[ExportedColumn]) -> Iterator[tuple[Any, ...]]:
    for row in queryset.iterator(chunk_size=CHUNK_ROWS):
        yield tuple(written(column.value(row)) for column in columns)


def _notice(
    viewer: Viewer, *, title: str, total: int, at: str, conditions: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    return [
        ("名单", title),
        ("行数", str(total)),
        ("导出人", viewer.name or viewer.username),
        ("导出时间", at),
        *[(f"条件：{name}", value) for name, value in conditions],
        ("使用要求", CARE),
    ]
