"""Documents of the search, read from the ledger as it stands."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q

from liangxin.registry.models import (
    Employment,
    GuideService,
    Organisation,
    OrganisationVersion,
    PartyCoverage,
    PartyMembership,
    PartyOrganisation,
    PartyOrganisationVersion,
    PartyRelation,
    Person,
    Post,
    Site,
)
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.search_tokens import Document
from liangxin.registry.terms import OrganisationStatus, PostKind, Searched

Reader = Callable[[Iterable[int], date], list[Document]]
INDUSTRY_LENGTHS = (1, 2, 3, 4)


def documents(kind: Searched, keys: Iterable[int], *, at: date) -> list[Document]:
    """The documents of some objects; of those the ledger does not hold, none."""
    return READERS[kind](list(keys), at)


def placed_documents(kind: Searched, keys: Iterable[int], *, at: date) -> list[Document]:
    """The same, with the places of all firms that an object is met through: what an index holds."""
    found = documents(kind, keys, at=at)
    finder = PLACES.get(kind)
    if finder is None:
        return found
    places = finder([one.key for one in found])
    return [replace(one, places=one.places | places[one.key]) for one in found]


def all_keys(kind: Searched) -> list[int]:
    """The keys of every object of a kind, ascending."""
    match kind:
        case Searched.ORGANISATION:
            found = set(Organisation.objects.values_list("pk", flat=True).order_by())
        case Searched.PARTY:
            found = set(PartyOrganisation.objects.values_list("pk", flat=True).order_by())
        case Searched.SITE:
            found = set(Site.objects.values_list("pk", flat=True).order_by())
        case Searched.MEMBER:
            found = set(PartyMembership.objects.values_list("person_id", flat=True).order_by())
        case Searched.GUIDE:
            found = set(GuideService.objects.values_list("person_id", flat=True).order_by())
    return sorted(found)


def place_tokens(street: int | None, site: int | None, industry: str, section: str) -> set[str]:
    """Tokens of where an organisation stands, as scopes ask for them."""
    found = {f"s{street}"} if street else set()
    if site:
        found.add(f"p{site}")
    if section:
        found.add(f"i{section}")
    found.update(f"i{industry[:length]}" for length in INDUSTRY_LENGTHS if len(industry) >= length)
    return found


def _organisations(keys: Iterable[int], at: date) -> list[Document]:
    absorbed = _absorbed(Organisation, keys)
    versions = (
        OrganisationVersion.objects.filter(organisation_id__in=[*keys, *absorbed])
        .order_by("organisation_id", "-valid_from", "-id")
        .select_related("organisation", "street")
        .only(
            *("organisation__uscc", "name", "status", "street__name", "site_id", "address"),
            *("industry_code", "industry_section", "legal_representative"),
            *("valid_from", "valid_to"),
        )
    )
    held: dict[int, list[OrganisationVersion]] = defaultdict(list)
    for version in versions:
        held[absorbed.get(version.organisation_id, version.organisation_id)].append(version)
    return [_organisation(key, found, at=at) for key, found in held.items()]


def _organisation(key: int, versions: list[OrganisationVersion], *, at: date) -> Document:
    own = [one for one in versions if one.organisation_id == key] or versions
    now = next((one for one in own if _holds(one, at)), own[0])
    places: set[str] = set()
    for one in versions:
        places |= place_tokens(one.street_id, one.site_id, one.industry_code, one.industry_section)
    return Document(
        kind=Searched.ORGANISATION,
        key=key,
        name=now.name,
        note=now.street.name if now.street else "",
        former=_former((one.name for one in versions), now.name),
        others=_filled({now.legal_representative}),
        words=_filled({now.address}),
        codes=_filled({one.organisation.uscc or "" for one in versions}),
        places=frozenset(places),
        is_closed=now.status == OrganisationStatus.CLOSED,
    )


def _party_organisations(keys: Iterable[int], at: date) -> list[Document]:
    versions = (
        PartyOrganisationVersion.objects.filter(party_organisation_id__in=keys)
        .order_by("party_organisation_id", "-valid_from", "-id")
        .select_related("party_organisation", "street")
        .only(
            *("party_organisation__code", "party_organisation__dissolved_date", "name", "kind"),
            *("street__name", "valid_from", "valid_to"),
        )
    )
    held: dict[int, list[PartyOrganisationVersion]] = defaultdict(list)
    for version in versions:
        held[version.party_organisation_id].append(version)
    posts = Post.objects.filter(
        true_at(at), party_organisation_id__in=keys, kind=PostKind.SECRETARY
    ).order_by()
    led = _grouped(posts.values_list("party_organisation_id", "person_name"))
    return [_party(key, found, led=led[key], at=at) for key, found in held.items()]


def _party(
    key: int, versions: list[PartyOrganisationVersion], *, led: set[str], at: date
) -> Document:
    now = next((one for one in versions if _holds(one, at)), versions[0])
    return Document(
        kind=Searched.PARTY,
        key=key,
        name=now.name,
        note=now.get_kind_display(),
        former=_former((one.name for one in versions), now.name),
        codes=_filled({now.party_organisation.code or ""}),
        guarded=_filled(led),
        places=frozenset(f"s{one.street_id}" for one in versions if one.street_id),
        is_closed=now.party_organisation.dissolved_date is not None,
    )


def _members(keys: Iterable[int], at: date) -> list[Document]:
    employers = _employer_names(keys, at=at)
    return [
        Document(
            kind=Searched.MEMBER,
            key=key,
            name=name,
            note="、".join(sorted(employers[key])),
            former=tuple(sorted(former - {name})),
        )
        for key, name, former in _persons(keys)
    ]


def _guides(keys: Iterable[int], at: date) -> list[Document]:
    services = GuideService.objects.filter(true_at(at), person_id__in=keys).order_by("id")
    units = _grouped(services.values_list("person_id", "home_unit"))
    return [
        Document(
            kind=Searched.GUIDE,
            key=key,
            name=name,
            note="、".join(_filled(units[key])),
            former=tuple(sorted(former - {name})),
            words=_filled(units[key]),
        )
        for key, name, former in _persons(keys)
    ]


def _sites(keys: Iterable[int], at: date) -> list[Document]:
    rows = Site.objects.filter(pk__in=keys).order_by("pk")
    return [
        Document(
            kind=Searched.SITE,
            key=key,
            name=name,
            note=street,
            words=_filled({address}),
        )
        for key, name, street, address in rows.values_list("pk", "name", "street__name", "address")
    ]


def _persons(keys: Iterable[int]) -> list[tuple[int, str, set[str]]]:
    """Key, name, and the names of those taken into the person."""
    held = Person._base_manager.filter(Q(pk__in=keys) | Q(merged_into_id__in=keys)).order_by()
    rows = list(held.values_list("pk", "name", "merged_into_id"))
    named, wanted = {key: name for key, name, _ in rows}, set(keys)
    absorbed = {key: into for key, _, into in rows if into is not None and into in wanted}
    if absorbed:  # others may have been taken into these before
        absorbed |= {taken: absorbed[into] for taken, into in _absorbed(Person, absorbed).items()}
        earlier = Person._base_manager.filter(pk__in=absorbed.keys() - named.keys()).order_by()
        named |= dict(earlier.values_list("pk", "name"))
    former: dict[int, set[str]] = defaultdict(set)
    for taken, survivor in absorbed.items():
        former[survivor].add(named.get(taken, ""))
    return [(key, named[key], former[key]) for key in keys if key in named]


def _absorbed(model: type[Organisation] | type[Person], keys: Iterable[int]) -> dict[int, int]:
    """Everything taken into some of `keys`, also by way of others: its key and the survivor's."""
    found: dict[int, int] = {}
    level = {key: key for key in keys}
    while level:
        rows = model._base_manager.filter(merged_into_id__in=level).order_by()
        taken = {
            key: level[into]
            for key, into in rows.values_list("pk", "merged_into_id")
            if into is not None and key not in found
        }
        found |= taken
        level = taken
    return found


