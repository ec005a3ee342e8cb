"""Three streets whose firms, branches, members and guides hang together, and all that can be done to them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import timezone

from liangxin.registry.models import (
    Area,
    Organisation,
    PartyOrganisation,
    Person,
    Site,
)
from liangxin.registry.terms import (
    OrganisationStatus,
    PartyKind,
    SizeClassCode,
)
from tests.factories.registry import (
    make_area,
    make_guide,
    make_mass_presence,
    make_member,
    make_organisation,
    make_organisation_version,
    make_party_organisation,
    make_posting,
    make_site,
)

BEGAN = date(2025, 1, 1)
ENDED = date(2026, 6, 15)


@dataclass(frozen=True, kw_only=True)
class World:
    """Streets a, b and c; what hangs together across them is named for it."""

    today: date
    folder: Path
    a: Area
    b: Area
    c: Area
    site: Site
    other_site: Site
    plain: Organisation  # of a, nothing beside it
    shared: Organisation  # of a, covered with `far` by the joint branch of a
    far: Organisation  # of b
    served: Organisation  # of b; its guide serves `plain` too
    moved: Organisation  # of a, before that of c
    closed: Organisation  # of c; its member's relation is held in a
    joint: PartyOrganisation
    own: PartyOrganisation  # of a, covers `moved` alone
    guide: Person
    member: Person  # works in `far`, relation held in a


def make_world(folder: Path) -> World:
    """Firms, branches, members and a guide that hang together across three streets in every way."""
    a, b, c = (make_area(boundary=SQUARE) for _ in range(3))
    site, other_site = make_site(street=a), make_site(street=a)
    size = {"industry_section": "F", "size_class": SizeClassCode.MICRO, "lon": 120.1, "lat": 30.2}
    plain = make_organisation(street=a, site=site, employees=120, **size).organisation
    shared = make_organisation(street=a, site=other_site, employees=60, **size).organisation
    far = make_organisation(street=b, employees=20, **size).organisation
    served = make_organisation(street=b, employees=200).organisation
    moved = make_organisation(street=c, valid_to=BEGAN).organisation
    make_organisation_version(moved, street=a, valid_from=BEGAN, employees=55)
    closed = make_organisation(street=c, status=OrganisationStatus.CLOSED).organisation
    joint = make_party_organisation(
        street=a, kind=PartyKind.JOINT_BRANCH, covers=(shared, far)
    ).party_organisation
    own = make_party_organisation(street=a, covers=(moved,)).party_organisation
    guide = make_guide(capacity=9)
    for unit in (plain, served):
        make_posting(unit, person=guide)
    make_mass_presence(served)
    member = make_member(far, held_in=joint)
    for unit in (shared, closed):
        make_member(unit, held_in=joint)
    return World(
        today=timezone.localdate(),
        folder=folder,
        a=a,
        b=b,
        c=c,
        site=site,
        other_site=other_site,
        plain=plain,
        shared=shared,
        far=far,
        served=served,
        moved=moved,
        closed=closed,
        joint=joint,
        own=own,
        guide=guide,
        member=member,
    )


SQUARE = {"type": "Polygon", "coordinates": [[[120, 30], [121, 30], [121, 31], [120, 30]]]}
