"""One approval for several establishments."""

import pytest
from django.test import Client

from liangxin.coverage.models import Establishment
from liangxin.kernel.viewer import Role
from tests.factories.accounts import client_of as client_of_user
from tests.factories.accounts import make_user
from tests.factories.clients import client_of
from tests.factories.establishments import NUMBER, make_cross_street, make_establishment
from tests.factories.registry import make_area
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
URL = "/establishments/approve/"


def address(*held: Establishment) -> str:
    return f"{URL}?{'&'.join(f'establishment={one.pk}' for one in held)}"


def approve(client: Client, *held: Establishment, day: str = "2026-06-25") -> str:
    answers = {"approved_date": day, "approval_number": NUMBER}
    return client.post(address(*held), answers, follow=True).content.decode()


def states(*held: Establishment) -> list[str]:
    for one in held:
        one.refresh_from_db()
    return [one.state for one in held]


def test_stranger_is_sent_to_log_in() -> None:
    held = make_establishment()

    assert Client().post(address(held)).url.startswith("/login/")


@pytest.mark.parametrize("role", [Role.COMMITTEE_OFFICER, Role.SECRETARY, Role.OWNER, Role.MEMBER])
def test_role_that_does_not_approve_may_not(role: Role) -> None:
    held = make_establishment()

    assert client_of_user(make_user(role)).post(address(held)).status_code == 403


def test_one_number_is_recorded_for_all() -> None:
    first, second = make_establishment(), make_establishment()
    page = approve(client_of(office()), first, second)

    assert states(first, second) == ["approved", "approved"]
    assert (first.approval_number, second.approval_number) == (NUMBER, NUMBER)
    assert "已登记批复 2 件" in page


def test_what_waits_for_a_consent_is_left_out_and_named() -> None:
    streets = (make_area("甲街道"), make_area("乙街道"))
    asked = make_cross_street(by=officer_of(streets[0]), streets=streets)
    ready = make_establishment()
    client = client_of(office())
    page = client.get(address(asked, ready)).content.decode()
    approve(client, asked, ready)

    assert "等乙街道会签" in page
    assert states(asked, ready) == ["proposed", "approved"]


def test_day_before_an_adoption_is_refused_by_name() -> None:
    held = make_establishment()
    page = approve(client_of(office()), held, day="2026-06-01")

    assert f"没有登记：“{held.name}”：批复日期应在" in page
    assert states(held) == ["proposed"]


def test_missing_number_is_asked_for() -> None:
    held = make_establishment()
    response = client_of(office()).post(address(held), {"approved_date": "2026-06-25"})

    assert list(response.context["form"].errors) == ["approval_number"]


def test_nothing_chosen_goes_back_to_the_list() -> None:
    assert client_of(office()).get(URL).url == "/establishments/"
