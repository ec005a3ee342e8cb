"""Rows of the ledger for tests: each function makes one true thing and what it stands on.

Numbers belong to nobody: division 990100 and telephone numbers 1990000xxxx are not assigned.
"""

from datetime import date
from itertools import count

from django.utils import timezone

from liangxin.kernel.encryption import blind_index
from liangxin.registry.models import (
    Area,
    Employment,
    GuideService,
    MassPresence,
    Organisation,
    OrganisationVersion,
    PartyCoverage,
    PartyMembership,
    PartyOrganisation,
    PartyOrganisationVersion,
    PartyRelation,
    Person,
    Post,
    Posting,
    Provenance,
    Site,
)
from liangxin.registry.terms import (
    AreaKind,
    GuideRole,
    MassKind,
    MemberStage,
    OrganisationKind,
    OrganisationStatus,
    PartyKind,
    Position,
    PostKind,
    SiteKind,
    SourceKind,
)
from liangxin.standards.id_number import id_check_character
from liangxin.standards.uscc import uscc_check_character

DIVISION = "990100"
START = date(2024, 1, 1)
_serial = count(1)


def next_uscc() -> str:
    """A valid credit code of an unassigned division, new with every call."""
    first17 = f"91{DIVISION}{next(_serial):09d}"
    return first17 + uscc_check_character(first17)


def next_id_number(*, born: date = date(1990, 5, 1), sex: str = "女") -> str:
    """A valid ID number of an unassigned area, new with every call up to 499 for one birth date."""
    order = next(_serial) % 499 * 2 + (1 if sex == "男" else 2)
    first17 = f"{DIVISION}{born:%Y%m%d}{order:03d}"
    return first17 + id_check_character(first17)


def make_provenance(
    *,
    as_of_date: date = START,
    source: str = "测试来源",
    kind: SourceKind = SourceKind.IMPORT,
) -> Provenance:
    """One act of telling the ledger something."""
    return Provenance.objects.create(
        kind=kind, source=source, as_of_date=as_of_date, recorded_at=timezone.now()
    )


def make_area(
    name: str | None = None,
    *,
    kind: AreaKind = AreaKind.STREET,
    parent: Area | None = None,
    boundary: dict[str, object] | None = None,
) -> Area:
    """A street (or, by `kind`, the district)."""
    number = next(_serial)
    return Area.objects.create(
        code=f"{DIVISION}{number:06d}",
        name=name or f"测试{number}街道",
        kind=kind,
        parent=parent,
        boundary=boundary,
        is_synthetic=True,
    )


def make_site(
    name: str | None = None,
    *,
    street: Area | None = None,
    kind: SiteKind = SiteKind.BUILDING,
    lon: float | None = None,
    lat: float | None = None,
) -> Site:
    """A building, park or market in a street."""
    return Site.objects.create(
        name=name or f"测试大厦{next(_serial)}号",
        kind=kind,
        street=street or make_area(),
        lon=lon,
        lat=lat,
        provenance=make_provenance(),
        is_synthetic=True,
    )


def make_organisation_identity(*, uscc: str | None = None) -> Organisation:
    """An organisation about which nothing is known yet."""
    return Organisation.objects.create(
        uscc=uscc or next_uscc(), provenance=make_provenance(), is_synthetic=True
    )


def make_organisation_version(organisation: Organisation, **facts: object) -> OrganisationVersion:
    """One version of a known organisation; `facts` are fields of OrganisationVersion."""
    provenance = facts.pop("provenance", None) or make_provenance()
    values: dict[str, object] = {
        "name": f"测试{organisation.pk}有限公司",
        "kind": OrganisationKind.COMPANY,
        "status": OrganisationStatus.OPERATING,
        "valid_from": START,
        "recorded_at": timezone.now(),
        "provenance": provenance,
    }
    return OrganisationVersion.objects.create(organisation=organisation, **(values | facts))


def make_organisation(*, uscc: str | None = None, **facts: object) -> OrganisationVersion:
    """An operating company in a street of its own, as its open version (`.organisation` is it)."""
    if "street" not in facts:
        site = facts.get("site")
        facts["street"] = site.street if isinstance(site, Site) else make_area()
    return make_organisation_version(make_organisation_identity(uscc=uscc), **facts)


def make_party_organisation(
    name: str | None = None,
    *,
    kind: PartyKind = PartyKind.BRANCH,
    street: Area | None = None,
    parent: PartyOrganisation | None = None,
    founded_date: date | None = START,
    covers: tuple[Organisation, ...] = (),
    valid_from: date = START,
) -> PartyOrganisationVersion:
    """A founded Party organisation and what it covers, as its open version."""
    identity = PartyOrganisation.objects.create(
        code=f"TEST{next(_serial):06d}",
        founded_date=founded_date,
        provenance=make_provenance(),
        is_synthetic=True,
    )
    version = PartyOrganisationVersion.objects.create(
        party_organisation=identity,
        name=name or f"测试{identity.pk}党支部",
        kind=kind,
        street=street,
        parent=parent,
        valid_from=valid_from,
        recorded_at=timezone.now(),
        provenance=make_provenance(),
    )
    for organisation in covers:
        make_coverage(identity, organisation, valid_from=valid_from)
    return version


