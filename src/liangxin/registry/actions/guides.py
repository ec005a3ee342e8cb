"""Keeping instructors and liaisons by form: their service and term, and whom they are posted to."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.form_refusals import AlreadyGuide, EndsTooEarly
from liangxin.registry.actions.party_organisations import told_by
from liangxin.registry.actions.persons import PersonFacts, correct_person, person_of
from liangxin.registry.actions.refusals import NothingChanged, OutOfScope
from liangxin.registry.actions.telling import (
    FORM_SOURCE,
    begin_fact,
    edition,
    end_fact,
    refuse_future,
    refuse_stale,
)
from liangxin.registry.models import GuideService, Person, Posting, Provenance
from liangxin.registry.queries.keeping import kept_guides


@dataclass(frozen=True, kw_only=True)
class GuideFacts:
    """Cleaned facts of a service; `end_date` is the first day no longer served, None where open."""

    person: PersonFacts
    role: str
    home_unit: str = ""
    capacity: int | None = None
    end_date: date | None = None


def guide_edition(service: GuideService) -> str:
    """What a form remembers of the guide it showed."""
    return edition(service, service.person)


def create_guide(facts: GuideFacts, *, by: Viewer, from_date: date, today: date) -> GuideService:
    """Register an instructor or liaison who serves since `from_date`; raises RefusedChange."""
    require(by, Permission.EDIT_LEDGER)
    refuse_future(from_date, today=today)
    _refuse_short_term(facts, from_date=from_date)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=from_date)
        person = person_of(facts.person, by=by, told=told, today=today)
        lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=from_date)
        if person.guide_services.filter(lasting, role=facts.role).exists():
            raise AlreadyGuide("台账里这个人已在任，请修改原来那条，不要再建。")
        service = _begun(person, facts, from_date=from_date, told=told)
        _refuse_out_of_scope(service, by=by, today=today)
        _record("guide.create", f"登记{service.get_role_display()}一名", service=service, by=by)
    return service


def revise_guide(
    service: GuideService,
    facts: GuideFacts,
    *,
    by: Viewer,
    based_on: str,
    today: date,
    from_date: date | None,
) -> GuideService:
    """Let `facts` hold from `from_date` on (None: correct); another end of term moves the postings' end."""
    require(by, Permission.EDIT_LEDGER)
    refuse_future(from_date, today=today)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=from_date or today)
        held = _held(service, by=by, based_on=based_on, today=today)
        _refuse_short_term(facts, from_date=held.valid_from)
        changed = correct_person(held.person, facts.person, told=told)
        changed += _changed(held, facts)
        if not changed:
            raise NothingChanged("没有需要保存的改动。资料仍然属实的，请点“没有变化”。")
        saved = _told(held, facts, told=told, from_date=from_date)
        _move_ends(held, facts.end_date, told=told)
        _refuse_out_of_scope(saved, by=by, today=today)
        words = f"修改{saved.get_role_display()}的资料"
        _record("guide.revise", words, service=saved, by=by, fields=changed)
    return saved


def confirm_guide(service: GuideService, *, by: Viewer, based_on: str, today: date) -> None:
    """Say that the facts still hold; leaves an audit entry and changes nothing."""
    require(by, Permission.EDIT_LEDGER)
    with transaction.atomic():
        held = _held(service, by=by, based_on=based_on, today=today)
        audit.record(
            "guide.confirm",
            by=by,
            summary=f"核对{held.get_role_display()}的资料，没有变化",
            about=held.person,
            changes_ledger=False,
        )


def _held(service: GuideService, *, by: Viewer, based_on: str, today: date) -> GuideService:
    Person.objects.select_for_update().get(pk=service.person_id)
    held = kept_guides(by, at=today).filter(pk=service.pk).first()
    if held is None:
        raise OutOfScope("这个人不在您负责的范围内，或者已经届满。")
    refuse_stale(held, held.person, based_on=based_on)
    return held


def _changed(held: GuideService, facts: GuideFacts) -> tuple[str, ...]:
    asked = {
        "home_unit": facts.home_unit,
        "capacity": facts.capacity,
        "valid_to": facts.end_date,
    }
    return tuple(name for name, value in asked.items() if getattr(held, name) != value)


def _told(
    held: GuideService, facts: GuideFacts, *, told: Provenance, from_date: date | None
) -> GuideService:
    is_moved = (held.home_unit, held.capacity) != (facts.home_unit, facts.capacity)
    if is_moved and from_date is not None and from_date > held.valid_from:
        _refuse_short_term(facts, from_date=from_date)
        end_fact(held, on=from_date, told=told)
        return _begun(held.person, facts, from_date=from_date, told=told)
    GuideService.objects.filter(pk=held.pk).update(
        home_unit=facts.home_unit,
        capacity=facts.capacity,
        valid_to=facts.end_date,
        ended_by=None,
        provenance=told,
        recorded_at=told.recorded_at,
    )
    return GuideService.objects.select_related("person").get(pk=held.pk)


def _move_ends(held: GuideService, end_date: date | None, *, told: Provenance) -> None:
    """Postings that lasted as long as the term last as long as the new one, and none longer."""
    same_end = Q(valid_to=held.valid_to) if held.valid_to else Q(valid_to__isnull=True)
    beyond = Q(valid_to__gt=end_date) if end_date else Q()
    mine = Posting.objects.filter(person=held.person, role=held.role)
    for row in mine.filter(same_end | beyond if end_date else same_end):
        if end_date is None:
            Posting.objects.filter(pk=row.pk).update(valid_to=None, ended_by=None, provenance=told)
        elif row.valid_to != end_date:
            end_fact(row, on=end_date, told=told)


def _begun(person: Person, facts: GuideFacts, *, from_date: date, told: Provenance) -> GuideService:
    values = {
        "person": person,
        "role": facts.role,
        "home_unit": facts.home_unit,
        "capacity": facts.capacity,
    }
    row = begin_fact(GuideService, values, from_date=from_date, until=facts.end_date, told=told)
    return GuideService.objects.select_related("person").get(pk=row.pk)


def _refuse_short_term(facts: GuideFacts, *, from_date: date) -> None:
    if facts.end_date and facts.end_date <= from_date:
        raise EndsTooEarly(f"届满日期要晚于 {from_date}。")


def _refuse_out_of_scope(service: GuideService, *, by: Viewer, today: date) -> None:
    """Roll back what would leave the officer's scope: the saved row itself is asked."""
    has_ended = service.valid_to is not None and service.valid_to <= today
    if not has_ended and not kept_guides(by, at=today).filter(pk=service.pk).exists():
        raise OutOfScope("这个人联系着别的街道的单位，请由区级办理。")


def _record(
    action: str,
    summary: str,
    *,
    service: GuideService,
    by: Viewer,
    fields: tuple[str, ...] = (),
) -> None:
    details = {"role": service.role, "fields": list(fields)}
    audit.record(action, by=by, summary=summary, about=service.person, details=details)
