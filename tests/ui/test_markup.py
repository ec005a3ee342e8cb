"""Cells and options as a browser reads them; no value can end its tag."""

from dataclasses import dataclass

import pytest
from django.utils.safestring import SafeString

from liangxin.ui.listing import Cell, ListColumn
from liangxin.ui.markup import cells_markup, options_markup

EVIL = '"><script>'
HARMLESS = "&quot;&gt;&lt;script&gt;"


@dataclass(frozen=True)
class Shape:
    column: ListColumn
    text: str
    markup: str


NAME = ListColumn("name", "单位名称", str)
LONG = "一个很长很长很长的单位名称"


@pytest.mark.parametrize(
    "shape",
    [
        Shape(NAME, LONG, f'<td data-title="单位名称" class="">{LONG}</td>'),
        Shape(NAME, "短", '<td data-title="单位名称" class="is-short">短</td>'),
        Shape(
            ListColumn("n", "人数", str, numeric=True),
            "3",
            '<td data-title="人数" class="is-number">3</td>',
        ),
        Shape(
            ListColumn("n", "地址", str, wide=True),
            LONG,
            f'<td data-title="地址" class=" is-wide">{LONG}</td>',
        ),
        Shape(NAME, EVIL, f'<td data-title="单位名称" class="is-short">{HARMLESS}</td>'),
        Shape(
            ListColumn("n", EVIL, str), LONG, f'<td data-title="{HARMLESS}" class="">{LONG}</td>'
        ),
    ],
)
def test_a_cell_says_its_column_and_what_it_is(shape: Shape) -> None:
    assert cells_markup([Cell(shape.column, shape.text, None)]) == shape.markup


def test_a_cell_leads_on_and_keeps_markup_that_is_safe() -> None:
    cells = [Cell(NAME, SafeString("<b>粗</b>"), f"/a/?b=1&c={EVIL}")]

    assert cells_markup(cells) == (
        '<td data-title="单位名称" class="is-short">'
        f'<a href="/a/?b=1&amp;c={HARMLESS}"><b>粗</b></a></td>'
    )


def test_options_mark_the_chosen_one() -> None:
    assert options_markup([("a", "甲"), (EVIL, EVIL)], "a") == (
        f'<option value="a" selected>甲</option><option value="{HARMLESS}">{HARMLESS}</option>'
    )


def test_markup_that_was_safe_once_opens_nothing_to_the_same_words() -> None:
    options_markup([("a", SafeString("<i>"))], "")

    assert "<i>" not in options_markup([("a", "<i>")], "")
