"""Posting instructors and liaisons to units, within their term and load."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db import transaction
from django.db.models import Q

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.form_refusals import (
    AlreadyPosted,
    EndsTooEarly,
    OutsideTerm,
    OutsideUnit,
    OverCapacity,
)
from liangxin.registry.actions.party_organisations import told_by
from liangxin.registry.actions.refusals import NothingChanged, OutOfScope
from liangxin.registry.actions.telling import FORM_SOURCE, begin_fact, end_fact, refuse_future
from liangxin.registry.models import GuideService, OrganisationVersion, Person, Posting
from liangxin.registry.queries.guides import guides
from liangxin.registry.queries.keeping import kept_units
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.revisions import places_of
from liangxin.registry.queries.rules import rule_at
from liangxin.registry.terms import SOCIAL_KINDS


@dataclass(frozen=True, kw_only=True)
class PostingFacts:
    """A guide serves a unit from a day on, to the end of the term unless another day is told."""

    service: GuideService
    organisation_id: int
    from_date: date
    end_date: date | None = None
    is_over_capacity: bool = False


def begin_posting(facts: PostingFacts, *, by: Viewer, today: date) -> Posting:
    """Post a guide to a unit; raises RefusedChange."""
    require(by, Permission.EDIT_LEDGER)
    refuse_future(facts.from_date, today=today)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=facts.from_date)
        Person.objects.select_for_update().get(pk=facts.service.person_id)
        service = guides(by, at=today).filter(pk=facts.service.pk).first()
        if service is None:
            raise OutOfScope("这名指导员、联络员不在您可以选派的范围内，或者已经届满。")
        unit = kept_units(by, at=today).filter(organisation_id=facts.organisation_id).first()
        if unit is None:
            raise OutsideUnit("这家单位不在您负责的范围内。")
        until = _end_within_term(service, facts)
        _refuse_second(service, facts)
        _refuse_over_capacity(service, unit, facts)
        values = {
            "person": service.person,
            "organisation_id": facts.organisation_id,
            "role": service.role,
        }
        row = begin_fact(Posting, values, from_date=facts.from_date, until=until, told=told)
        posting = Posting.objects.get(pk=row.pk)
        _record("posting.begin", f"选派{service.get_role_display()}联系单位", posting, by=by)
    return posting


def end_posting(posting: Posting, *, by: Viewer, end_date: date, today: date) -> None:
    """Let a guide serve a unit no longer from `end_date` on; raises RefusedChange."""
    require(by, Permission.EDIT_LEDGER)
    refuse_future(end_date, today=today)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=end_date)
        if not kept_units(by, at=today).filter(organisation_id=posting.organisation_id).exists():
            raise OutsideUnit("这家单位不在您负责的范围内。")
        lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=today)
        held = Posting.objects.select_for_update().filter(lasting, pk=posting.pk).first()
        if held is None:
            raise NothingChanged("别人已经登记不再联系。")
        if end_date <= held.valid_from:
            raise EndsTooEarly(f"联系自 {held.valid_from} 起，结束的日子要更晚。")
        end_fact(held, on=end_date, told=told)
        _record("posting.end", f"{held.get_role_display()}不再联系单位", held, by=by)


def _end_within_term(service: GuideService, facts: PostingFacts) -> date | None:
    term = f"{service.valid_from} 至 {service.valid_to or '未定'}"
    until = facts.end_date or service.valid_to
    if facts.from_date < service.valid_from:
        raise OutsideTerm(f"任期是 {term}，联系不能更早开始。")
    if service.valid_to and (
        facts.from_date >= service.valid_to or (until and until > service.valid_to)
    ):
        raise OutsideTerm(f"任期是 {term}，联系要在任期内；连任的请先改届满日期。")
    if until and until <= facts.from_date:
        raise EndsTooEarly("结束的日子要晚于开始的日子。")
    return until


def _refuse_second(service: GuideService, facts: PostingFacts) -> None:
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=facts.from_date)
    same = Posting.objects.filter(
        lasting,
        person_id=service.person_id,
        role=service.role,
        organisation_id=facts.organisation_id,
    )
    if same.exists():
        raise AlreadyPosted("已经在联系这家单位。")


def _refuse_over_capacity(
    service: GuideService, unit: OrganisationVersion, facts: PostingFacts
) -> None:
    if facts.is_over_capacity:
        return
    is_social = unit.kind in SOCIAL_KINDS
    code = "instructor.max_associations" if is_social else "instructor.max_enterprises"
    rule = rule_at(code, at=facts.from_date)
    most = service.capacity if service.capacity is not None else cast(int, rule.value)
    load = (
        Posting.objects.filter(
            true_at(facts.from_date), person_id=service.person_id, role=service.role
        )
        .values("organisation_id")
        .distinct()
        .count()
    )
    if load >= most:
        basis = "名册写明" if service.capacity is not None else f"{rule.title}，{rule.source}"
        raise OverCapacity(
            f"已联系 {load} 家，最多 {most} 家（{basis}）。确需超出的，请勾选“同意超出可联系数”。"
        )


def _record(action: str, summary: str, posting: Posting, *, by: Viewer) -> None:
    details = {"organisation": posting.organisation_id, "role": posting.role}
    audit.record(
        action,
        by=by,
        summary=summary,
        about=posting.person,
        details=details,
        touches=places_of(posting.organisation_id),
    )
