"""The search page and the suggestions under the box."""

import pytest
from django.test import Client
from django.urls import reverse

from liangxin.insight.queries.found import Piece, pieces
from tests.factories.clients import client_of
from tests.factories.registry import make_area, make_member, make_organisation
from tests.factories.viewers import administrator, office, officer_of, owner_of

pytestmark = pytest.mark.django_db
PAGES = ("search", "search-suggest")


def text_of(client: Client, route: str, words: str) -> str:
    response = client.get(reverse(route), {"q": words})
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize("route", PAGES)
def test_search_page_is_not_for_strangers(client: Client, route: str) -> None:
    response = client.get(reverse(route), {"q": "恒"})

    assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("login"))


@pytest.mark.parametrize("route", PAGES)
def test_search_leads_to_organisations_streets_rules_and_pages(route: str) -> None:
    street = make_area("恒信街道")
    version = make_organisation(name="恒信科技", street=street)
    client = client_of(office())

    shown = text_of(client, route, "恒信")
    assert f'href="{reverse("organisation", args=(version.organisation_id,))}"' in shown
    assert f'href="{reverse("street", args=(street.pk,))}"' in shown
    assert reverse("rule", args=("coverage.base",)).split("/")[1] in text_of(client, route, "基数")
    assert f'href="{reverse("guides")}"' in text_of(client, route, "zdyll")


@pytest.mark.parametrize("route", PAGES)
def test_search_escapes_what_was_typed_and_what_is_shown(route: str) -> None:
    make_organisation(name="<b>恒信</b>")
    client = client_of(office())

    shown = text_of(client, route, "恒信") + text_of(client, route, "<script>龘</script>")
    assert "&lt;b&gt;<mark>恒信</mark>&lt;/b&gt;" in shown
    assert "<b>恒信" not in shown
    assert "<script>龘" not in shown


@pytest.mark.parametrize("route", PAGES)
def test_search_that_finds_nothing_says_what_to_try(route: str) -> None:
    assert "首字母" in text_of(client_of(office()), route, "龘龘龘")


def test_search_page_without_words_says_what_to_type() -> None:
    assert "想找什么" in text_of(client_of(office()), "search", "")


def test_search_opens_the_list_of_more() -> None:
    for number in range(6):
        make_organisation(name=f"恒信{number}店")

    shown = text_of(client_of(office()), "search-suggest", "恒信")
    assert f'{reverse("organisations")}?q=%E6%81%92%E4%BF%A1"' in shown


@pytest.mark.parametrize("route", PAGES)
def test_search_tells_an_owner_of_no_member_and_nobody_of_other_streets(route: str) -> None:
    version = make_organisation(name="甲公司")
    make_member(version.organisation, name="欧阳甲")
    other = make_organisation(name="欧阳商行")

    for viewer in (owner_of(version.organisation), administrator()):
        assert reverse("member", args=(0,))[:9] not in text_of(client_of(viewer), route, "欧阳")
    assert version.street is not None
    shown = text_of(client_of(officer_of(version.street)), route, "欧阳")
    assert reverse("organisation", args=(other.organisation_id,)) not in shown
    assert "<mark>欧阳</mark>甲" in shown


def test_pages_hold_the_box_as_a_plain_form() -> None:
    shown = client_of(office()).get(reverse("home")).content.decode()

    assert f'action="{reverse("search")}" method="get"' in shown


def test_pieces_mark_overlapping_stretches_once() -> None:
    assert pieces("恒信科技", ((0, 2), (1, 3))) == (
        Piece("恒信", is_marked=True),
        Piece("科", is_marked=True),
        Piece("技", is_marked=False),
    )
