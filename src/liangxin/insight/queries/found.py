"""What the search box answers: lines under headings, each with the address of its page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Area
from liangxin.registry.queries.search import Found, Hit, search, terms_of
from liangxin.registry.queries.search_tokens import sounds_of
from liangxin.registry.queries.sites import visible_streets
from liangxin.registry.terms import Searched
from liangxin.rulebook import Rule, rules
from liangxin.standards.spelling import found_in

# Route of the page and of the list of each kind.
ROUTES = {
    Searched.ORGANISATION: ("organisation", "organisations"),
    Searched.PARTY: ("party-organisation", "party-organisations"),
    Searched.MEMBER: ("member", "members"),
    Searched.GUIDE: ("guide", "guides"),
    Searched.SITE: ("site", "sites"),
}
CLOSED = {Searched.ORGANISATION: "已注销、吊销或迁出", Searched.PARTY: "已撤销"}


@dataclass(frozen=True)
class Piece:
    """A stretch of a title; marked where it fits what was typed."""

    text: str
    is_marked: bool


@dataclass(frozen=True)
class Line:
    """One answer."""

    pieces: tuple[Piece, ...]
    url: str
    note: str = ""
    state: str = ""


@dataclass(frozen=True)
class Section:
    """Answers of one kind; `more_url` opens the list of all of them, '' where these are all."""

    title: str
    lines: tuple[Line, ...]
    more_url: str = ""


@dataclass(frozen=True)
class Answer:
    """Everything that fits; `is_partial` where newly told rows were compared by name alone."""

    sections: tuple[Section, ...]
    is_partial: bool = False


def answer(viewer: Viewer, text: str, *, at: date, limit: int) -> Answer:
    """At most `limit` lines per kind of what the viewer may see and what fits every word."""
    terms = terms_of(text)
    if not terms:
        return Answer(())
    found = search(viewer, text, at=at, limit=limit)
    sections = [_section(one, text) for one in found if one.hits]
    sections += [
        *_streets(viewer, terms, at=at, limit=limit),
        *_rules(viewer, terms, at=at, limit=limit),
    ]
    return Answer(tuple(sections), is_partial=any(one.is_partial for one in found))


def pieces(text: str, marked: tuple[tuple[int, int], ...]) -> tuple[Piece, ...]:
    """The text cut where what fits begins and ends; overlapping stretches count once."""
    cut: list[Piece] = []
    at = 0
    for start, end in marked:
        if end <= at:
            continue
        cut += [
            Piece(text[at : max(at, start)], is_marked=False),
            Piece(text[max(at, start) : end], is_marked=True),
        ]
        at = end
    cut.append(Piece(text[at:], is_marked=False))
    return tuple(piece for piece in cut if piece.text)


def _section(found: Found, text: str) -> Section:
    page, listing = ROUTES[found.kind]
    more = f"{reverse(listing)}?{urlencode({'q': text})}" if found.has_more else ""
    lines = tuple(_line(hit, route=page) for hit in found.hits)
    return Section(found.kind.label, lines, more)


def _line(hit: Hit, *, route: str) -> Line:
    document = hit.document
    former = f"曾用名：{hit.former}" if hit.former else ""
    return Line(
        pieces=pieces(document.name, hit.marked),
        url=reverse(route, args=(document.key,)),
        note="，".join(filter(None, (document.note, former))),
        state=CLOSED.get(document.kind, "") if document.is_closed else "",
    )


def _streets(viewer: Viewer, terms: tuple[str, ...], *, at: date, limit: int) -> Iterator[Section]:
    if not may(viewer, Permission.SEE_LEDGER):
        return
    streets = visible_streets(viewer, at=at).defer("boundary")
    fitting = [(one, _marks(one.name, terms)) for one in streets]
    lines = [
        Line(pieces(street.name, marks), _street_url(viewer, street))
        for street, marks in fitting
        if marks
    ]
    if lines:
        yield Section("街道", tuple(lines[:limit]))


def _street_url(viewer: Viewer, street: Area) -> str:
    if may(viewer, Permission.SEE_COVERAGE):
        return reverse("street", args=(street.pk,))
    return f"{reverse('organisations')}?{urlencode({'street': street.pk})}"


def _rules(viewer: Viewer, terms: tuple[str, ...], *, at: date, limit: int) -> Iterator[Section]:
    if not may(viewer, Permission.SEE_RULES):
        return
    # By their titles, which no district changes.
    fitting = [(one, _marks(one.title, terms)) for one in rules(at=at)]
    lines = [_rule_line(rule, marks) for rule, marks in fitting if marks]
    if lines:
        more = f"{reverse('rules')}" if len(lines) > limit else ""
        yield Section("规则", tuple(lines[:limit]), more)


def _rule_line(rule: Rule, marks: tuple[tuple[int, int], ...]) -> Line:
    return Line(pieces(rule.title, marks), reverse("rule", args=(rule.code,)))


def _marks(text: str, terms: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Where each term stands in the text; nothing unless all do."""
    spots = [found_in(term, sounds_of(text)) for term in terms]
    return tuple(sorted(spot for spot in spots if spot)) if all(spots) else ()
