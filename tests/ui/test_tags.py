from datetime import date

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from liangxin.ui.icons import STROKES


def rendered(source: str, query: str = "", **context: object) -> str:
    request = RequestFactory().get(f"/page/{query}")
    return Template(source).render(Context({"request": request, **context}))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ 0.1234|percent }}", "12.3%"),
        ("{{ nothing|percent }}", "—"),
        ("{{ 12345|thousands }}", "12,345"),
        ("{{ day|date_zh }}", "2026年3月5日"),
        ("{{ nothing|date_zh }}", "—"),
        ("{{ ''|mask_id }}", "—"),
    ],
)
def test_filters_write_plain_office_words(source: str, text: str) -> None:
    assert rendered(source, day=date(2026, 3, 5), nothing=None) == text


def test_mask_hides_the_middle_of_numbers() -> None:
    shown = rendered(
        "{{ id|mask_id }} {{ phone|mask_phone }}", id="990100199005010024", phone="19900001234"
    )

    assert ("19900501" in shown, "0000" in shown) == (False, False)


def test_every_icon_is_drawn() -> None:
    for name in STROKES:
        assert rendered("{% icon name %}", name=name).count("<path") == len(STROKES[name])


def test_unknown_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        rendered("{% icon 'nothing' %}")


def test_address_with_sets_one_parameter_and_starts_on_the_first_page() -> None:
    assert rendered("{% address_with 'by' 'site' %}", "?at=2026-01-01&page=3") == (
        "/page/?at=2026-01-01&amp;by=site"
    )


def test_place_leaves_out_what_is_empty() -> None:
    assert rendered("{% place 'users' role='owner' state='' %}") == "/users/?role=owner"


def test_figure_shows_value_denominator_and_link() -> None:
    shown = rendered("{% figure '覆盖率' '45.0%' of='27 / 60' url='/list/' %}")

    assert '<a href="/list/">45.0%</a>' in shown
    assert "27 / 60" in shown
