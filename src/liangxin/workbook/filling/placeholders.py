"""What a placeholder looks like: {{name}}, a name and nothing else; no expression is ever evaluated."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

MOST_LETTERS = 80
PATTERN = re.compile(r"[{｛]{2}([^{}｛｝]{0,200})[}｝]{2}")
_LOOSE = re.compile(r"[{｛]{2}|[}｝]{2}")
LIST = "清单:"
EACH = "每个"


@dataclass(frozen=True)
class Found:
    """A placeholder in a file: its name, where it stands in words, and the marker that repeats its row."""

    name: str
    place: str
    marker: str = ""


@dataclass(frozen=True)
class Loose:
    """Braces that do not form a placeholder, and where."""

    place: str
    text: str


def plain_name(text: str) -> str:
    """A name without the differences that typing makes: full width, spaces around and doubled."""
    words = " ".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"\s*([:.])\s*", r"\1", words)


def names_in(text: str) -> list[str]:
    """The names of the placeholders of a text, in order."""
    return [plain_name(name) for name in PATTERN.findall(text)]


def is_marker(name: str) -> bool:
    """Whether a placeholder of this name repeats the row in which it stands."""
    return name.startswith((LIST, EACH))


def marker_of(names: list[str]) -> str:
    """The first marker among the placeholders of a row; '' where the row stands once."""
    return next((name for name in names if is_marker(name)), "")


def has_loose_braces(text: str) -> bool:
    """Whether braces are left over once every placeholder is taken out."""
    return bool(_LOOSE.search(PATTERN.sub("", text)))


def replaced(text: str, told: Callable[[str], str]) -> str:
    """The text with every placeholder as `told` of its name."""
    return PATTERN.sub(lambda match: told(plain_name(match.group(1))), text)


def sole_name(text: str) -> str:
    """The name where the whole text is one placeholder; '' otherwise."""
    match = PATTERN.fullmatch(text.strip())
    return plain_name(match.group(1)) if match else ""
