"""What the ledger learnt after the search index was built; looked through directly meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from liangxin.kernel.audit import ledger_revision
from liangxin.kernel.keeping import kept
from liangxin.registry.models import (
    Employment,
    Fact,
    GuideService,
    Organisation,
    OrganisationVersion,
    PartyMembership,
    PartyOrganisationVersion,
    PartyRelation,
    Person,
    Post,
    Provenance,
    SearchIndex,
    Site,
)
from liangxin.registry.terms import Searched

# More than these are not looked through one by one: only their names are, by the database.
MAX_PENDING = 500
EVERYTHING = -1


@dataclass(frozen=True)
class Told:
    """A table whose facts change documents: the field that names the object."""

    model: type[Fact]
    key: str


TOLD: dict[Searched, tuple[Told, ...]] = {
    Searched.ORGANISATION: (Told(OrganisationVersion, "organisation_id"),),
    Searched.PARTY: (
        Told(PartyOrganisationVersion, "party_organisation_id"),
        Told(Post, "party_organisation_id"),
    ),
    Searched.MEMBER: (
        Told(PartyMembership, "person_id"),
        Told(Employment, "person_id"),
        Told(PartyRelation, "person_id"),
    ),
    Searched.GUIDE: (Told(GuideService, "person_id"),),
    Searched.SITE: (),
}
MEMBERS_OR_GUIDES = {Searched.MEMBER: "memberships", Searched.GUIDE: "guide_services"}


def pending_keys(index: SearchIndex | None) -> dict[Searched, list[int]]:
    """Of each kind the keys of objects that changed after the index was built; at most MAX_PENDING + 1 of them.

    Kept until something is done to the ledger or told to it: who types asks with every letter.
    """
    # A restored backup gives an index's key to another one, hence the time.
    built = f"{index.pk}/{index.finished_at:%Y%m%dT%H%M%S.%f}" if index else ""
    told = Provenance.objects.aggregate(newest=Max("pk"))["newest"]
    key = f"search/pending/{built}/{told}/{ledger_revision()}"
    return kept(key, lambda: {kind: _pending(index, kind) for kind in Searched})


def _pending(index: SearchIndex | None, kind: Searched) -> list[int]:
    since = index.last_provenance if index else EVERYTHING
    found: set[int] = set()
    for rows, key in _changed(kind, since=since):
        found.update(rows.order_by().values_list(key, flat=True)[: MAX_PENDING + 1])
        if len(found) > MAX_PENDING:
            return sorted(found)[: MAX_PENDING + 1]
    return sorted(found | _survivors(kind, found))


def pending_named(
    index: SearchIndex | None, kind: Searched, *, text: str, at_most: int
) -> list[int]:
    """Keys of changed objects whose name holds the text: for when there are many of them."""
    since = index.last_provenance if index else EVERYTHING
    rows, key, name = _names(kind)
    fits = Q(**{f"{name}__icontains": text})
    if kind is Searched.ORGANISATION and text.isascii():
        fits |= Q(name_initials__contains=text) | Q(organisation__uscc__startswith=text.upper())
    found = rows.filter(fits, provenance_id__gt=since).order_by(name, "pk")
    return list(dict.fromkeys(found.values_list(key, flat=True)[:at_most]))


def _changed(
    kind: Searched, *, since: int
) -> Iterable[tuple["QuerySet[Fact] | QuerySet[Person] | QuerySet[Site]", str]]:
    for told in TOLD[kind]:
        rows = told.model._default_manager.all()
        yield rows.filter(provenance_id__gt=since), told.key
        if since != EVERYTHING:
            yield rows.filter(ended_by_id__gt=since), told.key
    if kind is Searched.SITE:
        yield Site.objects.filter(provenance_id__gt=since), "pk"
    if related := MEMBERS_OR_GUIDES.get(kind):
        persons = Person.objects.filter(provenance_id__gt=since)
        yield persons.filter(**{f"{related}__isnull": False}), "pk"


def _survivors(kind: Searched, keys: set[int]) -> set[int]:
    """Whom those that changed by being taken into another now stand under."""
    if not keys or kind in (Searched.PARTY, Searched.SITE):
        return set()
    model = Organisation if kind is Searched.ORGANISATION else Person
    found: set[int] = set()
    level = keys
    while level:
        rows = model._base_manager.filter(pk__in=level, merged_into__isnull=False).order_by()
        level = set(rows.values_list("merged_into_id", flat=True)) - found
        found |= level
    return found


def _names(
    kind: Searched,
) -> "tuple[QuerySet[OrganisationVersion] | QuerySet[PartyOrganisationVersion] | QuerySet[Person] | QuerySet[Site], str, str]":
    match kind:
        case Searched.ORGANISATION:
            return OrganisationVersion.objects.all(), "organisation_id", "name"
        case Searched.PARTY:
            return PartyOrganisationVersion.objects.all(), "party_organisation_id", "name"
        case Searched.SITE:
            return Site.objects.all(), "pk", "name"
        case _:
            related = MEMBERS_OR_GUIDES[kind]
            return Person.objects.filter(**{f"{related}__isnull": False}), "pk", "name"
