"""Who a form is about: found by ID number or new, and what is corrected of them."""

from dataclasses import dataclass, replace
from datetime import date

from liangxin.kernel.encryption import blind_index
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.form_refusals import (
    AlreadyMember,
    OtherName,
    PersonOfOthers,
)
from liangxin.registry.models import Person, Provenance
from liangxin.registry.queries.keeping import is_person_of_others
from liangxin.registry.queries.merged import surviving_person
from liangxin.standards.id_number import sex as sex_of
from liangxin.workbook.cells import compact


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """Cleaned facts of somebody; '' for a number that is not known, or that stays what it was."""

    name: str
    id_number: str = ""
    phone: str = ""
    sex: str = ""


def person_of(facts: PersonFacts, *, by: Viewer, told: Provenance, today: date) -> Person:
    """The person of the ID number, else a new one; raises PersonOfOthers, OtherName."""
    index = blind_index(facts.id_number)
    # The number may stand with a record that was merged into another: that other is meant.
    known = Person.objects.filter(id_index=index).first() if index else None
    if known is None:
        sex = facts.sex or (sex_of(facts.id_number) if facts.id_number else "")
        return Person.objects.create(
            name=facts.name,
            id_number=facts.id_number,
            id_index=index,
            phone=facts.phone,
            sex=sex,
            provenance=told,
        )
    held = Person.objects.select_for_update().get(pk=surviving_person(known.pk))
    # First of all: that a number stands under another name is not told of another street's people.
    if is_person_of_others(by, held, at=today):
        raise PersonOfOthers("这个人不在您的职责范围内，请由区级办理。")
    if compact(held.name) != compact(facts.name):
        raise OtherName("这个身份证号在台账中登记的是另一个姓名，请核对身份证号。")
    # The number led here: it is the person's own, or stands with a record merged into this one.
    correct_person(held, replace(facts, id_number=""), told=told)
    return held


def correct_person(person: Person, facts: PersonFacts, *, told: Provenance) -> tuple[str, ...]:
    """Write what differs and return the names of the fields; a blank number stays what it was."""
    asked = {
        "name": facts.name,
        "sex": facts.sex,
        "phone": facts.phone,
        "id_number": facts.id_number,
    }
    changed = {
        name: value for name, value in asked.items() if value and value != getattr(person, name)
    }
    if not changed:
        return ()
    if "id_number" in changed:
        index = blind_index(facts.id_number)
        if Person.objects.filter(id_index=index).exclude(pk=person.pk).exists():
            raise AlreadyMember(
                "这个身份证号已登记在另一个人名下，请核对；确是同一人的，请区级合并。"
            )
        person.id_index = index
    for name, value in changed.items():
        setattr(person, name, value)
    person.provenance = told
    person.save()
    return tuple(changed)