def _places_of(units: Iterable[int]) -> dict[int, set[str]]:
    rows = OrganisationVersion.objects.filter(organisation_id__in=units).order_by()
    found: dict[int, set[str]] = defaultdict(set)
    for unit, street, site, industry, section in rows.values_list(
        "organisation_id", "street_id", "site_id", "industry_code", "industry_section"
    ):
        found[unit] |= place_tokens(street, site, industry, section)
    return found


def _covered_places(keys: Iterable[int]) -> dict[int, set[str]]:
    covered = _grouped(
        PartyCoverage.objects.filter(party_organisation_id__in=keys)
        .order_by()
        .values_list("party_organisation_id", "organisation_id")
    )
    return _united(covered)


def _member_places(keys: Iterable[int]) -> dict[int, set[str]]:
    found = _united(_employers(keys))
    for person, streets in _relation_streets(keys).items():
        found[person] |= streets
    return found


def _united(units: Mapping[int, set[int]]) -> dict[int, set[str]]:
    """The places of all the firms of each key."""
    places = _places_of({unit for found in units.values() for unit in found})
    found: dict[int, set[str]] = defaultdict(set)
    for key, own in units.items():
        found[key].update(*(places[unit] for unit in own))
    return found


def _employers(keys: Iterable[int]) -> dict[int, set[int]]:
    rows = Employment.objects.filter(person_id__in=keys).order_by()
    return _grouped(rows.values_list("person_id", "organisation_id"))


def _employer_names(keys: Iterable[int], *, at: date) -> dict[int, set[str]]:
    work = "organisation__employments__person_id"
    rows = OrganisationVersion.objects.filter(true_at(at), **{f"{work}__in": keys}).order_by()
    return _grouped(rows.values_list(work, "name"))


def _relation_streets(keys: Iterable[int]) -> dict[int, set[str]]:
    held = PartyRelation.objects.filter(
        Q(party_organisation__versions__street__isnull=False), person_id__in=keys
    ).order_by()
    found: dict[int, set[str]] = defaultdict(set)
    for person, street in held.values_list("person_id", "party_organisation__versions__street_id"):
        found[person].add(f"s{street}")
    return found


def _grouped(rows: Iterable[tuple[int, Any]]) -> dict[int, set[Any]]:
    found: dict[int, set[Any]] = defaultdict(set)
    for key, value in rows:
        found[key].add(value)
    return found


def _holds(version: OrganisationVersion | PartyOrganisationVersion, at: date) -> bool:
    return version.valid_from <= at and (version.valid_to is None or version.valid_to > at)


def _former(names: Iterable[str], now: str) -> tuple[str, ...]:
    return tuple(sorted(set(names) - {now}))


def _filled(texts: set[str]) -> tuple[str, ...]:
    return tuple(sorted(texts - {""}))


READERS: dict[Searched, Reader] = {
    Searched.ORGANISATION: _organisations,
    Searched.PARTY: _party_organisations,
    Searched.MEMBER: _members,
    Searched.GUIDE: _guides,
    Searched.SITE: _sites,
}
PLACES: dict[Searched, Callable[[Iterable[int]], dict[int, set[str]]]] = {
    Searched.PARTY: _covered_places,
    Searched.MEMBER: _member_places,
}
