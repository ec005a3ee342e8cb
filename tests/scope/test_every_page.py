"""Every page says who may open it, and refuses everybody else."""

import pytest
from django.test import Client

from liangxin.kernel.pages import OPEN, TOKEN
from liangxin.kernel.permissions import Permission, roles_with
from liangxin.kernel.viewer import Role
from tests.factories.accounts import client_of, make_user
from tests.scope.looking import EVERY_PAGE, EVERY_ROUTE

# Something that fits each converter; objects need not exist, the guard answers first.
SAMPLES = {"int": "1", "str": "branch.min_full_members", "slug": "a", "decision": "undo"}


def sample_address(pattern: str) -> str:
    """An address that the pattern matches."""
    parts = pattern.split("<")
    filled = parts[0]
    for part in parts[1:]:
        converter, _, rest = part.partition(":")
        filled += SAMPLES[converter] + rest.partition(">")[2]
    return f"/{filled}"


GUARDED = [
    (sample_address(page.pattern), Permission(page.required))
    for page in EVERY_PAGE
    if page.required not in (OPEN, None)
]


def test_every_page_declares_who_may_open_it() -> None:
    silent = [route.pattern for route in EVERY_ROUTE if route.required is None]

    assert (silent, len(GUARDED) > 20) == ([], True)


def test_only_login_pages_are_open() -> None:
    is_open = [route.pattern for route in EVERY_ROUTE if route.required == OPEN]

    assert is_open == [
        "login/",
        "login/code/",
        "login/passkey/",
        "login/passkey/ask/",
        "logout/",
    ]


def test_only_addresses_of_the_interface_go_by_tokens() -> None:
    by_token = [route.pattern for route in EVERY_ROUTE if route.required == TOKEN]

    assert [pattern for pattern in by_token if not pattern.startswith("api/v1/")] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "permission"), GUARDED)
def test_page_sends_a_stranger_to_the_login(address: str, permission: Permission) -> None:
    response = Client().get(address)

    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/login/")


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "permission"), GUARDED)
def test_page_refuses_an_account_without_the_permission(
    address: str, permission: Permission
) -> None:
    nobody = client_of(make_user())
    assert nobody.get(address).status_code == 403

    others = set(Role) - roles_with(permission)
    for role in sorted(others):
        assert client_of(make_user(role)).get(address).status_code == 403, role
