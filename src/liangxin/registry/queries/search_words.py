"""What a search asks an index for: each word in every way it can be meant, worked out once for all kinds."""

from collections.abc import Sequence
from dataclasses import dataclass

from liangxin.registry.queries.search_tokens import (
    NAME,
    OTHER,
    Asked,
    asked_code,
    asked_ways,
    asked_words,
)


@dataclass(frozen=True)
class Words:
    """Folded terms with the ways to read each as part of a name, as a code, and as part of an address."""

    terms: tuple[str, ...]
    ways: tuple[tuple[Asked, ...], ...]
    codes: tuple[tuple[str, ...], ...]
    words: tuple[tuple[str, ...], ...]

    @property
    def tokens(self) -> set[str]:
        """Every token that any of the ways needs."""
        asked = {token for found in (*self.codes, *self.words) for token in found}
        for way in (way for term in self.ways for way in term):
            asked.update((*in_field(NAME, way), *in_field(OTHER, way)))
        for way in self.ways[0] if self.ways else ():
            asked.update((*beginning(way), whole(way)))
        return asked


def words_of(terms: Sequence[str]) -> Words:
    """The ways to read some folded terms."""
    return Words(
        terms=tuple(terms),
        ways=tuple(asked_ways(term) for term in terms),
        codes=tuple(asked_code(term) for term in terms),
        words=tuple(asked_words(term) for term in terms),
    )


def in_field(field: str, way: Asked) -> tuple[str, ...]:
    """Tokens that a field holds in which the term stands anywhere."""
    return tuple(f"{field}{token}" for token in way.tokens)


def beginning(way: Asked) -> tuple[str, ...]:
    """Tokens of a name that begins with the term."""
    return (*in_field(NAME, way), f"{NAME}{way.beginning}")


def whole(way: Asked) -> str:
    """The token of a name as long as the term."""
    return f"{NAME}#{way.length}"
