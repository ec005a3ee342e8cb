"""Batches that a viewer may see, and what their pages show."""

from collections.abc import Iterator, Sequence
from typing import Any, overload

from django.db.models import Count, QuerySet, Sum

from liangxin.intake.models import Batch, ColumnChoice, RowPack, SheetReading, StagedRow
from liangxin.intake.queries.row_packs import opened_json
from liangxin.intake.terms import PackContent
from liangxin.kernel.viewer import Viewer

SUGGESTED_SOURCES = (
    "市场监管局",
    "民政局",
    "税务局",
    "人社局（社保）",
    "区委组织部",
    "总工会",
    "团区委",
)
SAMPLES = 3


def batches(viewer: Viewer) -> QuerySet[Batch]:
    """The batches the viewer may open, newest first: the district's all, an officer's own."""
    found = Batch.objects.select_related("created_by", "job").annotate(file_count=Count("uploads"))
    if viewer.sees_district():
        return found.order_by("-id")
    return found.filter(created_by_id=viewer.user_id).order_by("-id")


def suggested_sources(viewer: Viewer) -> list[str]:
    """Sources of the batches the viewer may open, the most recent first, then the usual ones."""
    used = batches(viewer).values_list("source", flat=True)[:100]
    return list(dict.fromkeys([*used, *SUGGESTED_SOURCES]))


def rows_set_apart(batch: Batch) -> QuerySet[StagedRow]:
    """Rows of the batch that will not be written, in the order of files, sheets and rows."""
    return (
        StagedRow.objects.filter(sheet__upload__batch=batch)
        .select_related("sheet__upload__batch")
        .order_by("sheet__upload_id", "sheet__position", "number")
    )


def sheet_readings(batch: Batch) -> QuerySet[SheetReading]:
    """The sheets of the batch, with their files."""
    found = SheetReading.objects.filter(upload__batch=batch).select_related("upload")
    return found.order_by("upload_id", "position")


def row_content(row: StagedRow) -> dict[str, Any]:
    """The faults, texts and values of a row, opened once."""
    found: dict[str, Any] | None = row.__dict__.get("_content")
    if found is None:
        found = opened_json(row.sealed)
        row.__dict__["_content"] = found
    return found


class ChangedRows(Sequence[dict[str, Any]]):
    """The rows of a batch that change the ledger; opens only the packs that a page needs."""

    def __init__(self, batch: Batch) -> None:
        self._packs = RowPack.objects.filter(
            sheet__upload__batch=batch, content=PackContent.CHANGES
        ).order_by("sheet_id", "position")

    def __len__(self) -> int:
        return self._packs.aggregate(rows=Sum("row_count"))["rows"] or 0

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...

    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        if isinstance(index, int):
            return self[index : index + 1][0]
        return list(
            self._between(index.start or 0, len(self) if index.stop is None else index.stop)
        )

    def _between(self, start: int, stop: int) -> Iterator[dict[str, Any]]:
        before = 0
        sizes = list(self._packs.values_list("pk", "row_count", "sheet__name"))
        for key, size, sheet in sizes:
            if before < stop and before + size > start:
                rows = opened_json(RowPack.objects.values_list("sealed", flat=True).get(pk=key))
                for row in rows[max(0, start - before) : stop - before]:
                    yield {**row, "sheet": sheet}
            before += size


def sample_texts(sheet: SheetReading) -> list[list[str]]:
    """A few rows of a sheet as they came, so that people see what a column holds."""
    pack = sheet.packs.filter(content=PackContent.ROWS).order_by("position").first()
    if pack is not None:
        return [row[2] for row in opened_json(pack.sealed)[:SAMPLES]]
    return [row_content(row)["raw"] for row in sheet.rows.order_by("number")[:SAMPLES]]


def column_choices_of(source: str) -> QuerySet[ColumnChoice]:
    """What people chose for the columns of a source."""
    return ColumnChoice.objects.filter(source=source).order_by("kind", "header")
