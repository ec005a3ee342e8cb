"""Which units a Party organisation covers: begun and ended one by one, by form."""

from datetime import date

from django.db import transaction

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.form_refusals import (
    AlreadyCovered,
    BeforeFounding,
    EndsTooEarly,
    OutsideUnit,
)
from liangxin.registry.actions.party_organisations import told_by
from liangxin.registry.actions.party_register import held_party_organisation
from liangxin.registry.actions.refusals import NothingChanged
from liangxin.registry.actions.telling import (
    FORM_SOURCE,
    Telling,
    end_fact,
    refuse_future,
    tell_fact,
)
from liangxin.registry.models import Organisation, PartyCoverage, PartyOrganisation
from liangxin.registry.queries.keeping import kept_units


def begin_coverage(
    party_organisation: PartyOrganisation,
    organisation: Organisation,
    *,
    by: Viewer,
    from_date: date,
    today: date,
) -> None:
    """Let a standing Party organisation cover one more unit; raises RefusedChange."""
    require(by, Permission.EDIT_LEDGER)
    refuse_future(from_date, today=today)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=from_date)
        current = held_party_organisation(party_organisation, by=by)
        _refuse_outside(organisation, by=by, today=today)
        founded = current.party_organisation.founded_date
        if founded and from_date < founded:
            raise BeforeFounding(f"这个党组织 {founded} 才成立，涵盖单位不能更早。")
        keys = {"party_organisation": party_organisation, "organisation": organisation}
        if PartyCoverage.objects.filter(**keys, valid_to__isnull=True).exists():
            raise AlreadyCovered("这个党组织已经涵盖这家单位。")
        telling = Telling(told=told, from_date=from_date, may_precede=True)
        if not tell_fact(PartyCoverage, keys, {}, telling=telling):
            raise AlreadyCovered("那一天这个党组织已经涵盖这家单位。")
        audit.record(
            "party_organisation.cover",
            by=by,
            summary=f"“{current.name}”增加涵盖单位",
            about=party_organisation,
            details={"organisation": organisation.pk, "valid_from": from_date.isoformat()},
        )


def end_coverage(coverage: PartyCoverage, *, by: Viewer, end_date: date, today: date) -> None:
    """Let a unit be covered no longer from `end_date` on; raises RefusedChange."""
    require(by, Permission.EDIT_LEDGER)
    refuse_future(end_date, today=today)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=end_date)
        current = held_party_organisation(coverage.party_organisation, by=by)
        _refuse_outside(coverage.organisation, by=by, today=today)
        row = PartyCoverage.objects.filter(pk=coverage.pk, valid_to__isnull=True).first()
        if row is None:
            raise NothingChanged("别人已经登记不再涵盖这家单位。")
        if end_date <= row.valid_from:
            raise EndsTooEarly(f"涵盖自 {row.valid_from} 起，结束的日子要更晚。")
        end_fact(row, on=end_date, told=told)
        audit.record(
            "party_organisation.uncover",
            by=by,
            summary=f"“{current.name}”不再涵盖一家单位",
            about=row.party_organisation,
            details={"organisation": row.organisation_id, "valid_to": end_date.isoformat()},
        )


def _refuse_outside(organisation: Organisation, *, by: Viewer, today: date) -> None:
    if not kept_units(by, at=today).filter(organisation=organisation).exists():
        raise OutsideUnit("这家单位不在您负责的范围内。")
