"""The kinds of list a district holds, their columns and how real lists spell them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from liangxin.workbook.cells import compact

TYPES = frozenset(
    {
        "text",
        "name",
        "uscc",
        "id_number",
        "phone",
        "date",
        "past_date",
        "integer",
        "money_wan",
        "yes_no",
        "choice",
        "industry",
        "names",
        "longitude",
        "latitude",
    }
)
_ORDER = (
    "sites",
    "enterprises",
    "social_organisations",
    "party_organisations",
    "members",
    "instructors",
    "mass_organisations",
)


class UnknownKind(LookupError):
    """No kind of list has this code."""


class InvalidKindData(ValueError):
    """A file that describes a kind of list contradicts itself."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a kind of list; `choices` leads from a compacted spelling to our code."""

    code: str
    title: str
    type: str
    required: bool
    spellings: tuple[str, ...]
    choices: Mapping[str, str]
    choice_titles: Mapping[str, str]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Compacted spellings with their place, the title first: the lower, the surer."""
        places: dict[str, int] = {}
        for spelling in (self.title, *self.spellings):
            places.setdefault(compact(spelling), len(places))
        return MappingProxyType(places)


@dataclass(frozen=True, eq=False)
class ListKind:
    """One kind of list; `title_words` are words in its sheet names and titles."""

    code: str
    title: str
    columns: tuple[Column, ...]
    title_words: tuple[str, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Column]:
        """The columns by their codes."""
        return MappingProxyType({column.code: column for column in self.columns})

    def column(self, code: str) -> Column:
        """Return the column with this code; raises KeyError where there is none."""
        return self.by_code[code]

    @cached_property
    def required(self) -> tuple[Column, ...]:
        """The columns no list of this kind may lack."""
        return tuple(column for column in self.columns if column.required)


def kind(code: str) -> ListKind:
    """Return the kind of list with this code; raises UnknownKind."""
    for known in KINDS:
        if known.code == code:
            return known
    raise UnknownKind(code)


@cache
def load_kind(code: str) -> ListKind:
    """Read one kind from its file; raises InvalidKindData where the file contradicts itself."""
    text = files("liangxin.workbook").joinpath("data", f"{code}.toml").read_text(encoding="utf-8")
    return kind_from(tomllib.loads(text))


def kind_from(data: Mapping[str, Any]) -> ListKind:
    """Build a kind from its parsed file; raises InvalidKindData where a spelling means two columns."""
    columns = tuple(_column(entry) for entry in data["columns"])
    _refuse_doubles(data["code"], columns)
    return ListKind(data["code"], data["title"], columns, tuple(data["title_words"]))


def _column(entry: Mapping[str, Any]) -> Column:
    if entry["type"] not in TYPES:
        raise InvalidKindData(f"{entry['code']}: no type {entry['type']}")
    by_code: Mapping[str, list[str]] = entry.get("choices", {})
    choices = {compact(text): code for code, texts in by_code.items() for text in texts}
    if len(choices) != len({(compact(t), c) for c, texts in by_code.items() for t in texts}):
        raise InvalidKindData(f"{entry['code']}: one spelling means two choices")
    return Column(
        code=entry["code"],
        title=entry["title"],
        type=entry["type"],
        required=entry.get("required", False),
        spellings=tuple(entry["spellings"]),
        choices=MappingProxyType(choices),
        choice_titles=MappingProxyType({code: texts[0] for code, texts in by_code.items()}),
    )


def _refuse_doubles(code: str, columns: tuple[Column, ...]) -> None:
    owners: dict[str, str] = {}
    for column in columns:
        for spelling in column.places:
            if owners.setdefault(spelling, column.code) != column.code:
                raise InvalidKindData(f"{code}: {spelling} is {owners[spelling]} and {column.code}")


KINDS: tuple[ListKind, ...] = tuple(load_kind(code) for code in _ORDER)
