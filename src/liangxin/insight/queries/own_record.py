"""What the ledger holds on the person who asks, and from where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from liangxin.kernel.viewer import Role, ScopeKind, Viewer
from liangxin.registry.models import (
    Employment,
    Fact,
    OrganisationVersion,
    PartyMembership,
    PartyOrganisationVersion,
    PartyRelation,
    Person,
)
from liangxin.registry.queries import true_at

NO_NAME = "台账中没有当日的名称"
FactOfPerson = TypeVar("FactOfPerson", PartyMembership, PartyRelation, Employment)


@dataclass(frozen=True, kw_only=True)
class HeldFact:
    """One thing held: what, in words, since when, told by whom and recorded when."""

    title: str
    value: str
    valid_from: date
    source: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class OwnRecord:
    """A member's own record; ID and telephone numbers are for masking by the page."""

    person: Person
    membership: PartyMembership | None
    facts: Sequence[HeldFact]


def own_records(viewer: Viewer, *, at: date) -> Sequence[OwnRecord]:
    """The records of the person the viewer is; empty for any other role."""
    keys = [
        int(scope.key) for scope in viewer.scopes(Role.MEMBER) if scope.kind is ScopeKind.OWN_RECORD
    ]
    return [_record(person, at=at) for person in Person.objects.filter(pk__in=keys)]


def _record(person: Person, *, at: date) -> OwnRecord:
    memberships = _true_of(PartyMembership, person, at=at)
    facts = [
        *(_held("党员身份", one.get_stage_display(), one) for one in memberships),
        *(
            _held("组织关系", _place(one, at=at), one)
            for one in _true_of(PartyRelation, person, at=at)
        ),
        *(
            _held("工作单位", _employer(one, at=at), one)
            for one in _true_of(Employment, person, at=at)
        ),
    ]
    return OwnRecord(person=person, membership=next(iter(memberships), None), facts=facts)


def _true_of(model: type[FactOfPerson], person: Person, *, at: date) -> list[FactOfPerson]:
    found = model._default_manager.filter(true_at(at), person=person)
    return list(found.select_related("provenance").order_by("valid_from", "pk"))


def _held(title: str, value: str, fact: Fact) -> HeldFact:
    return HeldFact(
        title=title,
        value=value,
        valid_from=fact.valid_from,
        source=fact.provenance.source,
        recorded_at=fact.recorded_at,
    )


def _place(relation: PartyRelation, *, at: date) -> str:
    if relation.party_organisation_id is None:
        return relation.elsewhere
    found = PartyOrganisationVersion.objects.filter(
        true_at(at), party_organisation_id=relation.party_organisation_id
    ).first()
    return found.name if found else NO_NAME


def _employer(work: Employment, *, at: date) -> str:
    found = OrganisationVersion.objects.filter(
        true_at(at), organisation_id=work.organisation_id
    ).first()
    position = f"（{work.get_position_display()}）" if work.position else ""
    return f"{found.name}{position}" if found else NO_NAME
