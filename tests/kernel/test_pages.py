"""Addresses that nobody means well: answered in words, never by a broken page."""

import pytest

from tests.factories.clients import client_of
from tests.factories.registry import make_organisation
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db
HUGE = "9" * 30


@pytest.mark.parametrize(
    "address",
    [
        f"/organisations/{HUGE}/",
        f"/members/{HUGE}/",
    ],
)
def test_a_key_no_database_can_hold_is_not_found(address: str) -> None:
    assert client_of(office()).get(address).status_code == 404


@pytest.mark.parametrize(
    "address", [f"/board/place/?ids={HUGE}", f"/coverage/organisations/?street={HUGE}"]
)
def test_a_filter_no_database_can_hold_shows_nobody(address: str) -> None:
    make_organisation(name="不应出现的单位")
    answer = client_of(office()).get(address)

    # SQLite refuses the number, PostgreSQL compares it in vain.
    assert answer.status_code in (200, 404)
    assert "不应出现的单位" not in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/coverage/?by=site&at=1990-01-01", "/board/?by=site&at=1990-01-01"]
)
def test_a_day_before_the_first_rules_is_answered_as_of_today(address: str) -> None:
    answer = client_of(office()).get(address, follow=True)
    assert answer.redirect_chain == [(address.partition("&")[0], 302)]
    assert "规则库里没有当时的规定" in answer.content.decode()


@pytest.mark.parametrize("which", ["nonsense", "base&site=9999&street=9999"])
def test_a_filter_that_fits_nothing_gives_an_empty_list(which: str) -> None:
    make_organisation()
    answer = client_of(office()).get(f"/coverage/organisations/?which={which}")
    assert answer.status_code == 200
    assert "没有符合条件的记录" in answer.content.decode()
