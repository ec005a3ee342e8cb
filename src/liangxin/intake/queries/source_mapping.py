"""How a sheet of a source reads, with the column choices that people made before."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from liangxin.intake.models import ColumnChoice, SheetReading
from liangxin.standards.masking import mask_numbers
from liangxin.workbook.book import Sheet
from liangxin.workbook.cells import compact
from liangxin.workbook.kinds import kind
from liangxin.workbook.recognising import ColumnMatch, Recognition, recognise


def source_mapping(source: str, *, kind_code: str) -> dict[str, str | None]:
    """Compacted headers to column codes, None for a column to be left out."""
    choices = ColumnChoice.objects.filter(source=source, kind=kind_code)
    return {choice.header: choice.code or None for choice in choices}


def chosen_kind(source: str, *, sheet_name: str) -> str | None:
    """The kind of list that somebody settled for sheets of this name from this source."""
    choice = ColumnChoice.objects.filter(source=source, kind="", header=compact(sheet_name))
    return choice.values_list("code", flat=True).first() or None


def recognised(sheet: Sheet, *, source: str) -> Recognition:
    """The sheet as it reads best; choices remembered for the source go before every guess."""
    kind_code = chosen_kind(source, sheet_name=sheet.name)
    first = recognise(sheet, kind_code=kind_code)
    if first.kind is None:
        return first
    mapping = source_mapping(source, kind_code=first.kind.code)
    if not mapping:
        return first
    return recognise(sheet, mapping=mapping, kind_code=first.kind.code)


def column_records(recognition: Recognition) -> list[dict[str, Any]]:
    """The columns of a recognition as SheetReading keeps them."""
    # A row taken for the header may hold anything: no number is kept in plain.
    return [
        {**asdict(column), "header": mask_numbers(column.header), "scale": str(column.scale)}
        for column in recognition.columns
    ]


def stored_recognition(reading: SheetReading) -> Recognition:
    """The recognition that a SheetReading keeps, without its problems."""
    columns = tuple(
        ColumnMatch(**{**column, "scale": Decimal(column["scale"])}) for column in reading.columns
    )
    return Recognition(
        kind(reading.kind) if reading.kind else None,
        reading.header_start,
        reading.header_end,
        columns,
        (),
    )
