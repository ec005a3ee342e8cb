"""Opening numbers that pages mask: within the viewer's scope, with a reason, and on record."""

from dataclasses import dataclass
from datetime import date

from django.db import models, transaction

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries import organisations_in_scope
from liangxin.registry.queries.guides import guides
from liangxin.registry.queries.people import member_persons

MIN_REASON = 4
MAX_REASON = 200


class NoReason(ValueError):
    """Nobody said why the numbers are needed."""


class OutOfSight(LookupError):
    """Nobody and nothing of that key is in the viewer's scope."""


@dataclass(frozen=True)
class OpenedNumbers:
    """Numbers in full; '' where the ledger has none or they were not asked for."""

    phone: str
    id_number: str = ""


def open_member_numbers(person_id: int, *, by: Viewer, reason: str, today: date) -> OpenedNumbers:
    """A member's ID and telephone number; raises NoReason, OutOfSight."""
    require(by, Permission.SEE_PEOPLE)
    person = member_persons(by, at=today).filter(pk=person_id).first()
    if person is None:
        raise OutOfSight(person_id)
    # No name in the summary: readers of the trail may not be told who is a member.
    _record(
        "查看一名党员的身份证号和电话", ("id_number", "phone"), about=person, by=by, reason=reason
    )
    return OpenedNumbers(phone=person.phone, id_number=person.id_number)


def open_guide_phone(person_id: int, *, by: Viewer, reason: str, today: date) -> OpenedNumbers:
    """The telephone number of an instructor or liaison; raises NoReason, OutOfSight."""
    require(by, Permission.SEE_LEDGER)
    service = guides(by, at=today).filter(person_id=person_id).first()
    if service is None:
        raise OutOfSight(person_id)
    summary = f"查看{service.get_role_display()}{service.person.name}的电话"
    _record(summary, ("phone",), about=service.person, by=by, reason=reason)
    return OpenedNumbers(phone=service.person.phone)


def open_organisation_phone(
    organisation_id: int, *, by: Viewer, reason: str, today: date
) -> OpenedNumbers:
    """The contact's telephone number of an organisation; raises NoReason, OutOfSight."""
    require(by, Permission.SEE_LEDGER)
    version = organisations_in_scope(by, at=today).filter(organisation_id=organisation_id).first()
    if version is None:
        raise OutOfSight(organisation_id)
    summary = f"查看“{version.name}”的联系电话"
    _record(summary, ("phone",), about=version.organisation, by=by, reason=reason)
    return OpenedNumbers(phone=version.phone)


def _record(
    summary: str, fields: tuple[str, ...], *, about: models.Model, by: Viewer, reason: str
) -> None:
    words = reason.strip()
    if len(words) < MIN_REASON:
        raise NoReason(f"请写明查看原因，至少 {MIN_REASON} 个字。")
    with transaction.atomic():
        audit.record(
            f"{about._meta.model_name}.unmask",
            by=by,
            summary=summary,
            about=about,
            details={"fields": list(fields), "reason": words[:MAX_REASON]},
            changes_ledger=False,
        )
