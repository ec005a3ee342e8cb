"""Planning persons: found by ID number, their telephone number changed in place."""

from typing import Any

from liangxin.intake.queries.ledger_people import People, PersonEntry
from liangxin.intake.queries.plan import Change, Plan, RowFault, SheetPlan
from liangxin.intake.queries.row_packs import PackedRow
from liangxin.kernel.encryption import blind_index
from liangxin.registry.models import Person
from liangxin.standards.id_number import sex as sex_of
from liangxin.standards.phone import mask_phone
from liangxin.workbook.cells import compact


def other_name_fault(
    row: PackedRow, sheet: SheetPlan, entry: PersonEntry | None
) -> RowFault | None:
    """The fault of an ID number that the ledger knows under another name."""
    if entry is None or compact(entry.name) == compact(row.values["name"]):
        return None
    return sheet.fault(
        row,
        "id_number",
        "这个身份证号在台账中登记的是另一个姓名",
        "请核对身份证号；确属改名的，请先在台账中改正姓名",
    )


def phone_change(row: PackedRow, entry: PersonEntry | None) -> list[Change]:
    """The change of telephone number that a row tells, masked."""
    phone = row.values.get("phone")
    if entry is None or not phone or phone == entry.phone:
        return []
    return [Change("联系电话", mask_phone(entry.phone), mask_phone(phone))]


def written_person(
    row: PackedRow, entry: PersonEntry | None, *, plan: Plan, people: People
) -> PersonEntry:
    """The person of a row, planned where new, with the telephone number the row tells."""
    if entry is None:
        return _new_person(row, plan=plan, people=people)
    if phone_change(row, entry):
        entry.phone = row.values["phone"]
        _write_phone(entry, plan)
    return entry


def _new_person(row: PackedRow, *, plan: Plan, people: People) -> PersonEntry:
    id_number = row.values.get("id_number", "")
    values: dict[str, Any] = {
        "id": plan.new_key(Person),
        "name": row.values["name"],
        "id_number": id_number,
        "id_index": blind_index(id_number),
        "phone": row.values.get("phone", ""),
        "sex": sex_of(id_number) if id_number else "",
    }
    plan.add(Person, values)
    entry = PersonEntry(values["id"], values["name"], values["phone"], values["sex"], plan.as_of)
    if id_number:
        people.add(entry, id_number=id_number)
    else:
        people.add_guide(entry)
    return entry


def _write_phone(entry: PersonEntry, plan: Plan) -> None:
    if entry.key > 0:
        plan.update(Person, key=entry.key, values={"phone": entry.phone})
        return
    for draft in plan.drafts:
        if draft.model is Person and draft.values["id"] == entry.key:
            draft.values["phone"] = entry.phone
