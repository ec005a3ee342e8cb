"""What a template asks for, whatever its format."""

from dataclasses import dataclass, field

from liangxin.workbook.filling.placeholders import (
    Found,
    Loose,
    has_loose_braces,
    is_marker,
    marker_of,
    names_in,
)


@dataclass
class Reading:
    """Placeholders, braces that form none, and what else is wrong, each with its place in words."""

    found: list[Found] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add_row(self, texts: list[tuple[str, str]]) -> None:
        """Take in the (place, text) of one row of a table."""
        names = [name for _, text in texts for name in names_in(text)]
        marker = marker_of(names)
        if sum(is_marker(name) for name in names) > 1:
            self.wrong.append(f"{texts[0][0]}所在的一行里有两个重复标记，一行只能重复一种内容。")
        for place, text in texts:
            self.add_text(place, text, marker=marker)

    def add_text(self, place: str, text: str, *, marker: str = "") -> None:
        """Take in one text; `marker` repeats the row in which it stands."""
        self.found += [Found(name, place, marker) for name in names_in(text)]
        if has_loose_braces(text):
            self.loose.append(Loose(place, text.strip()[:40]))
