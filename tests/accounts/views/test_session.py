import pytest
from django.conf import settings
from django.test import Client, override_settings

from liangxin.kernel.models import User
from liangxin.kernel.viewer import Role
from tests.factories.accounts import PASSWORD, client_of, make_user

pytestmark = pytest.mark.django_db


def log_in(client: Client, username: str, password: str = PASSWORD) -> int:
    response = client.post("/login/", {"username": username, "password": password})
    return int(response.status_code)


def test_login_leads_home() -> None:
    make_user(Role.SUBSCRIBER, username="reader")
    client = Client()

    response = client.post("/login/", {"username": "reader", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_login_does_not_say_which_of_the_two_was_wrong() -> None:
    make_user(username="reader")

    def said(username: str) -> bool:
        page = Client().post("/login/", {"username": username, "password": "wrong"})
        return "登录名或密码不对" in page.content.decode()

    assert (said("reader"), said("nobody")) == (True, True)


def test_login_refuses_an_account_that_is_switched_off() -> None:
    user = make_user(username="reader")
    client = client_of(user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert log_in(Client(), "reader") == 200
    assert client.get("/").status_code == 302


@override_settings(AXES_ENABLED=True)
def test_login_is_locked_after_too_many_wrong_passwords() -> None:
    make_user(username="reader")
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        log_in(client, "reader", "wrong")

    response = client.post("/login/", {"username": "reader", "password": PASSWORD})

    assert response.status_code == 429
    assert "请等 15 分钟后再试" in response.content.decode()


def test_demo_logins_are_shown_in_demo_mode_only() -> None:
    user = make_user(Role.DISTRICT_OFFICE, username="office")
    User.objects.filter(pk=user.pk).update(is_synthetic=True)

    with override_settings(DEMO_MODE=True):
        assert 'data-demo-login="office"' in Client().get("/login/").content.decode()
    assert "data-demo-login" not in Client().get("/login/").content.decode()


def test_demo_mode_shows_no_password_of_a_real_account() -> None:
    make_user(Role.DISTRICT_OFFICE, username="office")

    with override_settings(DEMO_MODE=True):
        assert "data-demo-login" not in Client().get("/login/").content.decode()


def test_password_change_keeps_this_session_and_ends_others() -> None:
    user = make_user(Role.SUBSCRIBER)
    here, elsewhere = client_of(user), client_of(user)
    new = "quite-another-secret"

    response = here.post(
        "/password/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )

    assert response.status_code == 302
    assert (here.get("/").status_code, elsewhere.get("/").status_code) == (200, 302)
    assert User.objects.get(pk=user.pk).check_password(new)


def test_password_change_refuses_a_wrong_old_or_a_weak_new_one() -> None:
    user = make_user(Role.SUBSCRIBER)
    client = client_of(user)

    for old, new in (("wrong", "quite-another-secret"), (PASSWORD, "12345678901")):
        form = {"old_password": old, "new_password1": new, "new_password2": new}
        assert client.post("/password/", form).status_code == 200

    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
