"""Keeping the register of members by form: create, revise, confirm, close; nobody is ever deleted.

Only results are registered here. How somebody becomes a member, and how a relation is transferred, are
processes of their own.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.form_refusals import AlreadyMember, EndsTooEarly, OutsideUnit
from liangxin.registry.actions.party_organisations import told_by
from liangxin.registry.actions.persons import PersonFacts, correct_person, person_of
from liangxin.registry.actions.refusals import NothingChanged, OutOfScope
from liangxin.registry.actions.telling import (
    FORM_SOURCE,
    Telling,
    begin_fact,
    edition,
    end_fact,
    refuse_future,
    refuse_stale,
    tell_fact,
)
from liangxin.registry.models import (
    Employment,
    Fact,
    Organisation,
    PartyMembership,
    PartyOrganisation,
    PartyRelation,
    Person,
    Post,
    Provenance,
)
from liangxin.registry.queries.keeping import kept_members, kept_units
from liangxin.registry.terms import MemberStage


@dataclass(frozen=True, kw_only=True)
class MemberFacts:
    """Cleaned facts of a member; the relation is held in an organisation of the ledger, or elsewhere.

    `organisation` is None for somebody who works nowhere now.
    """

    person: PersonFacts
    organisation: Organisation | None
    position: str
    stage: str
    joined_date: date | None = None
    full_date: date | None = None
    party_organisation: PartyOrganisation | None = None
    elsewhere: str = ""

    def since(self) -> date | None:
        """Since when the stage holds: a full member's from full_date, else from joining."""
        if self.stage == MemberStage.FULL and self.full_date:
            return self.full_date
        return self.joined_date


@dataclass(frozen=True)
class MemberRows:
    """What lasts of a member."""

    person: Person
    membership: PartyMembership | None
    employment: Employment | None
    relation: PartyRelation | None

    @property
    def edition(self) -> str:
        """What a form remembers of the member it showed."""
        return edition(self.person, self.membership, self.employment, self.relation)


def member_rows(person: Person) -> MemberRows:
    """The open facts of one person; ask only for somebody the viewer keeps."""
    return MemberRows(
        person,
        person.memberships.filter(valid_to__isnull=True).select_related("provenance").first(),
        person.employments.filter(valid_to__isnull=True).select_related("provenance").first(),
        person.party_relations.filter(valid_to__isnull=True).select_related("provenance").first(),
    )


def create_member(facts: MemberFacts, *, by: Viewer, from_date: date, today: date) -> Person:
    """Register a member who works and is held as told since `from_date`; raises RefusedChange."""
    _require(by)
    refuse_future(from_date, today=today)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=from_date)
        person = person_of(facts.person, by=by, told=told, today=today)
        if person.memberships.filter(valid_to__isnull=True).exists():
            raise AlreadyMember("台账里已有这名党员，请修改原来那条，不要再建。")
        _refuse_outside(facts, before=None, by=by, today=today)
        telling = Telling(told=told, from_date=from_date)
        _tell_work_and_relation(person, facts, telling=telling)
        _tell_membership(person, facts, told=told, from_date=from_date)
        _refuse_out_of_scope(person, by=by, today=today)
        _record("member.create", "登记一名党员", person=person, by=by)
    return person


def revise_member(
    person: Person,
    facts: MemberFacts,
    *,
    by: Viewer,
    based_on: str,
    today: date,
    telling_from: date | None,
) -> tuple[str, ...]:
    """Let `facts` hold from a day on (None: correct what is told) and return what changed.

    Name, numbers and dates of joining are corrected in any case; a stage changes with its own date.
    """
    _require(by)
    refuse_future(telling_from, today=today)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=telling_from or today)
        rows = _held(person, by=by, based_on=based_on, today=today)
        before = rows.employment.organisation_id if rows.employment else None
        _refuse_outside(facts, before=before, by=by, today=today)
        changed = correct_person(rows.person, facts.person, told=told)
        telling = Telling(told=told, from_date=telling_from)
        changed += _tell_work_and_relation(person, facts, telling=telling)
        changed += _revise_membership(rows, facts, telling=telling)
        if not changed:
            raise NothingChanged("没有需要保存的改动。资料仍然属实的，请点“没有变化”。")
        _refuse_out_of_scope(person, by=by, today=today)
        _record("member.revise", "修改一名党员的资料", person=person, by=by, fields=changed)
    return changed


def confirm_member(person: Person, *, by: Viewer, based_on: str, today: date) -> None:
    """Say that the facts still hold; leaves an audit entry and changes nothing."""
    _require(by)
    with transaction.atomic():
        _held(person, by=by, based_on=based_on, today=today)
        _record(
            "member.confirm",
            "核对一名党员的资料，没有变化",
            person=person,
            by=by,
            changes_ledger=False,
        )


