"""What a form offers while somebody types a name, and which row a text typed or chosen means."""

import re
from datetime import date

from django.db.models import Q, QuerySet

from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import GuideService, OrganisationVersion, PartyOrganisationVersion
from liangxin.registry.queries.guides import guide_search, guides
from liangxin.registry.queries.keeping import kept_party_organisations, kept_units
from liangxin.registry.queries.organisations import organisation_search
from liangxin.registry.queries.versions import party_organisation_versions
from liangxin.registry.terms import OrganisationStatus

OFFERED = 20
_USCC = re.compile(r"（([0-9A-Z]{18})）$")
_NUMBER = re.compile(r"编号 ?([0-9]{1,15})）$")
_CODE = re.compile(r"（([^（）]{1,40})）$")


def unit_label(version: OrganisationVersion) -> str:
    """A unit as a form names it: what stands in brackets tells namesakes apart."""
    return f"{version.name}（{version.organisation.uscc or f'编号 {version.organisation_id}'}）"


def party_label(version: PartyOrganisationVersion) -> str:
    """A Party organisation as a form names it."""
    code = version.party_organisation.code
    return f"{version.name}（{code or f'编号 {version.party_organisation_id}'}）"


def guide_label(service: GuideService) -> str:
    """A guide as a form names them."""
    home = service.home_unit or "派出单位未填"
    return (
        f"{service.person.name}（{service.get_role_display()}，{home}，编号 {service.person_id}）"
    )


def units_offered(viewer: Viewer, text: str, *, at: date) -> list[OrganisationVersion]:
    """Units whose facts the viewer may change and whose name, code or initials fit."""
    found = _units(viewer, at=at).filter(organisation_search(text))
    return list(found.order_by("name", "organisation_id")[:OFFERED])


def units_meant(viewer: Viewer, text: str, *, at: date) -> list[OrganisationVersion]:
    """The units a text means: one by its code or number, else all of that very name."""
    found = _units(viewer, at=at)
    if code := _USCC.search(text):
        return list(found.filter(organisation__uscc=code[1]))
    if number := _NUMBER.search(text):
        return list(found.filter(organisation_id=int(number[1])))
    return list(found.filter(name=text).order_by("organisation_id")[:OFFERED])


def party_organisations_offered(
    viewer: Viewer, text: str, *, at: date
) -> list[PartyOrganisationVersion]:
    """Party organisations the viewer may name as parent or holder of a relation."""
    fits = Q(name__icontains=text) | Q(party_organisation__code__icontains=text)
    found = _nameable(viewer, at=at).filter(fits)
    return list(found.order_by("name", "party_organisation_id")[:OFFERED])


def party_organisations_meant(
    viewer: Viewer, text: str, *, at: date
) -> list[PartyOrganisationVersion]:
    """The Party organisations a text means: one by its code or number, else all of that very name."""
    found = _nameable(viewer, at=at)
    if number := _NUMBER.search(text):
        return list(found.filter(party_organisation_id=int(number[1])))
    named = list(found.filter(name=text).order_by("party_organisation_id")[:OFFERED])
    code = _CODE.search(text)
    return named or (list(found.filter(party_organisation__code=code[1])) if code else [])


def guides_offered(viewer: Viewer, text: str, *, at: date) -> list[GuideService]:
    """Guides the viewer meets whose name or home unit fits."""
    return list(guides(viewer, at=at).filter(guide_search(text))[:OFFERED])


def guides_meant(viewer: Viewer, text: str, *, at: date) -> list[GuideService]:
    """The services a text means: of one person by number, else of all of that very name."""
    found = guides(viewer, at=at)
    if number := _NUMBER.search(text):
        mine = list(found.filter(person_id=int(number[1])))
        return [one for one in mine if one.get_role_display() in text] or mine
    return list(found.filter(person__name=text)[:OFFERED])


def _units(viewer: Viewer, *, at: date) -> QuerySet[OrganisationVersion]:
    return (
        kept_units(viewer, at=at)
        .exclude(status=OrganisationStatus.CLOSED)
        .select_related("organisation", "street")
    )


def _nameable(viewer: Viewer, *, at: date) -> QuerySet[PartyOrganisationVersion]:
    # The district's own committees stand above every street: their names are no street's business.
    own = kept_party_organisations(viewer).order_by().values("pk")
    seen = party_organisation_versions(viewer, at=at).order_by().values("pk")
    found = PartyOrganisationVersion.objects.filter(
        Q(pk__in=own) | Q(pk__in=seen) | Q(street__isnull=True, valid_to__isnull=True),
        party_organisation__founded_date__isnull=False,
        party_organisation__dissolved_date__isnull=True,
    )
    return found.select_related("party_organisation", "street")
