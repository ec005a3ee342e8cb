"""Cells that name organisations: one, or several separated by marks."""

from collections.abc import Mapping

from liangxin.intake.queries.ledger_organisations import (
    INDUSTRY,
    SITE,
    STREET,
    OrganisationEntry,
    Organisations,
)
from liangxin.intake.queries.plan import RowFault, SheetPlan
from liangxin.intake.queries.reach import Reach
from liangxin.intake.queries.row_packs import PackedRow
from liangxin.standards.industries import section_of
from liangxin.workbook.cells import compact


def named_unit(
    row: PackedRow,
    sheet: SheetPlan,
    faults: list[RowFault],
    *,
    code: str,
    text: str,
    organisations: Organisations,
    apart: Mapping[str, tuple[str, int]],
) -> OrganisationEntry | None:
    """The organisation a cell means; where there is none or more than one, a fault of the row."""
    found = organisations.unit(text)
    if len(found) == 1:
        return found[0]
    if found:
        reason = f"台账中有{len(found)}家单位叫“{text}”，不能确定是哪一家"
        mend = "请改填统一社会信用代码"
    elif compact(text) in apart:
        sheet_name, number = apart[compact(text)]
        reason = f"“{text}”在“{sheet_name}”第{number}行，那一行没有采用"
        mend = "先改正那一行，本行随之可用"
    else:
        reason = f"台账和本次上传的名单中都没有“{text}”"
        mend = "请核对名称（要与登记的全称一致），或先上传这家单位所在的名单"
    faults.append(sheet.fault(row, code, reason, mend))
    return None


def named_units(
    row: PackedRow,
    sheet: SheetPlan,
    faults: list[RowFault],
    *,
    code: str,
    organisations: Organisations,
    apart: Mapping[str, tuple[str, int]],
) -> dict[int, OrganisationEntry]:
    """The organisations that a cell lists, by key, in its order; a fault for each that is unclear."""
    found = (
        named_unit(
            row, sheet, faults, code=code, text=text, organisations=organisations, apart=apart
        )
        for text in row.values.get(code, ())
    )
    return {entry.key: entry for entry in found if entry is not None}


def reaches_unit(reach: Reach, entry: OrganisationEntry) -> bool:
    """Whether the uploader may write facts about this organisation."""
    industry = entry.told[INDUSTRY]
    return reach.holds(
        street=entry.told[STREET],
        site=entry.told[SITE],
        industry=industry,
        section=section_of(industry) if industry else "",
    )
