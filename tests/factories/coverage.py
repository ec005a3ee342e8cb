"""Viewers and a small random ledger for tests of coverage."""

import random
from datetime import date, timedelta

from liangxin.kernel.viewer import Held, Role, Scope, ScopeKind, Viewer
from liangxin.registry.models import Area, Site
from liangxin.registry.terms import (
    GuideRole,
    MassKind,
    MemberStage,
    OrganisationKind,
    OrganisationStatus,
    PartyKind,
    SizeClassCode,
)
from tests.factories import registry

DAY = date(2026, 6, 1)
EARLIER = (date(2024, 1, 1), date(2025, 6, 1), DAY, DAY + timedelta(days=30))


def officer_of(*streets: Area) -> Viewer:
    """A committee officer over some streets."""
    return _viewer(
        *(Held(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(s.pk))) for s in streets)
    )


def owner_of(organisation_id: int) -> Viewer:
    """The owner of one organisation, outside the Party chain."""
    scope = Scope(ScopeKind.ORGANISATION, str(organisation_id))
    return _viewer(Held(Role.OWNER, scope))


def secretary_of(party_organisation_id: int) -> Viewer:
    """The secretary of one Party organisation."""
    scope = Scope(ScopeKind.PARTY_ORGANISATION, str(party_organisation_id))
    return _viewer(Held(Role.SECRETARY, scope))


def _viewer(*held: Held) -> Viewer:
    return Viewer(user_id=None, username="test", name="测试", held=frozenset(held))


def make_random_ledger(seed: int, *, size: int = 24) -> None:
    """Organisations of every kind and state, covered in every way, some of it over or not yet."""
    chance = random.Random(seed)
    streets = [registry.make_area() for _ in range(3)]
    sites = [registry.make_site(street=chance.choice(streets)) for _ in range(3)]
    made = [
        _random_organisation(chance, streets=streets, sites=sites).organisation for _ in range(size)
    ]
    for _ in range(size // 3):
        units = tuple(chance.sample(made, chance.choice((1, 1, 2, 3))))
        kind = chance.choice((PartyKind.BRANCH, PartyKind.JOINT_BRANCH, PartyKind.COMMITTEE))
        founded = chance.choice((*EARLIER, None))
        registry.make_party_organisation(kind=kind, founded_date=founded, covers=units)
    for organisation in chance.sample(made, size // 3):
        registry.make_posting(
            organisation, role=chance.choice(list(GuideRole)), valid_from=chance.choice(EARLIER)
        )
        registry.make_mass_presence(
            organisation, kind=chance.choice(list(MassKind)), valid_from=chance.choice(EARLIER)
        )
    for organisation in chance.sample(made, size // 3):
        for _ in range(chance.choice((1, 2, 3, 4))):
            registry.make_member(organisation, stage=chance.choice(list(MemberStage)))


def _random_organisation(chance: random.Random, *, streets: list[Area], sites: list[Site]):  # type: ignore[no-untyped-def]
    site = chance.choice((None, *sites))
    return registry.make_organisation(
        street=site.street if site else chance.choice((None, *streets)),
        site=site,
        kind=chance.choice((OrganisationKind.COMPANY, *OrganisationKind)),
        status=chance.choice((OrganisationStatus.OPERATING,) * 4 + tuple(OrganisationStatus)),
        industry_section=chance.choice(("", "C", "F")),
        size_class=chance.choice(("", *SizeClassCode.values)),
        employees=chance.choice((None, 3, 10, 60, 120)),
        has_premises=chance.choice((True, True, None)),
        has_activity=chance.choice((True, True, False)),
        valid_from=chance.choice(EARLIER),
    )
