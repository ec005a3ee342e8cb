"""Programs reach no further than the people whose tokens they carry."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from liangxin.config.api import operations
from liangxin.kernel.permissions import Permission, roles_with
from tests.factories.tokens import bearing, make_token
from tests.scope.looking import fingerprint, leaks
from tests.scope.world import World

EVERY = list(operations())
# How each name in a path is filled with what lies outside; a new name needs a line here.
OUTSIDE: dict[str, Callable[[World], object]] = {
    "organisation_id": lambda world: world.outside.organisation.pk,
    "party_organisation_id": lambda world: world.outside.branch.pk,
    "proposal_id": lambda world: world.outside.proposal.pk,
    "batch_id": lambda world: world.outside.batch.pk,
}
# The rules of the district are the same for everybody who may read them.
EVERYBODYS = {"code"}
PLACEHOLDER = re.compile(r"{(\w+)}")
# Narrows that name the outside, and days of the past.
NARROWS = ("", "at=2025-01-01", "limit=200", "street_id={street}", "by=street&key={street}", "q=界")
ROOT = reverse("api:api-root")
SEATS = ("street officer", "site officer", "trade officer")


@pytest.fixture
def tokens(world: World, db: None) -> dict[str, dict[str, str]]:
    """The header of each seat that may use the interface."""
    return {seat: bearing(make_token(world.seats[seat], may_write=True)) for seat in SEATS}


def address(path: str, world: World) -> str:
    return ROOT.rstrip("/") + PLACEHOLDER.sub(lambda name: str(OUTSIDE[name[1]](world)), path)


def with_keys() -> Iterator[tuple[str, str]]:
    for method, path, _ in EVERY:
        names = set(PLACEHOLDER.findall(path))
        if names - EVERYBODYS:
            yield method, path


def test_every_seat_that_may_use_the_interface_is_tried(world: World) -> None:
    able = {role.value for role in roles_with(Permission.USE_API)} - {"district_office"}
    held = {world.seats[seat].role_grants.get().role for seat in SEATS}

    assert held == able


def test_every_name_in_a_path_is_described() -> None:
    names = {name for _, path, _ in EVERY for name in PLACEHOLDER.findall(path)}

    assert names - EVERYBODYS == set(OUTSIDE)


@pytest.mark.parametrize(("method", "path"), sorted(with_keys()))
def test_an_operation_finds_nothing_outside(
    method: str, path: str, world: World, tokens: dict[str, dict[str, str]]
) -> None:
    body = json.dumps({"edition": "1-1", "closed_date": "2025-06-01", "reason": "已注销"})
    before = fingerprint()
    for seat, headers in tokens.items():
        answer = Client().generic(
            method, address(path, world), body, "application/json", headers=headers
        )
        assert answer.status_code in (404, 422), (seat, method, path, answer.content)
        assert leaks(answer) == [], (seat, method, path)
    assert fingerprint() == before


@pytest.mark.parametrize(
    "path", sorted(path for method, path, _ in EVERY if method == "GET" and "{" not in path)
)
def test_a_list_tells_nothing_of_the_outside(
    path: str, world: World, tokens: dict[str, dict[str, str]]
) -> None:
    street = str(world.outside.street.pk)
    for seat, headers in tokens.items():
        for narrow in NARROWS:
            asked = narrow.format(street=street)
            answer = Client().get(f"{address(path, world)}?{asked}", headers=headers)
            assert answer.status_code in (200, 422), (seat, path, asked)
            assert leaks(answer, typed=[street]) == [], (seat, path, asked)


def test_the_inside_is_found(world: World, tokens: dict[str, dict[str, str]]) -> None:
    for headers in tokens.values():
        found = Client().get(f"{ROOT}organisations", headers=headers).json()
        assert world.inside.organisation.pk in [item["id"] for item in found["items"]]
