"""Opening what is masked of a person: with a reason, and on record."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Person
from liangxin.registry.queries.people import member_persons

MIN_REASON = 4


class NoReason(ValueError):
    """Nobody said why the numbers are needed."""


class UnknownPerson(LookupError):
    """No such person is in the viewer's scope."""


@dataclass(frozen=True)
class OpenedNumbers:
    """A person's ID and telephone number in full."""

    person: Person
    id_number: str
    phone: str


def open_numbers(person_id: int, *, by: Viewer, reason: str, today: date) -> OpenedNumbers:
    """Return a member's numbers in full and record who asked and why; raises NoReason, UnknownPerson."""
    require(by, Permission.SEE_PEOPLE)
    if len(reason.strip()) < MIN_REASON:
        raise NoReason(f"请写明查看原因，至少 {MIN_REASON} 个字。")
    person = member_persons(by, at=today).filter(pk=person_id).first()
    if person is None:
        raise UnknownPerson(person_id)
    with transaction.atomic():
        audit.record(
            "person.unmask",
            by=by,
            # No name here: readers of the trail may not be told who is a member.
            summary="查看一名党员的身份证号和电话",
            about=person,
            details={"fields": ["id_number", "phone"], "reason": reason.strip()[:200]},
        )
    return OpenedNumbers(person, person.id_number, person.phone)