def make_coverage(
    party_organisation: PartyOrganisation,
    organisation: Organisation,
    *,
    valid_from: date = START,
    valid_to: date | None = None,
) -> PartyCoverage:
    """A Party organisation covers an organisation."""
    return PartyCoverage.objects.create(
        party_organisation=party_organisation,
        organisation=organisation,
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=timezone.now(),
        provenance=make_provenance(),
    )


def make_person(
    name: str | None = None, *, id_number: str | None = None, phone: str = "", sex: str = "女"
) -> Person:
    """Somebody with a valid ID number; no fact about them yet."""
    number = next_id_number(sex=sex) if id_number is None else id_number
    return Person.objects.create(
        name=name or f"测试人员{next(_serial)}",
        id_number=number,
        id_index=blind_index(number),
        phone=phone,
        sex=sex,
        provenance=make_provenance(),
        is_synthetic=True,
    )


def make_employment(
    person: Person,
    organisation: Organisation,
    *,
    position: Position = Position.TECHNICAL,
    valid_from: date = START,
    valid_to: date | None = None,
) -> Employment:
    """A person works in an organisation."""
    return Employment.objects.create(
        person=person,
        organisation=organisation,
        position=position,
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=timezone.now(),
        provenance=make_provenance(),
    )


def make_membership(
    person: Person,
    *,
    stage: MemberStage = MemberStage.FULL,
    joined_date: date | None = date(2015, 7, 1),
    full_date: date | None = date(2016, 7, 1),
    valid_from: date = START,
    valid_to: date | None = None,
) -> PartyMembership:
    """A person is a Party member of a stage."""
    return PartyMembership.objects.create(
        person=person,
        stage=stage,
        joined_date=joined_date,
        full_date=full_date if stage == MemberStage.FULL else None,
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=timezone.now(),
        provenance=make_provenance(),
    )


def make_relation(
    person: Person,
    *,
    held_in: PartyOrganisation | None = None,
    elsewhere: str = "",
    valid_from: date = START,
    valid_to: date | None = None,
) -> PartyRelation:
    """A member's Party relation: held in an organisation of the ledger, else `elsewhere`."""
    return PartyRelation.objects.create(
        person=person,
        party_organisation=held_in,
        elsewhere=elsewhere or ("" if held_in else "外地某社区党支部"),
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=timezone.now(),
        provenance=make_provenance(),
    )


def make_member(
    organisation: Organisation,
    *,
    name: str | None = None,
    stage: MemberStage = MemberStage.FULL,
    held_in: PartyOrganisation | None = None,
    elsewhere: str = "",
    valid_from: date = START,
) -> Person:
    """A Party member who works in `organisation`, with the relation held as told."""
    person = make_person(name)
    make_employment(person, organisation, valid_from=valid_from)
    make_membership(person, stage=stage, valid_from=valid_from)
    make_relation(person, held_in=held_in, elsewhere=elsewhere, valid_from=valid_from)
    return person


def make_guide(
    name: str | None = None,
    *,
    role: GuideRole = GuideRole.INSTRUCTOR,
    home_unit: str = "测试区机关",
    capacity: int | None = 3,
    valid_from: date = START,
    valid_to: date | None = None,
) -> Person:
    """A person in service as instructor or liaison."""
    person = make_person(name)
    GuideService.objects.create(
        person=person,
        role=role,
        home_unit=home_unit,
        capacity=capacity,
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=timezone.now(),
        provenance=make_provenance(),
    )
    return person


def make_posting(
    organisation: Organisation,
    *,
    person: Person | None = None,
    role: GuideRole = GuideRole.INSTRUCTOR,
    valid_from: date = START,
    valid_to: date | None = None,
) -> Posting:
    """An instructor or liaison is posted to an organisation."""
    return Posting.objects.create(
        person=person or make_guide(role=role),
        organisation=organisation,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=timezone.now(),
        provenance=make_provenance(),
    )


def make_post(
    party_organisation: PartyOrganisation,
    *,
    kind: PostKind = PostKind.SECRETARY,
    person: Person | None = None,
    person_name: str = "",
    valid_from: date = START,
    valid_to: date | None = None,
) -> Post:
    """Somebody holds a post in a Party organisation."""
    return Post.objects.create(
        party_organisation=party_organisation,
        kind=kind,
        person=person,
        person_name=person_name or (person.name if person else "测试书记"),
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=timezone.now(),
        provenance=make_provenance(),
    )


def make_mass_presence(
    organisation: Organisation,
    *,
    kind: MassKind = MassKind.UNION,
    valid_from: date = START,
    valid_to: date | None = None,
) -> MassPresence:
    """A trade union or League organisation stands in the organisation."""
    return MassPresence.objects.create(
        organisation=organisation,
        kind=kind,
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=timezone.now(),
        provenance=make_provenance(),
    )
