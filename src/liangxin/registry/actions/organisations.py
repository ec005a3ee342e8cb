"""Keeping the ledger of organisations by form: create, revise, close, confirm.

Nothing is deleted: a change ends the version in force and begins another.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.organisation_facts import OrganisationFacts, apply_facts, facts_of
from liangxin.registry.actions.refusals import (
    AlreadyClosed,
    ChangedMeanwhile,
    DuplicateName,
    DuplicateUscc,
    FutureDate,
    LikelyDuplicate,
    NothingChanged,
    OutOfScope,
    PrecedesOpenVersion,
)
from liangxin.registry.models import Organisation, OrganisationVersion, Provenance
from liangxin.registry.queries.changes import TOLD_FIELDS, changed_fields
from liangxin.registry.queries.organisations import (
    CONFIRMED,
    EDITING_ROLES,
    editable_versions,
    same_name_in_street,
)
from liangxin.registry.queries.revisions import asides, places_of
from liangxin.registry.queries.scope import in_scope
from liangxin.registry.terms import OrganisationStatus, SourceKind

FORM_SOURCE = "手工填写"
# What decides over more than the organisation itself: over whom it employs, who covers and who serves it.
FAR_REACHING = frozenset({"street", "status"})
# What decides over who counts, where it is, who covers it or whom it is near to; all else is only told.
STANDING = frozenset({"kind", "status", "street", "site", "industry_code", "lon", "lat"})
TELLING = frozenset(TOLD_FIELDS) - STANDING


def edition(version: OrganisationVersion) -> str:
    """What a form remembers of the version it showed; new after every saved change."""
    return f"{version.pk}-{version.provenance_id}"


def create_organisation(
    facts: OrganisationFacts,
    *,
    by: Viewer,
    valid_from: date,
    today: date,
    is_not_the_same: bool = False,
) -> OrganisationVersion:
    """Put a new organisation in the ledger; raises RefusedChange.

    A second one of the same name in a street needs its own credit code and `is_not_the_same`.
    """
    require(by, Permission.EDIT_LEDGER)
    _refuse_future(valid_from, today=today)
    with transaction.atomic():
        _refuse_duplicate(facts)
        namesake = _namesake(facts)
        if namesake and not is_not_the_same:
            raise LikelyDuplicate(namesake)
        told = _provenance(by, as_of_date=valid_from)
        organisation = _identity(facts.uscc, told=told)
        version = _begin(organisation, facts, valid_from=valid_from, told=told)
        _refuse_out_of_scope(version, by=by, at=today)
        _record("organisation.create", f"新建单位“{facts.name}”", version=version, by=by)
    return version


def revise_organisation(
    organisation: Organisation,
    facts: OrganisationFacts,
    *,
    by: Viewer,
    based_on: str,
    valid_from: date,
    today: date,
    may_precede: bool = False,
) -> OrganisationVersion:
    """Let `facts` hold from `valid_from` on, and return the version that holds them.

    A change dated like the version in force corrects it. One dated earlier needs `may_precede` and
    holds until the next version the ledger knows, which it leaves alone. `based_on` is the `edition`
    of the version the person saw. Raises RefusedChange.
    """
    require(by, Permission.EDIT_LEDGER)
    _refuse_future(valid_from, today=today)
    with transaction.atomic():
        current = _held(organisation, by=by, based_on=based_on, today=today)
        if valid_from < current.valid_from and not may_precede:
            raise PrecedesOpenVersion(current)
        _refuse_duplicate(facts, apart_from=organisation)
        version = _told_from(current, facts, by=by, valid_from=valid_from)
        _refuse_out_of_scope(version, by=by, at=today)
    return version


def close_organisation(
    organisation: Organisation,
    *,
    by: Viewer,
    based_on: str,
    closed_date: date,
    reason: str,
    today: date,
) -> OrganisationVersion:
    """Mark an organisation closed from `closed_date` on; raises RefusedChange."""
    require(by, Permission.EDIT_LEDGER)
    _refuse_future(closed_date, today=today)
    with transaction.atomic():
        current = _held(organisation, by=by, based_on=based_on, today=today)
        if current.status == OrganisationStatus.CLOSED:
            raise AlreadyClosed("这家单位已经是注销、吊销或迁出状态。")
        if closed_date < current.valid_from:
            raise PrecedesOpenVersion(current)
        facts = replace(facts_of(current), status=OrganisationStatus.CLOSED.value)
        told = _provenance(by, as_of_date=closed_date, source=f"{FORM_SOURCE}：{reason}")
        version = _supersede(current, facts, valid_from=closed_date, told=told)
        _record("organisation.close", f"“{current.name}”停止在营：{reason}", version=version, by=by)
    return version


def confirm_organisation(
    organisation: Organisation, *, by: Viewer, based_on: str, today: date
) -> None:
    """Say that the facts still hold today; leaves an audit entry and changes nothing."""
    require(by, Permission.EDIT_LEDGER)
    with transaction.atomic():
        current = _held(organisation, by=by, based_on=based_on, today=today)
        _record(
            CONFIRMED,
            f"核对“{current.name}”，资料没有变化",
            version=current,
            by=by,
            changes_ledger=False,
        )


def _held(
    organisation: Organisation, *, by: Viewer, based_on: str, today: date
) -> OrganisationVersion:
    """The open version, locked; refuses what is out of scope or was changed since `based_on`."""
    # Without the lock two officers could both find their edition current and both write.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    current = editable_versions(by, at=today).filter(organisation=organisation).first()
    if current is None:
        raise OutOfScope("这家单位不在您负责的范围内。")
    if edition(current) != based_on:
        raise ChangedMeanwhile(current)
    return current


def _identity(uscc: str | None, *, told: Provenance) -> Organisation:
    try:
        with transaction.atomic():
            return Organisation.objects.create(uscc=uscc, provenance=told)
    except IntegrityError:
        # Somebody else saved the same code between our look and our write.
        raise DuplicateUscc(Organisation.objects.get(uscc=uscc)) from None


def _told_from(
    current: OrganisationVersion, facts: OrganisationFacts, *, by: Viewer, valid_from: date
) -> OrganisationVersion:
    before = _in_force(current, at=valid_from)
    changed = changed_fields(before, apply_facts(OrganisationVersion(), facts)) if before else ()
    is_near = before == current and not FAR_REACHING & set(changed)
    is_recoded = _recode(current.organisation, uscc=facts.uscc)
    if before and not changed and not is_recoded:
        raise NothingChanged("没有需要保存的改动。资料仍然属实的，请点“没有变化”。")
    told = _provenance(by, as_of_date=valid_from)
    if before is None or (changed and before.valid_from < valid_from):
        version = _supersede(current, facts, valid_from=valid_from, told=told)
    else:
        version = _correct(before, facts, told=told)
    fields = (*changed, "uscc") if is_recoded else changed
    _record(
        "organisation.revise",
        f"修改“{facts.name}”的资料",
        version=version,
        by=by,
        fields=fields,
        touches=_touched(current, fields) if is_near else (),
    )
    return version


def _touched(current: OrganisationVersion, fields: Collection[str]) -> frozenset[str]:
    places = places_of(current.organisation_id)
    return asides(places) if TELLING.issuperset(fields) else places


def _recode(organisation: Organisation, *, uscc: str | None) -> bool:
    if uscc == organisation.uscc:
        return False
    try:
        with transaction.atomic():
            Organisation.objects.filter(pk=organisation.pk).update(uscc=uscc)
    except IntegrityError:
        raise DuplicateUscc(Organisation.objects.get(uscc=uscc)) from None
    return True


def _in_force(current: OrganisationVersion, *, at: date) -> OrganisationVersion | None:
    past = current.organisation.versions.filter(valid_from__lte=at).order_by("-valid_from")
    return past.first()


def _supersede(
    current: OrganisationVersion, facts: OrganisationFacts, *, valid_from: date, told: Provenance
) -> OrganisationVersion:
    versions = current.organisation.versions
    after = versions.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    if after is None and current.valid_from == valid_from:
        return _correct(current, facts, told=told)
    # The old version ends first: the database allows one open version at a time.
    versions.filter(valid_from__lt=valid_from, valid_to=after.valid_from if after else None).update(
        valid_to=valid_from, ended_by=told
    )
    return _begin(
        current.organisation,
        facts,
        valid_from=valid_from,
        told=told,
        valid_to=after.valid_from if after else None,
    )


def _correct(
    version: OrganisationVersion, facts: OrganisationFacts, *, told: Provenance
) -> OrganisationVersion:
    corrected = OrganisationVersion.objects.get(pk=version.pk)
    corrected.provenance, corrected.recorded_at = told, told.recorded_at
    apply_facts(corrected, facts).save()
    return corrected


def _begin(
    organisation: Organisation,
    facts: OrganisationFacts,
    *,
    valid_from: date,
    told: Provenance,
    valid_to: date | None = None,
) -> OrganisationVersion:
    version = OrganisationVersion(
        organisation=organisation,
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=told.recorded_at,
        provenance=told,
    )
    apply_facts(version, facts).save()
    return version


def _provenance(by: Viewer, *, as_of_date: date, source: str = FORM_SOURCE) -> Provenance:
    return Provenance.objects.create(
        kind=SourceKind.FORM,
        source=source[:120],
        as_of_date=as_of_date,
        recorded_at=timezone.now(),
        recorded_by_id=by.user_id,
    )


def _refuse_future(day: date, *, today: date) -> None:
    if day > today:
        raise FutureDate("日期不能晚于今天；台账只记已经发生的事。")


def _refuse_duplicate(facts: OrganisationFacts, *, apart_from: Organisation | None = None) -> None:
    own = apart_from.pk if apart_from else 0
    taken = Organisation.objects.filter(uscc=facts.uscc).exclude(pk=own).first()
    if facts.uscc and taken:
        raise DuplicateUscc(taken)
    namesake = None if facts.uscc else _namesake(facts, apart_from=apart_from)
    if namesake:
        raise DuplicateName(namesake)


def _namesake(
    facts: OrganisationFacts, *, apart_from: Organisation | None = None
) -> Organisation | None:
    if facts.street is None:
        return None
    named = same_name_in_street(facts.name, street_id=facts.street.pk).exclude(
        organisation_id=apart_from.pk if apart_from else 0
    )
    version = named.select_related("organisation").first()
    return version.organisation if version else None


def _refuse_out_of_scope(version: OrganisationVersion, *, by: Viewer, at: date) -> None:
    """Roll back what would leave the officer's scope: the saved row itself is asked."""
    scope = in_scope(by, at=at, roles=EDITING_ROLES)
    if not OrganisationVersion.objects.filter(scope, pk=version.pk).exists():
        raise OutOfScope("保存后这家单位就不在您负责的范围内了。划转到其他街道请由区级办理。")


def _record(
    action: str,
    summary: str,
    *,
    version: OrganisationVersion,
    by: Viewer,
    fields: tuple[str, ...] = (),
    changes_ledger: bool = True,
    touches: Collection[str] = (),
) -> None:
    details: dict[str, object] = {"valid_from": version.valid_from.isoformat()}
    if fields:
        details["fields"] = list(fields)
    audit.record(
        action,
        by=by,
        summary=summary,
        about=version.organisation,
        details=details,
        changes_ledger=changes_ledger,
        touches=touches,
    )
