"""Scopes in words, and the search that finds one to grant."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from liangxin.kernel.viewer import SCOPE_TITLES, Scope, ScopeKind
from liangxin.registry.models import (
    Area,
    GuideService,
    OrganisationVersion,
    PartyOrganisationVersion,
    Person,
    Site,
)
from liangxin.registry.queries.sites import standing, streets
from liangxin.standards.industries import UnknownIndustry, industry, sections

MOST_CHOICES = 20
MOST_NAMESAKES = 200
ID_ENDING = 4


@dataclass(frozen=True)
class ScopeChoice:
    """Something a role can be held over: its key, its name, and a line that tells namesakes apart."""

    key: str
    title: str
    note: str = ""


def scope_title(scope: Scope) -> str | None:
    """What a scope covers, in words; None where the ledger does not know its object."""
    return scope_titles([scope])[scope]


def scope_titles(scopes: Iterable[Scope]) -> Mapping[Scope, str | None]:
    """Titles of many scopes, with one query for each kind among them."""
    by_kind: dict[ScopeKind, set[str]] = defaultdict(set)
    for scope in scopes:
        by_kind[scope.kind].add(scope.key)
    return {
        Scope(kind, key): title
        for kind, keys in by_kind.items()
        for key, title in _titles(kind, keys).items()
    }


def _titles(kind: ScopeKind, keys: set[str]) -> dict[str, str | None]:
    if kind is ScopeKind.TRADE:
        return {key: _trade_title(key) for key in keys}
    if kind not in _SEARCHES:
        return {key: SCOPE_TITLES[kind] if key == "" else None for key in keys}
    numbers = [int(key) for key in keys if key.isdecimal()]
    known = {str(pk): name for pk, name in _names(kind, numbers)}
    return {key: known.get(key) for key in keys}


def _trade_title(code: str) -> str | None:
    try:
        return f"{industry(code).name}（{code}）"
    except UnknownIndustry:
        return None


def _names(kind: ScopeKind, numbers: list[int]) -> Iterable[tuple[int, str]]:
    match kind:
        case ScopeKind.STREET:
            return Area.objects.filter(pk__in=numbers).values_list("pk", "name")
        case ScopeKind.SITE:
            return Site.objects.filter(pk__in=numbers).values_list("pk", "name")
        case ScopeKind.ORGANISATION:
            # The newest version names it, also after it closed.
            return (
                OrganisationVersion.objects.filter(organisation_id__in=numbers)
                .order_by("organisation_id", "valid_from")
                .values_list("organisation_id", "name")
            )
        case ScopeKind.PARTY_ORGANISATION:
            return (
                PartyOrganisationVersion.objects.filter(party_organisation_id__in=numbers)
                .order_by("party_organisation_id", "valid_from")
                .values_list("party_organisation_id", "name")
            )
        case _:
            return Person.objects.filter(pk__in=numbers).values_list("pk", "name")


def scope_choices(kind: ScopeKind, text: str) -> list[ScopeChoice]:
    """Up to MOST_CHOICES scopes of a kind whose name contains `text`; the district's is one without a key."""
    wanted = " ".join(text.split())
    if kind is ScopeKind.TRADE:
        return [one for one in _trades() if wanted in one.title or wanted == one.key]
    if kind in _SEARCHES:
        return _SEARCHES[kind](wanted)
    return [ScopeChoice("", SCOPE_TITLES[kind])]


def _trades() -> list[ScopeChoice]:
    return [
        ScopeChoice(section.code, f"{section.name}（{section.code}）") for section in sections()
    ]


def _streets(text: str) -> list[ScopeChoice]:
    found = streets().filter(name__contains=text)
    return [ScopeChoice(str(area.pk), area.name, area.code) for area in found]


def _sites(text: str) -> list[ScopeChoice]:
    found = Site.objects.filter(standing(None), name__contains=text).select_related("street")
    return [ScopeChoice(str(site.pk), site.name, site.street.name) for site in found[:MOST_CHOICES]]


def _organisations(text: str) -> list[ScopeChoice]:
    if not text:
        return []
    initials = Q(name_initials__startswith=text.lower())
    by_name = Q(name__contains=text) | Q(organisation__uscc=text.upper()) | initials
    found: QuerySet[OrganisationVersion] = OrganisationVersion.objects.filter(
        by_name, valid_to__isnull=True
    ).select_related("organisation", "street")[:MOST_CHOICES]
    return [
        ScopeChoice(
            str(one.organisation_id), one.name, one.organisation.uscc or str(one.street or "")
        )
        for one in found
    ]


def _party_organisations(text: str) -> list[ScopeChoice]:
    found = PartyOrganisationVersion.objects.filter(
        name__contains=text, valid_to__isnull=True
    ).select_related("street")[:MOST_CHOICES]
    return [
        ScopeChoice(str(one.party_organisation_id), one.name, str(one.street or ""))
        for one in found
    ]


def _persons(text: str) -> list[ScopeChoice]:
    # Whoever is in the ledger is likely a Party member. Only somebody who was told the ID number by the
    # person finds them: the whole name and the last four characters.
    name, _, ending = text.rpartition(" ")
    if not name or len(ending) != ID_ENDING:
        return []
    named = Person.objects.filter(name=name).order_by("pk")[:MOST_NAMESAKES]
    found = [one for one in named if one.id_number.endswith(ending.upper())]
    return [ScopeChoice(str(one.pk), one.name, f"身份证号后四位 {ending.upper()}") for one in found]


def _guides(text: str) -> list[ScopeChoice]:
    found = GuideService.objects.filter(
        person__name__contains=text, valid_to__isnull=True
    ).select_related("person")
    rows = found.order_by("person__name", "person_id", "role")[:MOST_CHOICES]
    # Somebody may be instructor and liaison at once.
    return list(
        {
            row.person_id: ScopeChoice(str(row.person_id), row.person.name, row.home_unit)
            for row in rows
        }.values()
    )


_SEARCHES = {
    ScopeKind.STREET: _streets,
    ScopeKind.SITE: _sites,
    ScopeKind.ORGANISATION: _organisations,
    ScopeKind.PARTY_ORGANISATION: _party_organisations,
    ScopeKind.OWN_RECORD: _persons,
    ScopeKind.ASSIGNED_FIRMS: _guides,
}
