"""Units that join or leave a joint branch that stands, and the end of one: acts with day and document.

Each is one act that can be undone as a whole. What follows from it is stored nowhere: members whose
relation stays behind, and units that nobody covers any more, are found by queries.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.form_refusals import AlreadyCovered, OutsideUnit
from liangxin.registry.actions.party_register import held_party_organisation
from liangxin.registry.actions.refusals import AlreadyClosed, NothingChanged, RefusedChange
from liangxin.registry.actions.shifting import Order, begun, dated
from liangxin.registry.actions.telling import refuse_future
from liangxin.registry.models import (
    Organisation,
    OrganisationVersion,
    PartyCoverage,
    PartyOrganisation,
    PartyOrganisationVersion,
    Reorganisation,
)
from liangxin.registry.queries.keeping import kept_units
from liangxin.registry.queries.periods import true_at
from liangxin.registry.terms import OrganisationStatus, PartyKind, ReorganisationAct


class NotJoint(RefusedChange):
    """The Party organisation is no joint branch."""


class TooEarlyForBranch(RefusedChange):
    """The day lies before what has to be there on it; the text names that day."""

    field = "on_date"


def join_joint_branch(
    branch: PartyOrganisation, unit: Organisation, *, by: Viewer, order: Order, today: date
) -> Reorganisation:
    """Let a joint branch cover one more unit from a day on; it leaves the joint branch that covered it.

    Raises RefusedChange.
    """
    require(by, Permission.EDIT_LEDGER)
    refuse_future(order.on_date, today=today)
    with transaction.atomic():
        current = _held_joint(branch, by=by, order=order)
        version = _own_unit(unit, by=by, order=order, today=today)
        former = _former(unit, branch, by=by, order=order)
        act = Reorganisation(
            act=ReorganisationAct.BRANCH_JOIN,
            organisation=unit,
            party_organisation_id=former.party_organisation_id if former else None,
            into_party_organisation=branch,
            name=version.name,
            into_name=current.name,
        )
        shift = begun(dated(act, order, by=by), by=by)
        if former:
            shift.end(_coverages(former.party_organisation_id, unit))
        shift.begin(PartyCoverage, party_organisation_id=branch.pk, organisation_id=unit.pk)
        shift.save()
        _record(act, f"“{version.name}”加入“{current.name}”", by=by)
    return act


def leave_joint_branch(
    branch: PartyOrganisation, unit: Organisation, *, by: Viewer, order: Order, today: date
) -> Reorganisation:
    """Let a joint branch cover a unit no longer from a day on; raises RefusedChange."""
    require(by, Permission.EDIT_LEDGER)
    refuse_future(order.on_date, today=today)
    with transaction.atomic():
        current = _held_joint(branch, by=by, order=order)
        row = _coverages(branch.pk, unit).filter(valid_to__isnull=True).first()
        if row is None:
            raise NothingChanged("这家单位已经不在这个联合党支部。")
        if order.on_date <= row.valid_from:
            raise TooEarlyForBranch(f"它自 {row.valid_from} 起由这个支部涵盖，退出的日子要更晚。")
        act = Reorganisation(
            act=ReorganisationAct.BRANCH_LEAVE,
            organisation=unit,
            party_organisation=branch,
            name=_name(unit),
            into_name=current.name,
        )
        shift = begun(dated(act, order, by=by), by=by)
        shift.end(_coverages(branch.pk, unit))
        shift.save()
        _record(act, f"“{act.name}”退出“{current.name}”", by=by)
    return act


def dissolve_joint_branch(
    branch: PartyOrganisation, *, by: Viewer, order: Order, today: date
) -> Reorganisation:
    """Let a joint branch stand no longer from a day on; its coverages, posts and place end with it.

    Its members keep their relation and its units lose their coverage: both wait to be settled.
    Raises RefusedChange.
    """
    require(by, Permission.EDIT_LEDGER)
    refuse_future(order.on_date, today=today)
    with transaction.atomic():
        current = _held_joint(branch, by=by, order=order)
        founded = current.party_organisation.founded_date or current.valid_from
        if order.on_date <= max(founded, current.valid_from):
            first = max(founded, current.valid_from)
            raise TooEarlyForBranch(f"撤销日期要晚于 {first}。")
        act = Reorganisation(
            act=ReorganisationAct.BRANCH_DISSOLVE, party_organisation=branch, name=current.name
        )
        shift = begun(dated(act, order, by=by), by=by)
        series: tuple[QuerySet[Any], ...] = (
            branch.coverages.all(),
            branch.posts.all(),
            branch.meeting_places.all(),
            branch.versions.all(),
        )
        for facts in series:
            shift.end(facts)
        shift.change(
            current.party_organisation,
            dissolved_date=order.on_date,
            provenance_id=shift.told.pk,
        )
        shift.save()
        _record(act, f"撤销“{current.name}”", by=by)
    return act


def _held_joint(branch: PartyOrganisation, *, by: Viewer, order: Order) -> PartyOrganisationVersion:
    current = held_party_organisation(branch, by=by)
    if current.kind != PartyKind.JOINT_BRANCH:
        raise NotJoint("只有联合党支部在这里办理；其他党组织请在名册里登记。")
    founded = current.party_organisation.founded_date
    if founded and order.on_date < founded:
        raise TooEarlyForBranch(f"这个支部 {founded} 才成立，日期不能更早。")
    return current


def _own_unit(unit: Organisation, *, by: Viewer, order: Order, today: date) -> OrganisationVersion:
    Organisation.objects.select_for_update().get(pk=unit.pk)
    version = kept_units(by, at=today).filter(organisation=unit).first()
    if version is None:
        raise OutsideUnit("这家单位不在您负责的范围内；跨街道加入的由区级办理。")
    if version.status == OrganisationStatus.CLOSED:
        raise AlreadyClosed("这家单位已经是注销、吊销或迁出状态。")
    known = unit.versions.order_by("valid_from").values_list("valid_from", flat=True).first()
    if known and order.on_date < known:
        raise TooEarlyForBranch(f"台账里这家单位 {known} 才有，日期不能更早。")
    return version


def _former(
    unit: Organisation, branch: PartyOrganisation, *, by: Viewer, order: Order
) -> PartyCoverage | None:
    """The coverage by another joint branch that ends with the act; refuses what stands in its way."""
    rows = list(
        PartyCoverage.objects.filter(
            organisation=unit,
            valid_to__isnull=True,
            party_organisation__founded_date__isnull=False,
        ).order_by("pk")
    )
    if any(row.party_organisation_id == branch.pk for row in rows):
        raise AlreadyCovered("这个联合党支部已经涵盖这家单位。")
    if len(rows) > 1:
        raise AlreadyCovered("这家单位名下有几个党组织，请先在名册里理清。")
    for row in rows:
        held = held_party_organisation(row.party_organisation, by=by)
        if held.kind != PartyKind.JOINT_BRANCH:
            raise AlreadyCovered(f"这家单位已有自己的党组织“{held.name}”，不再加入联合党支部。")
        if order.on_date <= row.valid_from:
            raise TooEarlyForBranch(f"它自 {row.valid_from} 起在“{held.name}”，转入的日子要更晚。")
        return row
    return None


def _coverages(branch_id: int, unit: Organisation) -> QuerySet[PartyCoverage]:
    return PartyCoverage.objects.filter(party_organisation_id=branch_id, organisation=unit)


def _name(unit: Organisation) -> str:
    now = unit.versions.filter(true_at(date.max)).order_by("-valid_from").first()
    return now.name if now else str(unit)


def _record(act: Reorganisation, summary: str, *, by: Viewer) -> None:
    """An entry on the unit and on each branch of the act: each history tells of it."""
    abouts = (act.organisation, act.party_organisation, act.into_party_organisation)
    for about in abouts:
        if about is not None:
            audit.record(
                f"party_organisation.{act.act}",
                by=by,
                summary=summary,
                about=about,
                details={"reorganisation": act.pk, "on_date": act.on_date.isoformat()},
            )
