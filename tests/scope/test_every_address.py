"""Nothing outside somebody's scope is found by any address, in any list, export, fragment or JSON."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.scope.looking import (
    WITH_KEYS,
    WITHOUT_KEYS,
    fingerprint,
    is_refused,
    leaks,
)
from tests.scope.outside_keys import ASKED, EVERYBODYS, OUTSIDE, POSTED
from tests.scope.world import World

pytestmark = pytest.mark.django_db
HOW = "read the docstring of tests/scope/outside_keys.py and add a line there for"
# Changes nothing of the ledger but one's own session; there is nothing to ask for.
SESSION = {"login", "logout"}
VARIANTS = ({}, {"export": "xlsx"}, {"at": "2025-01-01"}, {"at": "2025-01-01", "export": "xlsx"})
HTMX = {"HX-Request": "true"}


def test_every_route_with_a_key_is_described() -> None:
    missing = [name for name in WITH_KEYS if name not in OUTSIDE and name not in EVERYBODYS]

    assert missing == [], f"{HOW} {missing}"


def test_no_description_outlives_its_route() -> None:
    described = {*OUTSIDE, *EVERYBODYS}
    asked = {*ASKED, *POSTED}

    assert (described - set(WITH_KEYS), asked - set(WITHOUT_KEYS)) == (set(), set())


@pytest.mark.parametrize("route", sorted(OUTSIDE))
def test_what_lies_outside_is_not_found(
    route: str, world: World, clients: dict[str, Client]
) -> None:
    address = reverse(route, kwargs=dict(OUTSIDE[route](world)))

    for seat, client in clients.items():
        for asked in VARIANTS:
            answer = client.get(address, asked)
            assert is_refused(answer), (seat, address, asked, answer.status_code)
            assert leaks(answer) == [], (seat, address, asked)
        assert is_refused(client.get(address, headers=HTMX)), (seat, address)


@pytest.mark.parametrize("route", sorted(OUTSIDE))
def test_what_lies_outside_is_not_changed(
    route: str, world: World, clients: dict[str, Client]
) -> None:
    address = reverse(route, kwargs=dict(OUTSIDE[route](world)))
    before = fingerprint()

    for seat, client in clients.items():
        answer = client.post(address, {"reason": "核对年报信息", "answer": "given"})
        assert is_refused(answer), (seat, address, answer.status_code)
        assert leaks(answer) == [], (seat, address)
    assert fingerprint() == before


@pytest.mark.parametrize("route", sorted(set(WITHOUT_KEYS) - SESSION))
def test_a_page_tells_nothing_of_the_outside(
    route: str, world: World, clients: dict[str, Client]
) -> None:
    address = reverse(route)

    for seat, client in clients.items():
        for asked in (*VARIANTS, *ASKED.get(route, lambda _: [])(world)):
            answer = client.get(address, asked)
            assert answer.status_code < 500, (seat, address, asked)
            assert leaks(answer, asked=asked) == [], (seat, address, asked)
            fragment = client.get(address, asked, headers=HTMX)
            assert leaks(fragment, asked=asked) == [], (seat, address, asked)


@pytest.mark.parametrize("route", sorted(POSTED))
def test_what_lies_outside_is_not_written(
    route: str, world: World, clients: dict[str, Client]
) -> None:
    for seat, client in clients.items():
        for body in POSTED[route](world):
            before = fingerprint()
            answer = client.post(reverse(route), body)
            assert leaks(answer, asked=body) == [], (seat, route, body)
            assert fingerprint() == before, (seat, route, body)
