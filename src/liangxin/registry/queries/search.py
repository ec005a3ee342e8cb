"""The search: what fits the typed words, among everything the viewer may see, best first.

The index only proposes. Each object proposed is asked for once more through the queries that decide
what the viewer may see, and its words are compared as they stand today.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from liangxin.kernel.audit import places_revision
from liangxin.kernel.keeping import kept
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.remembering import remembered
from liangxin.kernel.viewer import ScopeKind, Viewer
from liangxin.registry.models import SearchIndex
from liangxin.registry.queries.guides import guides
from liangxin.registry.queries.party import led_party_organisations
from liangxin.registry.queries.people import members
from liangxin.registry.queries.revisions import standing_revision_for
from liangxin.registry.queries.scope import REACHING, organisations_in_scope
from liangxin.registry.queries.search_documents import documents
from liangxin.registry.queries.search_pending import MAX_PENDING, pending_keys, pending_named
from liangxin.registry.queries.search_places import Places, Shelf, newest_index, open_shelves
from liangxin.registry.queries.search_tokens import (
    NAME,
    OTHER,
    Document,
    asked_code,
    sounds_of,
)
from liangxin.registry.queries.search_words import (
    Words,
    beginning,
    in_field,
    whole,
    words_of,
)
from liangxin.registry.queries.sites import described_sites
from liangxin.registry.queries.versions import party_organisation_versions
from liangxin.registry.terms import Searched
from liangxin.standards.spelling import folded, found_in

MAX_TERMS = 6
MAX_TERM = 40
# Candidates asked for at once, and how many are looked through before the rest is left to the list.
SPARE, GROWTH, DEPTH = 6, 6, 1200
MOST_NAMED = 80
PLACE_SCOPES = {ScopeKind.STREET: "s", ScopeKind.SITE: "p", ScopeKind.TRADE: "i"}


@dataclass(frozen=True)
class Hit:
    """One object that fits; `former` is the old name by which it was found, `marked` what fits in the name."""

    document: Document
    former: str = ""
    marked: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Found:
    """The hits of one kind, and whether there may be more."""

    kind: Searched
    hits: tuple[Hit, ...]
    has_more: bool = False
    # Many rows are not in the index yet: among those only names were compared.
    is_partial: bool = False


def terms_of(text: str) -> tuple[str, ...]:
    """The words of a search, folded; all of them must fit."""
    words = (folded(word)[:MAX_TERM] for word in text.split())
    return tuple(dict.fromkeys(filter(None, words)))[:MAX_TERMS]


def search(viewer: Viewer, text: str, *, at: date, limit: int) -> tuple[Found, ...]:
    """Per kind the first `limit` objects that fit every word and that the viewer may see on `at`."""
    terms = terms_of(text)
    if not terms:
        return ()
    kinds = [kind for kind in Searched if may(viewer, PERMISSIONS[kind])]
    index, words = newest_index(), words_of(terms)
    pending = pending_keys(index)
    shelves = open_shelves(index, kinds, [*words.tokens, *_places(viewer)])
    asked = _Asked(viewer, words, at=at, limit=limit)
    return tuple(
        _search_kind(asked, kind, index=index, shelf=shelves.get(kind), pending=pending[kind])
        for kind in kinds
    )


def fitting_keys(kind: Searched, text: str, *, at_most: int) -> list[int] | None:
    """Keys of all objects of a kind that fit every word, whoever looks: only to narrow a list in scope.

    None where that takes more than `at_most` comparisons: the database should then compare names.
    """
    terms, index = terms_of(text), newest_index()
    candidates = set(pending_keys(index)[kind])
    if not terms or len(candidates) > MAX_PENDING:
        return None
    words = words_of(terms)
    for shelf in open_shelves(index, [kind], words.tokens).values():
        *_, anywhere = _tiers(words, shelf=shelf)
        places = np.flatnonzero(anywhere)
        if len(places) > at_most:
            return None
        candidates.update(shelf.keys_at(places))
    # By the names of any time: a list may be asked for a past day.
    found = documents(kind, sorted(candidates), at=date.max)
    return [one.key for one in found if _hit(one, terms, is_led=False)]


@dataclass(frozen=True)
class _Asked:
    """Who asks for what, on which day, and for how many of each kind."""

    viewer: Viewer
    words: Words
    at: date
    limit: int


def _search_kind(
    asked: _Asked,
    kind: Searched,
    *,
    index: SearchIndex | None,
    shelf: Shelf | None,
    pending: list[int],
) -> Found:
    terms, limit = asked.words.terms, asked.limit
    is_partial = len(pending) > MAX_PENDING
    if is_partial:
        pending = pending_named(index, kind, text=max(terms, key=len), at_most=MOST_NAMED)
    look, changed = _Look(asked.viewer, terms, kind=kind, at=asked.at), set(pending)
    chunks = iter(()) if shelf is None else _candidates(asked, shelf)
    # Looked at together with the index's first: a second look costs as much again.
    hits = look.hits([*pending, *(key for key in next(chunks, ()) if key not in changed)])
    is_mixed = any(hit.document.key in changed for hit in hits)
    kept = sum(hit.document.key not in changed for hit in hits)
    while kept <= limit and (keys := next(chunks, None)) is not None:
        more = look.hits([key for key in keys if key not in changed])
        hits, kept = [*hits, *more], kept + len(more)
    if is_mixed:
        hits.sort(key=lambda hit: _order(hit, terms))
    return Found(kind, tuple(hits[:limit]), has_more=len(hits) > limit, is_partial=is_partial)


@dataclass(frozen=True)
class _Look:
    """A second, exact look at candidates, with the viewer's eyes."""

    viewer: Viewer
    terms: Sequence[str]
    kind: Searched
    at: date

    def hits(self, keys: Sequence[int]) -> list[Hit]:
        """Those of `keys` that fit and may be seen, in the order given."""
        if not keys:
            return []
        held = {one.key: one for one in documents(self.kind, keys, at=self.at)}
        led = self._led(held)
        tried = (_hit(held[key], self.terms, is_led=key in led) for key in keys if key in held)
        fitting = [hit for hit in tried if hit is not None]
        if not fitting:
            return []
        seen = self._seen([hit.document.key for hit in fitting])
        return [hit for hit in fitting if hit.document.key in seen]

    def _seen(self, keys: Sequence[int]) -> set[int]:
        if self.viewer.sees_district() or _is_told_by_places(self.viewer, self.kind):
            return VISIBLE[self.kind](self.viewer, keys, self.at)
        return set(_every_visible(self.viewer, self.kind, at=self.at))

    def _led(self, held: dict[int, Document]) -> set[int]:
        if not any(one.guarded for one in held.values()):
            return set()
        led = led_party_organisations(self.viewer, at=self.at)
        return set(led.filter(party_organisation_id__in=list(held)))


