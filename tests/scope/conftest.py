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


@pytest.fixture
def clients(world: World, db: None) -> dict[str, Client]:
    """A browser for each seat."""
    return {seat: client_of(user) for seat, user in world.seats.items()}