def close_member(
    person: Person,
    *,
    by: Viewer,
    based_on: str,
    end_date: date,
    reason: str,
    ends_employment: bool,
    today: date,
) -> None:
    """Let somebody be counted as a member no longer; posts end too, the record stays."""
    _require(by)
    refuse_future(end_date, today=today)
    with transaction.atomic():
        told = told_by(by, source=f"{FORM_SOURCE}：{reason}", as_of_date=end_date)
        rows = _held(person, by=by, based_on=based_on, today=today)
        if rows.membership and end_date <= rows.membership.valid_from:
            since = rows.membership.valid_from
            raise EndsTooEarly(f"党员身份自 {since} 起登记，停止的日子要更晚。")
        ending: list[Fact | None] = [rows.membership, rows.relation]
        ending += [rows.employment] if ends_employment else []
        ending += list(Post.objects.filter(person=person, valid_to__isnull=True))
        for row in ending:
            if row is not None:
                end_fact(row, on=end_date, told=told)
        _record("member.close", f"一名党员停止登记：{reason}", person=person, by=by)


def _require(by: Viewer) -> None:
    require(by, Permission.EDIT_LEDGER)
    require(by, Permission.SEE_PEOPLE)


def _held(person: Person, *, by: Viewer, based_on: str, today: date) -> MemberRows:
    held = Person.objects.select_for_update().get(pk=person.pk)
    if not kept_members(by, at=today).filter(person=held).exists():
        raise OutOfScope("这名党员不在您负责的范围内，或者已经停止登记。")
    rows = member_rows(held)
    refuse_stale(rows.person, rows.membership, rows.employment, rows.relation, based_on=based_on)
    return rows


def _refuse_outside(facts: MemberFacts, *, before: int | None, by: Viewer, today: date) -> None:
    """A unit may be named that is the officer's, or that stays what it was."""
    if facts.organisation is None or facts.organisation.pk == before:
        return
    if not kept_units(by, at=today).filter(organisation=facts.organisation).exists():
        raise OutsideUnit("这家单位不在您负责的范围内。")


def _refuse_out_of_scope(person: Person, *, by: Viewer, today: date) -> None:
    """Roll back what would leave the officer's scope: the saved rows themselves are asked."""
    if not kept_members(by, at=today).filter(person=person).exists():
        raise OutOfScope("保存后这名党员就不在您负责的范围内了，请由区级办理。")


def _tell_work_and_relation(
    person: Person, facts: MemberFacts, *, telling: Telling
) -> tuple[str, ...]:
    unit = facts.organisation
    work = {"organisation_id": unit.pk, "position": facts.position} if unit else None
    held = facts.party_organisation
    relation: dict[str, Any] | None = {
        "party_organisation_id": held.pk if held else None,
        "elsewhere": "" if held else facts.elsewhere,
    }
    if held is None and not facts.elsewhere:
        relation = None
    changed = []
    if tell_fact(Employment, {"person": person}, work, telling=telling):
        changed.append("employment")
    if tell_fact(PartyRelation, {"person": person}, relation, telling=telling):
        changed.append("party_relation")
    return tuple(changed)


def _membership(facts: MemberFacts) -> dict[str, Any]:
    full = facts.full_date if facts.stage == MemberStage.FULL else None
    return {"stage": facts.stage, "joined_date": facts.joined_date, "full_date": full}


def _tell_membership(
    person: Person, facts: MemberFacts, *, told: Provenance, from_date: date
) -> None:
    """A new membership from the day the stage began; a full member was on probation before."""
    since = facts.since() or from_date
    telling = Telling(told=told, from_date=since)
    tell_fact(PartyMembership, {"person": person}, _membership(facts), telling=telling)
    joined = facts.joined_date
    is_first = not person.memberships.filter(valid_from__lt=since).exists()
    if facts.stage == MemberStage.FULL and is_first and joined and joined < since:
        values = {
            "person": person,
            "stage": MemberStage.PROBATIONARY.value,
            "joined_date": joined,
            "full_date": None,
        }
        begin_fact(PartyMembership, values, from_date=joined, until=since, told=told)


def _revise_membership(
    rows: MemberRows, facts: MemberFacts, *, telling: Telling
) -> tuple[str, ...]:
    is_new_stage = rows.membership is None or rows.membership.stage != facts.stage
    # The dates of one stage do not change with time: another date only puts the record right.
    day = (facts.since() or telling.from_date) if is_new_stage and telling.from_date else None
    dated = Telling(told=telling.told, from_date=day)
    keys = {"person": rows.person}
    is_changed = tell_fact(PartyMembership, keys, _membership(facts), telling=dated)
    return ("membership",) if is_changed else ()


def _record(
    action: str,
    summary: str,
    *,
    person: Person,
    by: Viewer,
    fields: tuple[str, ...] = (),
    changes_ledger: bool = True,
) -> None:
    audit.record(
        action,
        by=by,
        summary=summary,
        about=person,
        details={"fields": list(fields)} if fields else None,
        changes_ledger=changes_ledger,
    )
