"""One small district for all tests of scope: building it anew for each would take most of the time."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from tests.factories.accounts import client_of
from tests.scope.world import World, make_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The district of two streets; each test's own changes are rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def cookies(world: World, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """Each seat signed in once: ten sign-ins before each of some hundred tests take a minute."""
    with django_db_blocker.unblock():
        return {
            seat: client_of(user).cookies.output(header="") for seat, user in world.seats.items()
        }


@pytest.fixture
def clients(cookies: dict[str, str], db: None) -> dict[str, Client]:
    """A browser for each seat, as it was after signing in."""
    browsers = {seat: Client() for seat in cookies}
    for seat, browser in browsers.items():
        browser.cookies.load(cookies[seat])
    return browsers
