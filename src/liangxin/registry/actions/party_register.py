"""Keeping the register of Party organisations by form: create, revise, confirm, dissolve.

What is registered here stands already; founding a new one is planned, approved and founded elsewhere.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.form_refusals import (
    BeforeFounding,
    DuplicateCode,
    DuplicatePartyOrganisation,
    EndsTooEarly,
    NotStanding,
    ParentCircle,
)
from liangxin.registry.actions.party_organisations import told_by
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
    Area,
    Fact,
    PartyOrganisation,
    PartyOrganisationVersion,
    Provenance,
)
from liangxin.registry.queries.keeping import kept_party_organisations
from liangxin.registry.queries.scope import with_branches_below


@dataclass(frozen=True, kw_only=True)
class PartyFacts:
    """Cleaned facts; the code belongs to the organisation for good, all else to one dated version."""

    name: str
    kind: str
    code: str | None = None
    parent: PartyOrganisation | None = None
    street: Area | None = None

    def dated(self) -> dict[str, object]:
        """What a version holds."""
        return {
            "name": self.name,
            "kind": self.kind,
            "parent_id": self.parent.pk if self.parent else None,
            "street_id": self.street.pk if self.street else None,
        }


def party_edition(version: PartyOrganisationVersion) -> str:
    """What a form remembers of the Party organisation it showed."""
    return edition(version, version.party_organisation)


def create_party_organisation(
    facts: PartyFacts, *, by: Viewer, founded_date: date, today: date
) -> PartyOrganisationVersion:
    """Register a Party organisation that was founded on `founded_date`; raises RefusedChange."""
    require(by, Permission.EDIT_LEDGER)
    refuse_future(founded_date, today=today)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=founded_date)
        _refuse_duplicate(facts, apart_from=0)
        identity = PartyOrganisation.objects.create(
            code=facts.code, founded_date=founded_date, provenance=told
        )
        keys = {"party_organisation": identity, **facts.dated()}
        begin_fact(PartyOrganisationVersion, keys, from_date=founded_date, told=told)
        version = _refuse_out_of_scope(identity, by=by)
        _record("party_organisation.create", f"登记党组织“{facts.name}”", about=identity, by=by)
    return version


def revise_party_organisation(
    identity: PartyOrganisation,
    facts: PartyFacts,
    *,
    by: Viewer,
    based_on: str,
    today: date,
    from_date: date | None,
    may_precede: bool = False,
) -> PartyOrganisationVersion:
    """Let `facts` hold from `from_date` on (None: correct what holds now); raises RefusedChange."""
    require(by, Permission.EDIT_LEDGER)
    refuse_future(from_date, today=today)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=from_date or today)
        current = held_party_organisation(identity, by=by)
        refuse_stale(current, current.party_organisation, based_on=based_on)
        _refuse_before_founding(current.party_organisation, from_date)
        _refuse_duplicate(facts, apart_from=identity.pk)
        _refuse_circle(identity, facts, at=today)
        is_recoded = _recode(current.party_organisation, facts.code, told=told)
        telling = Telling(told=told, from_date=from_date, may_precede=may_precede)
        keys = {"party_organisation": identity}
        is_changed = tell_fact(PartyOrganisationVersion, keys, facts.dated(), telling=telling)
        if not is_changed and not is_recoded:
            raise NothingChanged("没有需要保存的改动。资料仍然属实的，请点“没有变化”。")
        version = _refuse_out_of_scope(identity, by=by)
        _record("party_organisation.revise", f"修改党组织“{facts.name}”", about=identity, by=by)
    return version


def confirm_party_organisation(identity: PartyOrganisation, *, by: Viewer, based_on: str) -> None:
    """Say that the facts still hold; leaves an audit entry and changes nothing."""
    require(by, Permission.EDIT_LEDGER)
    with transaction.atomic():
        current = held_party_organisation(identity, by=by)
        refuse_stale(current, current.party_organisation, based_on=based_on)
        audit.record(
            "party_organisation.confirm",
            by=by,
            summary=f"核对“{current.name}”，资料没有变化",
            about=current.party_organisation,
            changes_ledger=False,
        )


def dissolve_party_organisation(
    identity: PartyOrganisation,
    *,
    by: Viewer,
    based_on: str,
    dissolved_date: date,
    reason: str,
    today: date,
) -> None:
    """Let a Party organisation stand no longer; its coverages and posts end with it.

    Its members keep their relation and its units lose their coverage: both wait to be settled.
    """
    require(by, Permission.EDIT_LEDGER)
    refuse_future(dissolved_date, today=today)
    with transaction.atomic():
        told = told_by(by, source=f"{FORM_SOURCE}：{reason}", as_of_date=dissolved_date)
        current = held_party_organisation(identity, by=by)
        refuse_stale(current, current.party_organisation, based_on=based_on)
        founded = current.party_organisation.founded_date
        if (founded and dissolved_date <= founded) or dissolved_date <= current.valid_from:
            raise EndsTooEarly(
                f"撤销日期要晚于 {max(founded or current.valid_from, current.valid_from)}。"
            )
        _end_all(current.party_organisation, on=dissolved_date, told=told)
        PartyOrganisation.objects.filter(pk=identity.pk).update(
            dissolved_date=dissolved_date, provenance=told
        )
        _record(
            "party_organisation.dissolve",
            f"撤销党组织“{current.name}”：{reason}",
            about=identity,
            by=by,
        )


def held_party_organisation(identity: PartyOrganisation, *, by: Viewer) -> PartyOrganisationVersion:
    """The open version of one that stands, its identity locked; raises OutOfScope, NotStanding."""
    held = PartyOrganisation.objects.select_for_update().get(pk=identity.pk)
    current = kept_party_organisations(by).filter(party_organisation=held).first()
    if held.founded_date is None or held.dissolved_date is not None:
        raise NotStanding("这个党组织是拟建的，或者已经撤销，不能在这里办理。")
    if current is None:
        raise OutOfScope("这个党组织不在您负责的范围内。")
    return current


def _end_all(identity: PartyOrganisation, *, on: date, told: Provenance) -> None:
    lasting = {"valid_to__isnull": True}
    series: tuple[QuerySet[Fact], ...] = (
        identity.coverages.filter(**lasting),
        identity.posts.filter(**lasting),
        identity.meeting_places.filter(**lasting),
        identity.versions.filter(**lasting),
    )
    for facts in series:
        for row in facts:
            end_fact(row, on=on, told=told)


def _recode(identity: PartyOrganisation, code: str | None, *, told: Provenance) -> bool:
    if code == identity.code:
        return False
    PartyOrganisation.objects.filter(pk=identity.pk).update(code=code, provenance=told)
    return True


def _refuse_before_founding(identity: PartyOrganisation, day: date | None) -> None:
    if day and identity.founded_date and day < identity.founded_date:
        raise BeforeFounding(f"这个党组织 {identity.founded_date} 才成立，日期不能更早。")


def _refuse_duplicate(facts: PartyFacts, *, apart_from: int) -> None:
    others = PartyOrganisationVersion.objects.filter(valid_to__isnull=True).exclude(
        party_organisation_id=apart_from
    )
    if others.filter(name=facts.name).exists():
        raise DuplicatePartyOrganisation(
            "名册里已有同名的党组织，名称不能重复；同一个的，请修改原来那条。"
        )
    # Also a dissolved one keeps its code: reports of its time name it.
    taken = PartyOrganisation.objects.exclude(pk=apart_from)
    if facts.code and taken.filter(code=facts.code).exists():
        raise DuplicateCode("这个党组织编码已有别的党组织在用，请核对。")


def _refuse_circle(identity: PartyOrganisation, facts: PartyFacts, *, at: date) -> None:
    if facts.parent and facts.parent.pk in with_branches_below([identity.pk], at=at):
        raise ParentCircle("这个上级党组织就在本组织之下（或就是本组织），上下级会绕成圈。")


def _refuse_out_of_scope(identity: PartyOrganisation, *, by: Viewer) -> PartyOrganisationVersion:
    """Roll back what would leave the officer's scope: the saved row itself is asked."""
    version = kept_party_organisations(by).filter(party_organisation=identity).first()
    if version is None:
        raise OutOfScope("党组织要属于您负责的街道；划转到其他街道请由区级办理。")
    return version


def _record(action: str, summary: str, *, about: PartyOrganisation, by: Viewer) -> None:
    audit.record(action, by=by, summary=summary, about=about)
