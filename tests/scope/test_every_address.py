"""Nothing outside somebody's scope is found by any address, in any list, export, fragment or JSON."""

from collections.abc import Sequence

import pytest
from django.test import Client
from django.urls import reverse

from liangxin.registry.models import Area, Site
from tests.scope.looking import (
    WITH_KEYS,
    WITHOUT_KEYS,
    fingerprint,
    is_refused,
    leaks,
)
from tests.scope.outside_keys import ASKED, EVERYBODYS, OUTSIDE, PLACES_TOLD, POSTED, undescribed
from tests.scope.world import MARK, World

pytestmark = pytest.mark.django_db
HOW = "read the docstring of tests/scope/outside_keys.py and add a line there for"
# Changes nothing of the ledger but one's own session; there is nothing to ask for.
SESSION = {"login", "logout"}
VARIANTS = ({}, {"export": "xlsx"}, {"at": "2025-01-01"}, {"at": "2025-01-01", "export": "xlsx"})
HTMX = {"HX-Request": "true"}


def told_places(world: World, *, route: str, seat: str) -> Sequence[Area | Site]:
    """The places of the outside that the route names to the seat for a reason."""
    if seat not in PLACES_TOLD.get(route, ()):
        return ()
    return [*Area.objects.filter(name__startswith=MARK), world.outside.site]


def test_every_route_with_a_key_is_described() -> None:
    missing = undescribed(WITH_KEYS)

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
            # Followed: a page of the past may lead to today's, which then has to refuse.
            answer = client.get(address, asked, follow=True)
            assert is_refused(answer), (seat, address, asked, answer.status_code)
            assert leaks(answer) == [], (seat, address, asked)
        assert is_refused(client.get(address, headers=HTMX, follow=True)), (seat, address)


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
    questions = [*VARIANTS, *ASKED.get(route, lambda _: [])(world)]
    # A message may repeat what the question before it asked for.
    typed = {str(value) for asked in questions for value in asked.values()}

    for seat, client in clients.items():
        places = told_places(world, route=route, seat=seat)
        for asked in questions:
            answer = client.get(address, asked)
            assert answer.status_code < 500, (seat, address, asked)
            assert leaks(answer, typed=typed, places=places) == [], (seat, address, asked)
            # A file is the same file, whoever asks for it.
            if "export" not in asked:
                fragment = client.get(address, asked, headers=HTMX)
                assert leaks(fragment, typed=typed, places=places) == [], (seat, address, asked)


@pytest.mark.parametrize("route", sorted(POSTED))
def test_what_lies_outside_is_not_written(
    route: str, world: World, clients: dict[str, Client]
) -> None:
    for seat, client in clients.items():
        places = told_places(world, route=route, seat=seat)
        for body in POSTED[route](world):
            before = fingerprint()
            answer = client.post(reverse(route), body)
            typed = {str(value) for value in body.values()}
            assert leaks(answer, typed=typed, places=places) == [], (seat, route, body)
            assert fingerprint() == before, (seat, route, body)
