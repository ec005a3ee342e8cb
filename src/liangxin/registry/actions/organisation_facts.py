"""What a person tells of an organisation, and the row of the ledger made of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from liangxin.registry.actions.recording import industry_section, name_initials, size_class_code
from liangxin.registry.models import Area, OrganisationVersion, Site
from liangxin.registry.queries.changes import TOLD_FIELDS
from liangxin.standards.organisation_names import core_name


@dataclass(frozen=True, kw_only=True)
class OrganisationFacts:
    """Cleaned facts; '' or None where not known. Coordinates are WGS-84 degrees.

    The credit code belongs to the organisation for good; all else to one dated version.
    """

    uscc: str | None = None
    name: str
    kind: str
    status: str
    street: Area | None = None
    site: Site | None = None
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    industry_code: str = ""
    employees: int | None = None
    revenue_wan: Decimal | None = None
    has_premises: bool | None = None
    has_activity: bool | None = None
    has_meeting_room: bool | None = None
    legal_representative: str = ""
    supervisor: str = ""
    phone: str = ""
    established_date: date | None = None


def facts_of(version: OrganisationVersion) -> OrganisationFacts:
    """The facts a version of the ledger holds."""
    dated = {name: getattr(version, name) for name in TOLD_FIELDS}
    return OrganisationFacts(uscc=version.organisation.uscc, **dated)


def apply_facts(version: OrganisationVersion, facts: OrganisationFacts) -> OrganisationVersion:
    """Write facts and what follows from them on an unsaved or changed version; returns it."""
    for name in TOLD_FIELDS:
        setattr(version, name, getattr(facts, name))
    version.name_initials = name_initials(facts.name)
    version.name_core = core_name(facts.name)
    version.industry_section = industry_section(facts.industry_code)
    version.size_class = size_class_code(
        facts.industry_code, employees=facts.employees, revenue_wan=facts.revenue_wan
    )
    return version
