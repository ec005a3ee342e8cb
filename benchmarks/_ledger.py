"""A synthetic district written straight into an empty database, for stopwatches only.

The demo goes through intake like a user; here only the size and the shape of the ledger matter.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

from liangxin.demo.district import make_district
from liangxin.demo.facts import District
from liangxin.kernel.bulk import prepare_rows
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
    Posting,
    Provenance,
    Site,
)
from liangxin.registry.terms import AreaKind, SourceKind
from liangxin.standards.industries import section_of

SOURCE = "基准测试"


def fill_ledger(*, scale: int, today: date, seed: int = 1) -> None:
    """Write the district of `seed`, `scale` times 20,000 firms, as it stands on `today`."""
    district = make_district(seed=seed, scale=scale, today=today)
    provenance = Provenance.objects.create(
        kind=SourceKind.DEMO, source=SOURCE, as_of_date=today, recorded_at=timezone.now()
    )
    with transaction.atomic():
        _Writer(district, provenance).write()
        _number_on()


def _number_on() -> None:
    """Let the database number new rows after those written with keys of their own."""
    tables = [
        *apps.get_app_config("registry").get_models(),
        *apps.get_app_config("kernel").get_models(),
    ]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)


@dataclass(frozen=True)
class _Keys:
    """Primary keys by the names the district uses."""

    streets: Mapping[str, int]
    sites: Mapping[str, int]
    organisations: Mapping[str, int]
    party: Mapping[str, int]


class _Writer:
    def __init__(self, district: District, provenance: Provenance) -> None:
        self.district = district
        self.provenance = provenance
        self.fact = {
            "valid_from": date(district.today.year, 1, 1),
            "recorded_at": provenance.recorded_at,
            "provenance": provenance,
        }
        self.made = {"provenance": provenance, "is_synthetic": True}
        units = (*district.enterprises, *district.social_organisations)
        self.keys = _Keys(
            streets=_numbered(district.streets),
            sites=_numbered(district.sites),
            organisations=_numbered(units),
            party=_numbered(district.party_organisations),
        )

    def write(self) -> None:
        self._write_places()
        self._write_organisations()
        self._write_party()
        self._write_people()
        self._write_mass_presences()

    def _write_places(self) -> None:
        streets, keys = self.district.streets, self.keys
        _insert(
            Area,
            (
                Area(
                    pk=keys.streets[s.name],
                    code=s.code,
                    name=s.name,
                    kind=AreaKind.STREET,
                    boundary={"type": "Polygon", "coordinates": [[list(p) for p in s.ring]]},
                    is_synthetic=True,
                )
                for s in streets
            ),
        )
        _insert(
            Site,
            (
                Site(
                    pk=keys.sites[s.name],
                    name=s.name,
                    kind=s.kind,
                    street_id=keys.streets[s.street],
                    lon=s.point[0],
                    lat=s.point[1],
                    **self.made,
                )
                for s in self.district.sites
            ),
        )

    def _write_organisations(self) -> None:
        units = (*self.district.enterprises, *self.district.social_organisations)
        key = self.keys.organisations
        _insert(
            Organisation,
            (Organisation(pk=key[u.name], uscc=u.uscc or None, **self.made) for u in units),
        )
        _insert(OrganisationVersion, (self._version(unit) for unit in units), numbered=True)

    def _version(self, unit: Any) -> OrganisationVersion:
        point = getattr(unit, "point", (None, None))
        industry = getattr(unit, "industry", "")
        return OrganisationVersion(
            organisation_id=self.keys.organisations[unit.name],
            name=unit.name,
            kind=unit.kind,
            status=unit.status,
            street_id=self.keys.streets[unit.street],
            site_id=self.keys.sites.get(getattr(unit, "site", "")),
            address=unit.address,
            lon=point[0],
            lat=point[1],
            industry_code=industry,
            industry_section=section_of(industry) if industry else "",
            employees=unit.employees,
            has_premises=getattr(unit, "has_premises", None),
            has_activity=getattr(unit, "has_activity", None),
            legal_representative=unit.legal_representative,
            phone=unit.phone,
            established_date=unit.established_date,
            **self.fact,
        )

    def _write_party(self) -> None:
        every, keys = self.district.party_organisations, self.keys
        _insert(
            PartyOrganisation,
            (
                PartyOrganisation(
                    pk=keys.party[p.name],
                    code=p.code or None,
                    founded_date=p.founded_date,
                    **self.made,
                )
                for p in every
            ),
        )
        _insert(
            PartyOrganisationVersion,
            (
                PartyOrganisationVersion(
                    party_organisation_id=keys.party[p.name],
                    name=p.name,
                    kind=p.kind,
                    street_id=keys.streets.get(p.street),
                    **self.fact,
                )
                for p in every
            ),
            numbered=True,
        )
        _insert(
            PartyCoverage,
            (
                PartyCoverage(
                    party_organisation_id=keys.party[p.name],
                    organisation_id=keys.organisations[name],
                    **self.fact,
                )
                for p in every
                for name in p.covered
                if name in keys.organisations
            ),
            numbered=True,
        )

    def _write_people(self) -> None:
        members, guides = self.district.members, self.district.instructors
        everybody = enumerate((*members, *guides), 1)
        _insert(Person, (Person(pk=pk, name=p.name, **self.made) for pk, p in everybody))
        worked = [
            (pk, m) for pk, m in enumerate(members, 1) if m.work_unit in self.keys.organisations
        ]
        _insert(Employment, (self._employment(pk, m) for pk, m in worked), numbered=True)
        _insert(
            PartyMembership,
            (
                PartyMembership(person_id=pk, stage=m.stage, **self.fact)
                for pk, m in enumerate(members, 1)
            ),
            numbered=True,
        )
        _insert(
            PartyRelation,
            (self._relation(pk, m) for pk, m in enumerate(members, 1) if m.relation),
            numbered=True,
        )
        _insert(
            GuideService,
            (
                GuideService(
                    person_id=pk,
                    role=guide.role,
                    home_unit=guide.home_unit,
                    capacity=guide.capacity,
                    **self.fact,
                )
                for pk, guide in enumerate(guides, len(members) + 1)
            ),
            numbered=True,
        )
        _insert(
            Posting,
            (
                Posting(
                    person_id=pk,
                    organisation_id=self.keys.organisations[name],
                    role=guide.role,
                    **self.fact,
                )
                for pk, guide in enumerate(guides, len(members) + 1)
                for name in dict.fromkeys(guide.served)
                if name in self.keys.organisations
            ),
            numbered=True,
        )

    def _employment(self, person: int, member: Any) -> Employment:
        unit = self.keys.organisations[member.work_unit]
        return Employment(person_id=person, organisation_id=unit, **self.fact)

    def _relation(self, person: int, member: Any) -> PartyRelation:
        held_in = self.keys.party.get(member.relation) if member.is_held_here else None
        away = "" if held_in else member.relation
        return PartyRelation(
            person_id=person, party_organisation_id=held_in, elsewhere=away, **self.fact
        )

    def _write_mass_presences(self) -> None:
        key = self.keys.organisations
        kinds: tuple[tuple[str, Callable[[Any], bool]], ...] = (
            ("union", lambda m: m.has_union),
            ("league", lambda m: m.has_league),
        )
        _insert(
            MassPresence,
            (
                MassPresence(organisation_id=key[m.name], kind=kind, **self.fact)
                for m in self.district.mass_presences
                for kind, has in kinds
                if has(m) and m.name in key
            ),
            numbered=True,
        )


def _numbered(things: Sequence[Any]) -> dict[str, int]:
    return {thing.name: number for number, thing in enumerate(things, 1)}


def _insert(
    model: type[models.Model], rows: Iterable[models.Model], *, numbered: bool = False
) -> None:
    numbers = count(1)
    made = list(rows)
    for row in made if numbered else ():
        row.pk = next(numbers)
    prepare_rows(model, made).insert()