def _hit(document: Document, terms: Sequence[str], *, is_led: bool) -> Hit | None:
    """How every term fits the document; None where one does not."""
    marked, former = [], ""
    for term in terms:
        spot = found_in(term, sounds_of(document.name))
        if spot is not None:
            marked.append(spot)
            continue
        old = next((one for one in document.former if found_in(term, sounds_of(one))), "")
        if not old and not _fits_elsewhere(term, document, is_led=is_led):
            return None
        former = former or old
    return Hit(document, former=former, marked=tuple(sorted(marked)))


def _fits_elsewhere(term: str, document: Document, *, is_led: bool) -> bool:
    spelt = (*document.others, *(document.guarded if is_led else ()))
    return (
        any(found_in(term, sounds_of(text)) for text in spelt)
        or any(term in folded(text) for text in document.words)
        or (bool(asked_code(term)) and any(term in folded(code) for code in document.codes))
    )


def _order(hit: Hit, terms: Sequence[str]) -> tuple[object, ...]:
    """Where a hit belongs: whole name, beginning of the name, within it, elsewhere; then by rank."""
    name = hit.document.name
    begins = bool(hit.marked) and hit.marked[0][0] == 0
    is_whole = begins and hit.marked[0][1] == len(name)
    is_code = any(term in folded(code) for term in terms for code in hit.document.codes)
    return (not is_whole, not begins, not is_code, not hit.marked, hit.document.rank)


def _candidates(asked: _Asked, shelf: Shelf) -> Iterator[list[int]]:
    """Keys the index proposes, best first, some at a time (a few more than `limit`); never all of a large ledger."""
    if not shelf.size:
        return
    tiers = list(_tiers(asked.words, shelf=shelf))
    left = tiers[-1]
    reach = _reach(asked.viewer, shelf, at=asked.at)
    left = left if reach is None else left & reach
    given, wanted = 0, asked.limit + SPARE
    waiting = np.zeros(0, dtype=np.intp)
    for tier in tiers:
        waiting = np.concatenate((waiting, np.flatnonzero(tier & left)))
        left = left & ~tier
        while len(waiting) >= wanted and given < DEPTH:
            yield shelf.keys_at(waiting[:wanted])
            waiting, given = waiting[wanted:], given + wanted
            wanted = min(wanted * GROWTH, DEPTH)
    if len(waiting) and given < DEPTH:
        yield shelf.keys_at(waiting)


def _tiers(words: Words, *, shelf: Shelf) -> Iterator[Places]:
    """Sets of candidates, the best first: whole names, beginnings, codes, names, anything else."""
    named = [_union(shelf, (in_field(NAME, way) for way in term)) for term in words.ways]
    all_named = np.logical_and.reduce(named)
    first = words.ways[0]
    if len(words.terms) == 1:
        yield _union(shelf, ((*beginning(way), whole(way)) for way in first))
    yield _union(shelf, (beginning(way) for way in first)) & all_named
    coded = [shelf.holding(code) for code in words.codes]
    anywhere = [
        name | code | shelf.holding(word) | _union(shelf, (in_field(OTHER, way) for way in term))
        for name, code, word, term in zip(named, coded, words.words, words.ways, strict=True)
    ]
    all_anywhere = np.logical_and.reduce(anywhere)
    yield np.logical_or.reduce(coded) & all_anywhere
    yield all_named
    yield all_anywhere


