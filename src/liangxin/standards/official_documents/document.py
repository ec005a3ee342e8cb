"""What an official document says, apart from how it is laid out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# Where nobody has said what belongs there; a reader sees at once that it is to be filled in.
BLANK = "〔　　〕"
MOST_LEVELS = 4


class NoSuchLevel(ValueError):
    """A heading asks for a level that the standard does not number."""


@dataclass(frozen=True)
class Heading:
    """A numbered heading of level 1 (一、) to 4 （1）; `text_after` goes on in the same paragraph."""

    text: str
    level: int = 1
    text_after: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.level <= MOST_LEVELS:
            raise NoSuchLevel(f"no heading of level {self.level}")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body, its first line set in by two characters."""

    text: str


@dataclass(frozen=True)
class TableColumn:
    """A column of a table; `width_mm` on paper, `is_centred` for numbers and short words."""

    title: str
    width_mm: float
    is_centred: bool = False


@dataclass(frozen=True)
class Table:
    """A ruled table; the line of titles is repeated on each page. A row has a text per column."""

    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[str]]

    def __post_init__(self) -> None:
        if uneven := [row for row in self.rows if len(row) != len(self.columns)]:
            raise ValueError(f"{len(uneven)} rows do not have {len(self.columns)} cells")


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class Attachment:
    """An attachment, each on a page of its own; numbered where there are several."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Masthead:
    """The head of a document to a superior (上行文): number on the left, who signed on the right.

    One that `is_downward` (下行文) has its number in the middle and names nobody. `organ_mark` is the red name over them; '' leaves its place white for paper with a printed head.
    """

    number: str = BLANK
    signer: str = BLANK
    organ_mark: str = ""
    is_downward: bool = False


@dataclass(frozen=True, kw_only=True)
class OfficialDocument:
    """One document. `title` is one text per line; `note` stands in brackets under the date."""

    title: Sequence[str]
    addressee: str
    body: Sequence[Block]
    signature: str
    signed_date: date | None
    masthead: Masthead | None = None
    note: str = ""
    attachments: Sequence[Attachment] = ()
