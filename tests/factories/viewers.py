"""Viewers for tests that need no account."""

from liangxin.kernel.viewer import Held, Role, Scope, ScopeKind, Viewer
from liangxin.registry.models import Area, Organisation, PartyOrganisation, Person, Site


def holding(role: Role, kind: ScopeKind, key: object = "") -> Viewer:
    """Somebody without an account who holds one role over one scope."""
    return Viewer(
        user_id=None,
        username="test",
        name="测试人",
        held=frozenset({Held(role, Scope(kind, str(key)))}),
    )


def office() -> Viewer:
    return holding(Role.DISTRICT_OFFICE, ScopeKind.DISTRICT)


def officer_of(place: Area | Site | str) -> Viewer:
    """A committee officer of a street, a site, or (by its code) a trade."""
    if isinstance(place, Area):
        return holding(Role.COMMITTEE_OFFICER, ScopeKind.STREET, place.pk)
    if isinstance(place, Site):
        return holding(Role.COMMITTEE_OFFICER, ScopeKind.SITE, place.pk)
    return holding(Role.COMMITTEE_OFFICER, ScopeKind.TRADE, place)


def secretary_of(party_organisation: PartyOrganisation) -> Viewer:
    return holding(Role.SECRETARY, ScopeKind.PARTY_ORGANISATION, party_organisation.pk)


def owner_of(organisation: Organisation) -> Viewer:
    return holding(Role.OWNER, ScopeKind.ORGANISATION, organisation.pk)


def instructor(person: Person) -> Viewer:
    return holding(Role.INSTRUCTOR, ScopeKind.ASSIGNED_FIRMS, person.pk)


def administrator() -> Viewer:
    return holding(Role.ADMINISTRATOR, ScopeKind.DISTRICT)
