"""A street's answer to a branch that reaches into it; the district may answer for any street."""

from datetime import date

from django.db import transaction

from liangxin.coverage.actions.adoption.turns import take_turn
from liangxin.coverage.actions.refusals import MissingText, NotInThisState, NotYoursToAnswer
from liangxin.coverage.models import Consent
from liangxin.coverage.queries.planning_scope import own_streets, plans_district
from liangxin.coverage.terms import ConsentState, EstablishmentState
from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer

MAX_NOTE = 200


def give_consent(consent: Consent, *, by: Viewer, note: str = "", today: date) -> Consent:
    """Consent for the street, also after it had refused; raises RefusedStep."""
    return _answered(consent, ConsentState.GIVEN, by=by, note=note.strip(), today=today)


def refuse_consent(consent: Consent, *, by: Viewer, note: str, today: date) -> Consent:
    """Refuse for the street, saying why; it may consent later. Raises RefusedStep."""
    if not note.strip():
        raise MissingText("请写明不同意的理由。", field="note")
    return _answered(consent, ConsentState.REFUSED, by=by, note=note.strip(), today=today)


def _answered(
    consent: Consent, answer: ConsentState, *, by: Viewer, note: str, today: date
) -> Consent:
    require(by, Permission.PLAN_BRANCHES)
    if len(note) > MAX_NOTE:
        raise MissingText(f"意见不能超过 {MAX_NOTE} 个字。", field="note")
    with transaction.atomic():
        take_turn()
        held = Consent.objects.select_related("establishment", "street").get(pk=consent.pk)
        _refuse(held, answer, by=by)
        held.state = answer
        held.is_by_district = plans_district(by)
        held.note = note
        held.decided_date = today
        held.decided_by_id = by.user_id
        held.save()
        audit.record(
            "establishment.consent",
            by=by,
            summary=f"{held.street}对组建“{held.establishment.name}”{answer.label}",
            about=held.establishment,
            details={"street": held.street_id, "is_by_district": held.is_by_district},
            changes_ledger=False,
        )
    return held


def _refuse(held: Consent, answer: ConsentState, *, by: Viewer) -> None:
    if held.establishment.state != EstablishmentState.PROPOSED:
        state = held.establishment.get_state_display()
        raise NotInThisState(f"“{held.establishment.name}”现在是“{state}”状态，不再征求意见。")
    if not plans_district(by):
        _refuse_stranger(held, by=by)
    if held.state == answer:
        raise NotInThisState(f"{held.street}已于 {held.decided_date} 答复“{answer.label}”。")


def _refuse_stranger(held: Consent, *, by: Viewer) -> None:
    if held.street_id not in own_streets(by):
        raise NotYoursToAnswer(f"这件事征求的是{held.street}的意见，请由该街道或区级答复。")
    if held.is_by_district:
        raise NotYoursToAnswer("区级已就这件事代为答复，如有不同意见请与区级联系。")
