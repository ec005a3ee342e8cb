"""Every operation declares who may call it, and answers nobody else, nor beyond anybody's scope."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liangxin.accounts.actions.tokens import TokenRefused, create_token, revoke_token
from liangxin.accounts.models import ApiToken, RoleGrant
from liangxin.accounts.queries import viewer_of
from liangxin.config.api import UndeclaredOperation, api, operations, refuse_undeclared
from liangxin.kernel.models import AuditEntry, User
from liangxin.kernel.permissions import NotAllowed, Permission, roles_with
from liangxin.kernel.viewer import Role
from tests.factories.accounts import make_user
from tests.factories.tokens import bearing, make_token

pytestmark = pytest.mark.django_db
EVERY = [(method, f"/api/v1{path}", function) for method, path, function in operations()]
NAMES = [f"{method} {path}" for method, path, _ in EVERY]


def sample(path: str) -> str:
    return re.sub(r"{code}", "branch.min_full_members", re.sub(r"{\w+_id}", "1", path))


def test_every_operation_declares_who_may_call_it() -> None:
    refuse_undeclared(operations())
    # The description is made by other code: an operation that we overlooked would stand there.
    described = {
        (method.upper(), path)
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }
    assert {(method, path) for method, path, _ in EVERY} == described


def test_an_operation_that_declares_nothing_is_refused() -> None:
    loose = ("GET", "/loose", lambda request: {})
    with pytest.raises(UndeclaredOperation, match="/loose"):
        refuse_undeclared([*operations(), loose])


@pytest.mark.parametrize(("method", "path", "function"), EVERY, ids=NAMES)
def test_an_operation_answers_nobody_without_a_token(
    method: str, path: str, function: object
) -> None:
    for headers in ({}, bearing("lx_made-up"), {"Authorization": "Basic eDp5"}):
        answer = Client().generic(method, sample(path), headers=headers)
        assert (answer.status_code, "令牌" in answer.json()["reason"]) == (401, True)


@pytest.mark.parametrize(("method", "path", "function"), EVERY, ids=NAMES)
def test_an_operation_refuses_roles_without_its_permission(
    method: str, path: str, function: object
) -> None:
    permission = Permission(function.required_permission)  # type: ignore[attr-defined]
    able = roles_with(Permission.USE_API)
    for role in sorted(able - roles_with(permission)):
        secret = make_token(make_user(role), may_write=True)
        assert Client().generic(method, sample(path), headers=bearing(secret)).status_code == 403


@pytest.mark.parametrize(("method", "path", "function"), EVERY, ids=NAMES)
def test_a_reading_token_changes_nothing(method: str, path: str, function: object) -> None:
    is_writing = function.is_writing  # type: ignore[attr-defined]
    assert is_writing is (method != "GET")
    if not is_writing:
        return
    secret = make_token(make_user(Role.DISTRICT_OFFICE))
    before = AuditEntry.objects.count()
    answer = Client().generic(
        method, sample(path), "{}", "application/json", headers=bearing(secret)
    )

    assert answer.status_code in (403, 422)
    assert AuditEntry.objects.count() == before


def asks(secret: str) -> int:
    return int(Client().get("/api/v1/organisations", headers=bearing(secret)).status_code)


def test_a_token_ends_when_revoked_expired_or_its_account_is_off() -> None:
    user = make_user(Role.DISTRICT_OFFICE)
    secret = make_token(user)
    assert asks(secret) == 200

    User.objects.filter(pk=user.pk).update(is_active=False)
    assert asks(secret) == 401
    User.objects.filter(pk=user.pk).update(is_active=True)
    ApiToken.objects.update(expires_date=timezone.localdate())
    assert asks(secret) == 401
    ApiToken.objects.update(expires_date=timezone.localdate() + timedelta(days=1))
    assert asks(secret) == 200
    revoke_token(ApiToken.objects.get(), by=viewer_of(user, at=timezone.localdate()))
    assert asks(secret) == 401


def test_a_token_loses_what_its_account_loses() -> None:
    user = make_user(Role.DISTRICT_OFFICE)
    secret = make_token(user)
    RoleGrant.objects.update(valid_to=timezone.localdate())

    assert asks(secret) == 401


def test_a_token_never_holds_more_than_its_maker() -> None:
    today = date(2026, 3, 2)
    officer = viewer_of(make_user(Role.COMMITTEE_OFFICER), at=today)
    office = viewer_of(make_user(Role.DISTRICT_OFFICE), at=today)
    asked = {"name": "x", "may_write": True, "today": today}
    with pytest.raises(TokenRefused, match="范围"):
        create_token(held=office.held, expires_date=today + timedelta(days=9), by=officer, **asked)
    with pytest.raises(TokenRefused, match="到期日"):
        create_token(
            held=officer.held, expires_date=today + timedelta(days=367), by=officer, **asked
        )


def test_roles_that_may_not_use_the_interface_make_no_token() -> None:
    for role in sorted(set(Role) - roles_with(Permission.USE_API)):
        with pytest.raises(NotAllowed):
            make_token(make_user(role))


def test_the_secret_is_kept_nowhere() -> None:
    secret = make_token(make_user(Role.DISTRICT_OFFICE))
    token = ApiToken.objects.get()

    assert secret not in (token.digest, token.beginning)
    assert not AuditEntry.objects.filter(summary__contains=secret[3:]).exists()


def test_the_page_shows_the_secret_once() -> None:
    maker = make_user(Role.DISTRICT_OFFICE)
    client = Client()
    client.force_login(maker)
    told = {
        "name": "取数",
        "held": ["0"],
        "expires_date": (timezone.localdate() + timedelta(days=30)).isoformat(),
    }
    page = client.post("/security/tokens/", told).content.decode()
    secret = re.search(r"lx_[\w-]{40,}", page)
    assert secret is not None

    assert asks(secret.group()) == 200
    again = client.get("/security/tokens/").content.decode()
    assert (secret.group() in again, "取数" in again) == (False, True)
