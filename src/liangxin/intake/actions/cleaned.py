"""Storing the rows of one sheet: clean ones packed, faulty ones a row each."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import timezone

from liangxin.intake.models import RowPack, SheetReading, StagedRow, Upload
from liangxin.intake.queries.row_packs import (
    ROWS_PER_PACK,
    PackedRow,
    packed_rows,
    sealed_json,
)
from liangxin.intake.queries.source_mapping import column_records
from liangxin.intake.terms import Outcome, PackContent
from liangxin.kernel.jobs import Progress
from liangxin.standards.masking import mask_numbers
from liangxin.workbook.book import Sheet
from liangxin.workbook.cleaning import CleanRow, clean_rows
from liangxin.workbook.kinds import ListKind
from liangxin.workbook.recognising import Recognition

PACKS_PER_WRITE = 8
ROWS_PER_WRITE = 1000
MAX_LABEL = 200


def store_sheet(
    sheet: Sheet, *, recognition: Recognition, upload: Upload, position: int, progress: Progress
) -> SheetReading:
    """Store how a sheet reads and all of its rows; an unusable one keeps only its problems."""
    reading = SheetReading.objects.create(
        upload=upload,
        position=position,
        name=sheet.name[:120],
        kind=recognition.kind.code if recognition.kind else "",
        header_start=recognition.header_start,
        header_end=recognition.header_end,
        columns=column_records(recognition),
        problems=[
            asdict(problem) | {"message": mask_numbers(problem.message)}
            for problem in recognition.problems
        ],
        is_hidden=sheet.hidden,
    )
    if recognition.is_usable and recognition.kind is not None:
        _store_rows(sheet, recognition, reading, progress)
    return reading


def _store_rows(
    sheet: Sheet, recognition: Recognition, reading: SheetReading, progress: Progress
) -> None:
    assert recognition.kind is not None
    store = RowStore(reading, recognition.kind)
    total = len(sheet.rows)
    for row in clean_rows(sheet, recognition, today=timezone.localdate()):
        store.add(row)
        progress.step(row.number, total, f"整理 {sheet.name}")
    store.finish()


@dataclass
class RowStore:
    """Collects cleaned rows of a sheet and writes them in portions, each a short transaction."""

    reading: SheetReading
    kind: ListKind
    clean: list[PackedRow] = field(default_factory=list)
    packs: list[RowPack] = field(default_factory=list)
    faulty: list[StagedRow] = field(default_factory=list)
    clean_count: int = 0
    faulty_count: int = 0
    position: int = 0

    def add(self, row: CleanRow) -> None:
        """Take one more row."""
        if row.faults:
            self.faulty.append(faulty_row(row, reading=self.reading))
            self.faulty_count += 1
        else:
            self.clean.append(packed_row(row))
            self.clean_count += 1
        if len(self.clean) >= ROWS_PER_PACK:
            self._pack()
        if len(self.faulty) >= ROWS_PER_WRITE:
            self._write()

    def finish(self) -> None:
        """Write what is left, and the counts."""
        self._pack()
        self._write()
        self.reading.counts = {"clean": self.clean_count, "faulty": self.faulty_count}
        self.reading.save(update_fields=["counts"])

    def _pack(self) -> None:
        if self.clean:
            self.packs.append(self._row_pack())
            self.clean = []
            self.position += 1
        if len(self.packs) >= PACKS_PER_WRITE:
            self._write()

    def _row_pack(self) -> RowPack:
        return RowPack(
            sheet=self.reading,
            content=PackContent.ROWS,
            position=self.position,
            row_count=len(self.clean),
            sealed=packed_rows(self.clean, kind=self.kind),
        )

    def _write(self) -> None:
        RowPack.objects.bulk_create(self.packs)
        StagedRow.objects.bulk_create(self.faulty)
        self.packs, self.faulty = [], []


def packed_row(row: CleanRow) -> PackedRow:
    """A clean row without its blank values."""
    values = {code: value for code, value in row.values.items() if not is_blank_value(value)}
    return PackedRow(row.number, values, row.raw)


def is_blank_value(value: Any) -> bool:
    """Whether a list tells nothing with this value (False and 0 are told)."""
    return value is None or value == "" or value == ()


def faulty_row(row: CleanRow, *, reading: SheetReading) -> StagedRow:
    """A row that cleaning found wrong, ready to store."""
    faults = [asdict(fault) for fault in row.faults]
    content = {"faults": faults, "raw": row.raw, "values": row.values}
    return StagedRow(
        sheet=reading,
        number=row.number,
        outcome=Outcome.REJECTED,
        # Columns that were mixed up put numbers where names are expected.
        label=mask_numbers(str(row.values.get("name") or ""))[:MAX_LABEL],
        columns_text=mask_numbers("、".join(dict.fromkeys(fault["header"] for fault in faults)))[
            :200
        ],
        reasons=mask_numbers("；".join(fault["reason"] for fault in faults)),
        is_planned=False,
        sealed=sealed_json(content),
    )


def portions(items: list[Any], *, size: int) -> Iterator[list[Any]]:
    """`items` in runs of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
