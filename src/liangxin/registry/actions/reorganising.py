"""Firms that move, are absorbed, or are split: one act, one transaction, nothing deleted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.organisations import edition
from liangxin.registry.actions.refusals import (
    AlreadyClosed,
    ChangedMeanwhile,
    OutOfScope,
    RefusedChange,
)
from liangxin.registry.actions.shifting import (
    MAX_BASIS,
    Order,
    SamePlace,
    Shift,
    begun,
    dated,
)
from liangxin.registry.actions.telling import refuse_future
from liangxin.registry.models import (
    Area,
    Employment,
    Organisation,
    OrganisationVersion,
    PartyCoverage,
    Posting,
    Reorganisation,
    Site,
)
from liangxin.registry.queries.keeping import kept_streets
from liangxin.registry.queries.merge_relations import Relation, relations
from liangxin.registry.queries.organisations import editable_versions
from liangxin.registry.queries.reorganisations import may_answer
from liangxin.registry.terms import OrganisationStatus, ReorganisationAct, ReorganisationState

CHOSEN: dict[str, type[Employment | PartyCoverage | Posting]] = {
    "employments": Employment,
    "coverages": PartyCoverage,
    "postings": Posting,
}


class TooEarly(RefusedChange):
    """The day lies before the one since which the ledger holds the firm's facts."""

    field = "on_date"

    def __init__(self, current: OrganisationVersion) -> None:
        super().__init__(
            f"台账现有资料自 {current.valid_from} 起，变动的日子不能更早；"
            "要补录更早的情况，请先用“修改资料”里的“补录历史”。"
        )


class AskedAlready(RefusedChange):
    """The firm waits for a street to take it in."""


class AnsweredAlready(RefusedChange):
    """The request was answered, or taken back, meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Departure(Order):
    """What every act on a firm tells: `based_on` is the edition of the version the person saw."""

    based_on: str


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where a firm moves to."""

    street: Area
    site: Site | None = None
    address: str = ""


def move_organisation(
    organisation: Organisation,
    to: Destination,
    *,
    by: Viewer,
    departure: Departure,
    today: date,
) -> Reorganisation:
    """Let a firm be in another street from a day on, or ask that street where it is not `by`'s own.

    What hangs on the firm stays: whoever covers or serves it from the old street is listed to be settled.
    Raises RefusedChange.
    """
    require(by, Permission.EDIT_LEDGER)
    refuse_future(departure.on_date, today=today)
    with transaction.atomic():
        current = _held(organisation, by=by, departure=departure, today=today)
        if current.street_id == to.street.pk:
            raise SamePlace("这家单位已经在这个街道；同一街道里搬迁的，用“修改资料”改地址。")
        is_own = kept_streets(by).filter(pk=to.street.pk).exists()
        act = Reorganisation(
            act=ReorganisationAct.MOVE,
            organisation=organisation,
            area=current.street,
            into_area=to.street,
            into_site=to.site,
            address=to.address,
            name=current.name,
            into_name=to.street.name,
        )
        dated(act, departure, by=by)
        if is_own:
            _carry_out_move(act, by=by)
        else:
            act.state = ReorganisationState.REQUESTED
            act.save()
        words = "迁到" if is_own else "申请迁到"
        _record(act, f"“{current.name}”{words}{to.street.name}", by=by, changes_ledger=is_own)
    return act


def accept_move(request: Reorganisation, *, by: Viewer) -> Reorganisation:
    """Take a firm in; raises RefusedChange where the request no longer holds."""
    require(by, Permission.EDIT_LEDGER)
    with transaction.atomic():
        act = _waiting(request)
        if not may_answer(by, act):
            raise OutOfScope("这件申请由迁入街道答复。")
        current = _open_version(act)
        is_changed = current.recorded_at > act.asked_at or current.valid_from > act.on_date
        if is_changed or current.street_id != act.area_id:
            raise AnsweredAlready(
                "申请以后这家单位的资料又有变动，不能照原样接收；请退回，由对方重新登记。"
            )
        _answer(act, by=by)
        _carry_out_move(act, by=by)
        _record(act, f"接收“{act.name}”迁入{act.into_name}", by=by)
    return act


def decline_move(request: Reorganisation, *, by: Viewer, reason: str) -> Reorganisation:
    """Send a request back; the firm stays where it is. Whoever asked may take it back so too."""
    require(by, Permission.EDIT_LEDGER)
    with transaction.atomic():
        act = _waiting(request)
        is_asker = act.asked_by_id is not None and act.asked_by_id == by.user_id
        if not is_asker and not may_answer(by, act):
            raise OutOfScope("这件申请由迁入街道答复，或由登记人撤回。")
        act.answer = reason.strip()[:MAX_BASIS]
        _answer(act, by=by)
        act.state = ReorganisationState.DECLINED
        act.save()
        _record(act, f"不接收“{act.name}”迁入{act.into_name}", by=by, changes_ledger=False)
    return act


def absorb_organisation(
    organisation: Organisation,
    into: Organisation,
    *,
    by: Viewer,
    departure: Departure,
    today: date,
) -> Reorganisation:
    """Let a firm be closed from a day on, and all that hangs on it go on with another firm.

    What the other firm has already is not doubled: it ends with the absorbed one. Raises RefusedChange.
    """
    require(by, Permission.EDIT_LEDGER)
    refuse_future(departure.on_date, today=today)
    with transaction.atomic():
        current, survivor = _both(organisation, into, by=by, departure=departure, today=today)
        act = Reorganisation(
            act=ReorganisationAct.ABSORB,
            organisation=organisation,
            into_organisation=into,
            name=current.name,
            into_name=survivor.name,
        )
        shift = begun(dated(act, departure, by=by), by=by)
        for relation in relations(Organisation):
            if relation.on_merge.is_carried:
                _carry_relation(relation, act, shift)
        own = OrganisationVersion.objects.filter(organisation=organisation)
        shift.carry(own, status=OrganisationStatus.CLOSED.value)
        shift.save()
        _record(act, f"“{current.name}”被“{survivor.name}”合并", by=by)
    return act


