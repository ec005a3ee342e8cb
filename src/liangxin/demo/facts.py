"""What the synthetic district consists of: frozen facts, every one of them made up.

Organisations refer to one another by name; names are unique over the whole district. Kinds,
statuses and roles are codes; the writer of the lists spells them in Chinese.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MARKER = "示例区"
"""Stands in every organisation's name, so that nobody takes one for real."""

CITY = "示范市"
DIVISION = "990101"
"""Division code of the district; GB/T 2260 assigns no province 99."""

Point = tuple[float, float]
"""Longitude and latitude in degrees, WGS-84."""


@dataclass(frozen=True, slots=True)
class Street:
    """One street: `ring` is its closed boundary, first point repeated at the end."""

    code: str
    name: str
    kind: str
    ring: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Site:
    """A building, park or market where firms sit; `is_large` says which of the two tails."""

    name: str
    kind: str
    street: str
    address: str
    point: Point
    is_large: bool


@dataclass(frozen=True, slots=True)
class Enterprise:
    """One firm as the registers know it; `status` is `unknown` where no register says."""

    name: str
    uscc: str
    kind: str
    status: str
    street: str
    site: str
    address: str
    industry: str
    employees: int
    revenue_wan: float
    has_premises: bool | None
    has_activity: bool | None
    legal_representative: str
    phone: str
    established_date: date
    point: Point


@dataclass(frozen=True, slots=True)
class SocialOrganisation:
    """One association, service agency or foundation."""

    name: str
    uscc: str
    kind: str
    status: str
    street: str
    address: str
    employees: int
    supervisor: str
    legal_representative: str
    phone: str
    established_date: date


@dataclass(frozen=True, slots=True)
class PartyOrganisation:
    """One Party organisation; `covered` holds the names of the units it covers."""

    name: str
    code: str
    kind: str
    parent: str
    street: str
    founded_date: date
    covered: tuple[str, ...]
    secretary: str


@dataclass(frozen=True, slots=True)
class Member:
    """One Party member; `relation` is a Party organisation's name where `is_held_here`."""

    name: str
    id_number: str
    sex: str
    phone: str
    work_unit: str
    position: str
    stage: str
    joined_date: date
    full_date: date | None
    relation: str
    is_held_here: bool


@dataclass(frozen=True, slots=True)
class Instructor:
    """One instructor or liaison and the firms served between two dates, the end excluded."""

    name: str
    id_number: str
    phone: str
    role: str
    home_unit: str
    capacity: int
    served: tuple[str, ...]
    start_date: date
    end_date: date


@dataclass(frozen=True, slots=True)
class MassPresence:
    """Whether one unit has a trade union and a Youth League organisation."""

    name: str
    has_union: bool
    has_league: bool


@dataclass(frozen=True, slots=True)
class District:
    """The whole district as it stands on `today`."""

    name: str
    seed: int
    scale: int
    today: date
    streets: tuple[Street, ...]
    sites: tuple[Site, ...]
    enterprises: tuple[Enterprise, ...]
    social_organisations: tuple[SocialOrganisation, ...]
    party_organisations: tuple[PartyOrganisation, ...]
    members: tuple[Member, ...]
    instructors: tuple[Instructor, ...]
    mass_presences: tuple[MassPresence, ...]
