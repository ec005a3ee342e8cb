"""Tokens: what an index keeps of a document, and which of them a searched term asks for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from liangxin.registry.terms import Searched
from liangxin.standards.spelling import Sound, Unit, folded, readings, spelled

# Grows whenever tokens are made differently: an index of another edition is built anew.
EDITION = 1
NAME, OTHER, WORDS, CODE = "n", "o", "w", "c"
MIN_CODE = 4
CODE_PIECE = 3
MAX_RUN = 3


@dataclass(frozen=True, kw_only=True)
class Document:
    """One object as the search sees it.

    `others` are read like names: former names, legal representative. `words` by characters alone:
    addresses. `guarded` tells who leads: found only by those it is told to. `places` are the tokens
    of every street, site and industry it ever stood in: wider than a scope, never narrower.
    """

    kind: Searched
    key: int
    name: str
    note: str = ""
    former: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    guarded: tuple[str, ...] = ()
    places: frozenset[str] = frozenset()
    is_closed: bool = False

    @property
    def rank(self) -> tuple[bool, int, str, int]:
        """Operating before closed, shorter names first."""
        return self.is_closed, len(self.name), self.name, self.key


@dataclass(frozen=True)
class Asked:
    """One way to understand a term: the tokens that must all be there, and how it would begin a name."""

    tokens: tuple[str, ...]
    beginning: str
    length: int


@lru_cache(maxsize=8192)
def sounds_of(text: str) -> tuple[Sound, ...]:
    """`spelled`, kept: the same names come again with every letter that is typed."""
    return spelled(text)


def tokens_of(document: Document) -> set[str]:
    """Every token of the document."""
    sounds = sounds_of(document.name)
    found = {f"{NAME}{token}" for token in _spelt_tokens(sounds)}
    if sounds:
        found |= {f"{NAME}^{token}" for token in _first_tokens(sounds[0])}
        found.add(f"{NAME}#{len(sounds)}")
    for text in (*document.former, *document.others, *document.guarded):
        found |= {f"{OTHER}{token}" for token in _spelt_tokens(sounds_of(text))}
    for text in document.words:
        found |= {f"{WORDS}{token}" for token in _character_tokens(folded(text))}
    for code in document.codes:
        found |= {f"{CODE}{piece}" for piece in _code_pieces(folded(code))}
    return found | document.places


def asked_ways(term: str) -> tuple[Asked, ...]:
    """Every way to understand a folded term as part of a name, without the field in front."""
    return tuple(
        Asked(
            tokens=tuple(sorted(_unit_tokens(units))),
            beginning=f"^:{units[0].text[0]}" if units[0].is_letters else f"^{units[0].text}",
            length=len(units),
        )
        for units in readings(term)
    )


def asked_words(term: str) -> tuple[str, ...]:
    """The tokens of a folded term as part of an address."""
    pairs = [term[i : i + 2] for i in range(len(term) - 1)]
    return tuple(f"{WORDS}{token}" for token in pairs or [term])


def asked_code(term: str) -> tuple[str, ...]:
    """The tokens of a folded term as part of a code; none where it can be none."""
    if len(term) < MIN_CODE or not term.isascii():
        return ()
    return tuple(f"{CODE}{piece}" for piece in _code_pieces(term))


def _spelt_tokens(sounds: Sequence[Sound]) -> Iterator[str]:
    characters = [sound.character for sound in sounds]
    initials = [sound.initial or " " for sound in sounds]
    for i in range(len(sounds)):
        if not characters[i].isascii():
            yield characters[i]
            if i + 1 < len(sounds):
                yield characters[i] + characters[i + 1]
            if sounds[i].syllable:
                yield f"={sounds[i].syllable}"
        for length in range(1, min(MAX_RUN, len(sounds) - i) + 1):
            yield f":{''.join(initials[i : i + length])}"


def _first_tokens(sound: Sound) -> Iterator[str]:
    if not sound.character.isascii():
        yield sound.character
    if sound.initial:
        yield f":{sound.initial}"


def _character_tokens(text: str) -> Iterator[str]:
    for i in range(len(text)):
        yield text[i]
        if i + 1 < len(text):
            yield text[i : i + 2]


def _code_pieces(code: str) -> Iterator[str]:
    for i in range(len(code) - CODE_PIECE + 1):
        yield code[i : i + CODE_PIECE]


def _unit_tokens(units: Sequence[Unit]) -> Iterator[str]:
    for run in _runs(units):
        if run[0].is_letters:
            initials = "".join(unit.text[0] for unit in run)
            length = min(MAX_RUN, len(run))
            for i in range(len(initials) - length + 1):
                yield f":{initials[i : i + length]}"
            yield from (f"={unit.text}" for unit in run if unit.is_whole)
        else:
            text = "".join(unit.text for unit in run)
            yield from [text[i : i + 2] for i in range(len(text) - 1)] or [text]


def _runs(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    """Neighbouring units of letters, and of characters, together."""
    run: list[Unit] = []
    for unit in units:
        if run and run[0].is_letters != unit.is_letters:
            yield run
            run = []
        run.append(unit)
    if run:
        yield run
