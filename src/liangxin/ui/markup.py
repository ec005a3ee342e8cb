"""Markup of what a page repeats hundreds of times; in a template each of its words would be looked up."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe


class ShownColumn(Protocol):
    """What a cell needs to know of its column."""

    @property
    def title(self) -> str: ...
    @property
    def numeric(self) -> bool: ...
    @property
    def wide(self) -> bool: ...


class ShownCell(Protocol):
    """One shown value; `text` may be markup."""

    @property
    def column(self) -> ShownColumn: ...
    @property
    def text(self) -> str: ...
    @property
    def url(self) -> str | None: ...
    @property
    def is_short(self) -> bool: ...


def cells_markup(cells: Iterable[ShownCell]) -> SafeString:
    """The cells of one row of a table."""
    return mark_safe("".join(_cell(cell) for cell in cells))


def options_markup(choices: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """The options of a choice, the chosen one marked."""
    return mark_safe("".join(_option(code, title, code == chosen) for code, title in choices))


def _cell(cell: ShownCell) -> str:
    column = cell.column
    kind = "is-number" if column.numeric else "is-short" if cell.is_short else ""
    opening = _opening(column.title, f"{kind} is-wide" if column.wide else kind)
    text = conditional_escape(cell.text)
    if not cell.url:
        return f"{opening}{text}</td>"
    return f'{opening}<a href="{conditional_escape(cell.url)}">{text}</a></td>'


# What is kept is found again by equal words, whether or not they count as safe: all of them are escaped.


@lru_cache(maxsize=4096)
def _opening(title: str, kind: str) -> str:
    return f'<td data-title="{escape(title)}" class="{kind}">'


@lru_cache(maxsize=16384)
def _option(code: str, title: str, is_chosen: bool) -> str:
    mark = " selected" if is_chosen else ""
    return f'<option value="{escape(code)}"{mark}>{escape(title)}</option>'