def split_organisation(
    organisation: Organisation,
    into: Organisation,
    *,
    by: Viewer,
    departure: Departure,
    chosen: Collection[tuple[str, int]],
    today: date,
) -> Reorganisation:
    """Note that `into` came out of a firm, and let the chosen facts go on with it.

    `chosen` names facts as (kind of CHOSEN, key); whatever is not chosen stays. Raises RefusedChange.
    """
    require(by, Permission.EDIT_LEDGER)
    refuse_future(departure.on_date, today=today)
    with transaction.atomic():
        current, successor = _both(organisation, into, by=by, departure=departure, today=today)
        act = Reorganisation(
            act=ReorganisationAct.SPLIT,
            organisation=organisation,
            into_organisation=into,
            name=current.name,
            into_name=successor.name,
        )
        shift = begun(dated(act, departure, by=by), by=by)
        for relation in relations(Organisation):
            keys = [key for kind, key in chosen if CHOSEN.get(kind) is relation.model]
            if keys:
                _carry_relation(relation, act, shift, only=keys)
        shift.save()
        _record(act, f"“{successor.name}”由“{current.name}”分立", by=by)
    return act


def _carry_out_move(act: Reorganisation, *, by: Viewer) -> None:
    shift = begun(act, by=by)
    site = act.into_site
    place = {
        "street_id": act.into_area_id,
        "site_id": act.into_site_id,
        "address": act.address or (site.address if site else ""),
        "lon": site.lon if site else None,
        "lat": site.lat if site else None,
    }
    shift.carry(OrganisationVersion.objects.filter(organisation__departures=act), **place)
    shift.save()


def _carry_relation(
    relation: Relation, act: Reorganisation, shift: Shift, *, only: Collection[int] | None = None
) -> None:
    """Let the rows (`only`: those of these keys) go on with the other firm; what it has already, ends."""
    into = act.into_organisation_id
    assert into is not None
    assert act.organisation_id is not None
    column = f"{relation.column}_id"
    rows = relation.carried(act.organisation_id, day=act.on_date)
    if only is not None:
        rows = rows.filter(pk__in=only)
    doubled = [row.pk for row in rows if relation.rivals(row, survivor_id=into, day=act.on_date)]
    if relation.is_dated:
        shift.end(rows.filter(pk__in=doubled))
        shift.carry(rows.exclude(pk__in=doubled), **{column: into})
        return
    for row in rows.exclude(pk__in=doubled):
        shift.change(row, **{column: into})


def _both(
    organisation: Organisation,
    into: Organisation,
    *,
    by: Viewer,
    departure: Departure,
    today: date,
) -> tuple[OrganisationVersion, OrganisationVersion]:
    """The open versions of both, locked in the order of their keys; refuses what is out of scope."""
    keys = sorted({organisation.pk, into.pk})
    if len(keys) != 2:
        raise SamePlace("请选择另一家单位。")
    list(Organisation.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    current = _held(organisation, by=by, departure=departure, today=today)
    other = editable_versions(by, at=today).filter(organisation=into).first()
    if other is None:
        raise OutOfScope("对方单位不在您负责的范围内；跨范围的由区级办理。")
    if other.status == OrganisationStatus.CLOSED:
        raise AlreadyClosed("对方单位已经是注销、吊销或迁出状态。")
    if other.valid_from > departure.on_date:
        raise TooEarly(other)
    return current, other


def _held(
    organisation: Organisation, *, by: Viewer, departure: Departure, today: date
) -> OrganisationVersion:
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    current = editable_versions(by, at=today).filter(organisation=organisation).first()
    if current is None:
        raise OutOfScope("这家单位不在您负责的范围内。")
    if edition(current) != departure.based_on:
        raise ChangedMeanwhile(current)
    if current.status == OrganisationStatus.CLOSED:
        raise AlreadyClosed("这家单位已经是注销、吊销或迁出状态。")
    if departure.on_date < current.valid_from:
        raise TooEarly(current)
    open_requests = organisation.departures.filter(state=ReorganisationState.REQUESTED)
    if open_requests.exists():
        raise AskedAlready("这家单位正在等别的街道接收；先由对方答复，或撤回申请。")
    return current


def _open_version(act: Reorganisation) -> OrganisationVersion:
    """The firm's open version, the firm locked."""
    firm = Organisation.objects.select_for_update().get(departures=act)
    return OrganisationVersion.objects.get(organisation=firm, valid_to__isnull=True)


def _waiting(request: Reorganisation) -> Reorganisation:
    """The request, locked; refuses one that was answered."""
    act = Reorganisation.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if act.state != ReorganisationState.REQUESTED:
        raise AnsweredAlready("这件申请已经答复过了。")
    return act


def _answer(act: Reorganisation, *, by: Viewer) -> None:
    act.answered_at, act.answered_by_id = timezone.now(), by.user_id


def _record(act: Reorganisation, summary: str, *, by: Viewer, changes_ledger: bool = True) -> None:
    """An entry on each firm of the act: each history tells of it."""
    for firm in (act.organisation, act.into_organisation):
        if firm is not None:
            audit.record(
                f"organisation.{act.act}",
                by=by,
                summary=summary,
                about=firm,
                details={"reorganisation": act.pk, "on_date": act.on_date.isoformat()},
                changes_ledger=changes_ledger,
                # A request is waiting for, or gone from, the street that was asked.
                touches=(audit.EVERYWHERE,),
            )
