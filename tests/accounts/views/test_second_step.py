"""Signing in with two steps, and being led to set them up."""

from datetime import timedelta

import pyotp
import pytest
from django.test import Client, override_settings
from django.utils import timezone

from liangxin.accounts.actions.proofs import begin_totp, confirm_totp
from liangxin.accounts.models import SignIn, Totp
from liangxin.kernel.models import User
from liangxin.kernel.viewer import Role
from tests.factories.accounts import PASSWORD, client_of, make_user, viewer_for

pytestmark = pytest.mark.django_db


def protected(role: Role = Role.SUBSCRIBER) -> tuple[User, list[str]]:
    """An account whose app was set up ten minutes ago."""
    user = make_user(role)
    by = viewer_for(role, user=user)
    begun = timezone.now() - timedelta(minutes=10)
    code = pyotp.TOTP(begin_totp(user, by=by)).at(begun)
    return user, confirm_totp(user, code=code, now=begun, by=by)


def current_code(user: User) -> str:
    return pyotp.TOTP(Totp.objects.get(user=user).secret).at(timezone.now())


def after_password(user: User, *, wanted: str = "") -> Client:
    client = Client()
    address = f"/login/?next={wanted}" if wanted else "/login/"
    response = client.post(
        address, {"username": user.username, "password": PASSWORD, "next": wanted}
    )
    assert (response.status_code, response["Location"]) == (302, "/login/code/")
    return client


def test_the_password_alone_does_not_open_a_protected_account() -> None:
    user, _ = protected()
    client = after_password(user)

    assert client.get("/").status_code == 302
    assert SignIn.objects.count() == 0


def test_the_code_opens_it_and_leads_where_one_wanted_to_go() -> None:
    user, _ = protected()
    client = after_password(user, wanted="/password/")
    response = client.post("/login/code/", {"code": current_code(user)})

    assert (response.status_code, response["Location"]) == (302, "/password/")
    assert client.get("/").status_code == 200
    assert SignIn.objects.get(user=user).is_two_step is True


def test_signing_in_never_leads_to_another_site() -> None:
    user, _ = protected()
    client = after_password(user, wanted="https://elsewhere.example/")
    response = client.post("/login/code/", {"code": current_code(user)})

    assert response["Location"] == "/"


def test_a_wrong_code_is_said_and_a_recovery_code_helps() -> None:
    user, codes = protected()
    client = after_password(user)

    assert "动态码不对" in client.post("/login/code/", {"code": "000000"}).content.decode()
    assert client.post("/login/code/", {"code": codes[0]}).status_code == 302
    assert client.get("/").status_code == 200


def test_the_second_step_asks_only_after_the_password() -> None:
    assert Client().get("/login/code/")["Location"] == "/login/"


def test_the_second_step_does_not_wait_for_ever() -> None:
    user, _ = protected()
    client = after_password(user)
    session = client.session
    session["second_step"] = {**session["second_step"], "at": timezone.now().timestamp() - 301}
    session.save()

    response = client.post("/login/code/", {"code": current_code(user)})
    assert response["Location"] == "/login/"
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("role", "is_led"),
    [
        (Role.DISTRICT_OFFICE, True),
        (Role.ADMINISTRATOR, True),
        (Role.COMMITTEE_OFFICER, False),
        (Role.MEMBER, False),
    ],
)
def test_who_sees_everything_must_set_up_a_second_proof(role: Role, is_led: bool) -> None:
    client = client_of(make_user(role))
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        response = client.get("/")
        page = client.get("/security/")

    assert (response.status_code == 302) is is_led
    assert page.status_code == 200
    assert ("须先启用" in page.content.decode()) is is_led


def test_setting_up_the_app_opens_the_way_and_shows_codes_once() -> None:
    user = make_user(Role.DISTRICT_OFFICE)
    client = client_of(user)
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        page = client.get("/security/totp/").content.decode()
        secret = Totp.objects.get(user=user).secret
        assert (secret in page, "data:image/svg+xml" in page) == (True, True)
        told = client.post("/security/totp/", {"code": current_code(user)}).content.decode()
        assert "离开这一页后不再显示" in told
        assert client.get("/").status_code == 200
    assert secret not in client.get("/security/").content.decode()


def test_a_wrong_first_code_keeps_the_secret_on_the_screen() -> None:
    user = make_user(Role.MEMBER)
    client = client_of(user)
    client.get("/security/totp/")
    secret = Totp.objects.get(user=user).secret
    page = client.post("/security/totp/", {"code": "000000"}).content.decode()

    assert (secret in page, "动态码不对" in page) == (True, True)


def test_protections_are_taken_away_with_the_password_only() -> None:
    user, _ = protected()
    client = client_of(user)

    client.post("/security/totp/off/", {"password": "wrong"})
    assert Totp.objects.filter(user=user).exists() is True
    client.post("/security/totp/off/", {"password": PASSWORD})
    assert Totp.objects.filter(user=user).exists() is False


def test_signing_out_elsewhere_ends_the_other_sessions() -> None:
    user = make_user(Role.SUBSCRIBER)
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post("/login/", {"username": user.username, "password": PASSWORD})
    assert "2 处" in here.get("/security/").content.decode()

    here.post("/security/sign-ins/end/")
    assert (here.get("/").status_code, elsewhere.get("/").status_code) == (200, 302)


def test_who_was_away_too_long_is_signed_out() -> None:
    user = make_user(Role.SUBSCRIBER)
    client = Client()
    client.post("/login/", {"username": user.username, "password": PASSWORD})
    session = client.session
    session["seen_at"] -= 61 * 60
    session.save()

    response = client.get("/", follow=True)
    assert response.redirect_chain == [("/login/", 302)]
    assert "久未操作" in response.content.decode()


def test_only_administrators_clear_the_two_steps_of_others() -> None:
    user, _ = protected()
    address = f"/users/{user.pk}/two-step/reset/"
    assert client_of(make_user(Role.DISTRICT_OFFICE)).post(address).status_code == 403

    client_of(make_user(Role.ADMINISTRATOR)).post(address)
    assert Totp.objects.filter(user=user).exists() is False


def test_a_strange_answer_of_a_device_is_refused() -> None:
    client = Client()
    assert client.post("/login/passkey/", {}, content_type="application/json").status_code == 400
    asked = client.post("/login/passkey/ask/", {}, content_type="application/json").json()
    assert asked["publicKey"]["rpId"] == "testserver"
    answer = client.post("/login/passkey/", {"id": "x"}, content_type="application/json")
    assert (answer.status_code, "看不懂" in answer.json()["refused"]) == (400, True)
