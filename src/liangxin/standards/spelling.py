"""Chinese names as people type them: characters, full pinyin, initials, and any mixture of these."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin
from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal
from pypinyin.seg.mmseg import seg

MAX_READINGS = 24
MAX_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Sound:
    """One character of a text that counts: folded, its pinyin ('' where it has none), its place."""

    character: str
    syllable: str
    place: int

    @property
    def initial(self) -> str:
        return self.syllable[:1] or (self.character if self.character.isascii() else "")


@dataclass(frozen=True, slots=True)
class Unit:
    """One step of what was typed: a character, a whole syllable, or letters a syllable begins with."""

    text: str
    is_whole: bool

    @property
    def is_letters(self) -> bool:
        return self.text.isascii()


def folded(text: str) -> str:
    """The text without signs and blanks, full-width and capital letters made plain."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(character for character in plain if character.isalnum())


def spelled(text: str) -> tuple[Sound, ...]:
    """Every character that counts, with its pinyin as its word has it (行 is hang in 银行)."""
    sounds: list[Sound] = []
    place = 0
    for word in seg.cut(text):
        for character, syllable in zip(word, _word_syllables(word), strict=True):
            sounds.extend(Sound(one, syllable, place) for one in folded(character))
            place += 1
    return tuple(sounds)


@lru_cache(maxsize=65536)
def _word_syllables(word: str) -> tuple[str, ...]:
    found = lazy_pinyin(word)
    if len(found) != len(word):  # letters and signs come as one piece
        found = [lazy_pinyin(character)[0] for character in word]
    return tuple(_syllable(one) for one in found)


def _syllable(reading: str) -> str:
    letters = reading.lower().replace("ü", "v")
    return letters if letters.isascii() and letters.isalpha() and len(letters) <= 6 else ""


@lru_cache(maxsize=1)
def known_syllables() -> frozenset[str]:
    """Every syllable a character can have, without tones."""
    readings = {one for entry in PINYIN_DICT.values() for one in entry.split(",")}
    return frozenset(filter(None, (_syllable(to_normal(one)) for one in readings)))


def readings(term: str) -> list[tuple[Unit, ...]]:
    """Ways to understand a folded term, the likeliest (fewest units) first, at most MAX_READINGS."""
    found = sorted(_readings(term[:MAX_LENGTH], 0, limit=4 * MAX_READINGS), key=len)
    bare = tuple(Unit(character, is_whole=False) for character in term[:MAX_LENGTH])
    likely = found[: MAX_READINGS - 1]
    # The initials of a long name have the most units of all and must not fall off the end.
    return likely if bare in likely else [*likely, bare]


def _readings(term: str, start: int, *, limit: int) -> Iterator[tuple[Unit, ...]]:
    if start == len(term):
        yield ()
        return
    given = 0
    for unit in _units(term, start):
        for rest in _readings(term, start + len(unit.text), limit=limit):
            yield (unit, *rest)
            given += 1
            if given >= limit:
                return


def _units(term: str, start: int) -> Iterator[Unit]:
    """What may stand at `start`, the longest first."""
    for length in range(6, 1, -1):
        piece = term[start : start + length]
        if len(piece) < length or not piece.isascii():
            continue
        if piece in known_syllables():
            yield Unit(piece, is_whole=True)
        elif start + length == len(term) and piece in _beginnings() or piece in ("zh", "ch", "sh"):
            yield Unit(piece, is_whole=False)
    yield Unit(term[start], is_whole=False)


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    return frozenset(one[:length] for one in known_syllables() for length in range(2, len(one)))


def found_in(term: str, sounds: Sequence[Sound]) -> tuple[int, int] | None:
    """Where a folded term stands in a spelled text, as places from and to; None where it does not.

    Letters stand for themselves, for whole syllables, or for the letters syllables begin with.
    """
    for first in range(len(sounds)):
        end = _matched(term, 0, sounds, first)
        if end is not None:
            return sounds[first].place, sounds[end - 1].place + 1
    return None


def _matched(term: str, at: int, sounds: Sequence[Sound], place: int) -> int | None:
    """The place after the last sound used, where the rest of the term fits from `place` on."""
    if at == len(term):
        return place
    if place == len(sounds):
        return None
    for taken in _taken(term, at, sounds[place]):
        end = _matched(term, at + taken, sounds, place + 1)
        if end is not None:
            return end
    return None


def _taken(term: str, at: int, sound: Sound) -> Iterator[int]:
    """How many letters of the term the sound may take, the most first."""
    if term[at] == sound.character:
        yield 1
        return
    syllable, rest = sound.syllable, len(term) - at
    if not syllable or term[at] != syllable[0]:
        return
    if term.startswith(syllable, at) and len(syllable) > 1:
        yield len(syllable)
    if 1 < rest < len(syllable) and syllable.startswith(term[at:]):
        yield rest
    if syllable[1:2] == "h" and len(syllable) > 2 and term.startswith(syllable[:2], at):
        yield 2
    yield 1