def _union(shelf: Shelf, ways: Iterable[tuple[str, ...]]) -> Places:
    found = shelf.none()
    for tokens in ways:
        found |= shelf.holding(tokens)
    return found


def _reach(viewer: Viewer, shelf: Shelf, *, at: date) -> Places | None:
    """Documents that may lie in the viewer's scope: some too many, none too few. None: no narrowing."""
    if viewer.sees_district():
        return None
    if _is_told_by_places(viewer, shelf.kind):
        return _union(shelf, ((token,) for token in _places(viewer)))
    return shelf.of_keys(_every_visible(viewer, shelf.kind, at=at))


def _is_told_by_places(viewer: Viewer, kind: Searched) -> bool:
    """Whether the places that documents bear tell what may lie in the scope.

    So for the firms of whole streets, sites and trades: they are a large part of all. What else a viewer
    reaches is little, and kept.
    """
    scopes = viewer.scopes(*REACHING)
    return kind is Searched.ORGANISATION and all(one.kind in PLACE_SCOPES for one in scopes)


def _places(viewer: Viewer) -> list[str]:
    """Tokens of the places that the viewer's scope consists of."""
    scopes = sorted(viewer.scopes(*REACHING))
    return [f"{PLACE_SCOPES[one.kind]}{one.key}" for one in scopes if one.kind in PLACE_SCOPES]


def _every_visible(viewer: Viewer, kind: Searched, *, at: date) -> list[int]:
    """Keys of everything of a kind that the viewer may see; kept until anything in scope stands otherwise.

    A guide is met where nobody else has posted the person: that may end in any street.
    """
    scopes = "/".join(f"{one.role}:{one.scope}" for one in sorted(viewer.held, key=str))
    told = hashlib.sha256(scopes.encode()).hexdigest()
    revision = (
        places_revision(None, with_asides=False)
        if kind is Searched.GUIDE
        else standing_revision_for(viewer)
    )
    key = f"search/visible/{kind}/{at}/{revision}/{told}"
    return remembered(key, lambda: kept(key, lambda: list(EVERY_VISIBLE[kind](viewer, at))))


def _visible_organisations(viewer: Viewer, keys: Sequence[int], at: date) -> set[int]:
    found = organisations_in_scope(viewer, at=at, among=keys)
    return set(found.order_by().values_list("organisation_id", flat=True))


def _visible_party(viewer: Viewer, keys: Sequence[int], at: date) -> set[int]:
    found = party_organisation_versions(viewer, at=at, among=keys)
    return set(found.order_by().values_list("party_organisation_id", flat=True))


def _visible_members(viewer: Viewer, keys: Sequence[int], at: date) -> set[int]:
    found = members(viewer, at=at, among=keys)
    return set(found.order_by().values_list("person_id", flat=True))


def _visible_guides(viewer: Viewer, keys: Sequence[int], at: date) -> set[int]:
    found = guides(viewer, at=at, among=keys)
    return set(found.order_by().values_list("person_id", flat=True))


def _visible_sites(viewer: Viewer, keys: Sequence[int], at: date) -> set[int]:
    found = described_sites(viewer, at=at, among=keys)
    return set(found.order_by().values_list("pk", flat=True))


VISIBLE: dict[Searched, Callable[[Viewer, Sequence[int], date], set[int]]] = {
    Searched.ORGANISATION: _visible_organisations,
    Searched.PARTY: _visible_party,
    Searched.MEMBER: _visible_members,
    Searched.GUIDE: _visible_guides,
    Searched.SITE: _visible_sites,
}
EVERY_VISIBLE: dict[Searched, Callable[[Viewer, date], Iterable[int]]] = {
    Searched.ORGANISATION: lambda viewer, at: (
        organisations_in_scope(viewer, at=at).order_by().values_list("organisation_id", flat=True)
    ),
    Searched.PARTY: lambda viewer, at: (
        party_organisation_versions(viewer, at=at)
        .order_by()
        .values_list("party_organisation_id", flat=True)
    ),
    Searched.MEMBER: lambda viewer, at: (
        members(viewer, at=at).order_by().values_list("person_id", flat=True)
    ),
    Searched.GUIDE: lambda viewer, at: (
        guides(viewer, at=at).order_by().values_list("person_id", flat=True)
    ),
    Searched.SITE: lambda viewer, at: (
        described_sites(viewer, at=at).order_by().values_list("pk", flat=True)
    ),
}
PERMISSIONS = {
    Searched.ORGANISATION: Permission.SEE_LEDGER,
    Searched.PARTY: Permission.SEE_LEDGER,
    Searched.MEMBER: Permission.SEE_PEOPLE,
    Searched.GUIDE: Permission.SEE_LEDGER,
    Searched.SITE: Permission.SEE_LEDGER,
}
