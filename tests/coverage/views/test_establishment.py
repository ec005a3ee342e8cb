"""The page of one establishment and its steps."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liangxin.coverage.models import Establishment
from liangxin.coverage.terms import EstablishmentState
from liangxin.kernel.viewer import Role
from liangxin.registry.models import OrganisationVersion
from tests.factories.accounts import client_of as client_of_user
from tests.factories.accounts import make_user
from tests.factories.clients import client_of
from tests.factories.establishments import (
    ADOPTED,
    APPROVED,
    FOUNDED,
    NUMBER,
    make_approved,
    make_cross_street,
    make_establishment,
    make_founded,
    make_withdrawn,
)
from tests.factories.registry import make_area
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
STEPS = (
    "establishment-approve",
    "establishment-found",
    "establishment-withdraw",
    "establishment-rename",
)
APPROVAL = {"approved_date": APPROVED.isoformat(), "approval_number": NUMBER}


def url(held: Establishment, route: str = "establishment") -> str:
    return reverse(route, args=(held.pk,))


def shown(client: Client, held: Establishment) -> str:
    response = client.get(url(held))
    assert response.status_code == 200
    return response.content.decode()


def state(held: Establishment) -> str:
    held.refresh_from_db()
    return held.state


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the pages stands after everything that the factories did."""
    monkeypatch.setattr(timezone, "localdate", lambda *_: FOUNDED + timedelta(days=5))


@pytest.mark.parametrize("route", ["establishment", *STEPS])
def test_stranger_is_sent_to_log_in(route: str) -> None:
    held = make_establishment()

    assert Client().post(url(held, route)).url.startswith("/login/")
    assert state(held) == EstablishmentState.PROPOSED


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.INSTRUCTOR, Role.OWNER, Role.MEMBER])
@pytest.mark.parametrize("route", ["establishment", *STEPS])
def test_role_that_does_not_plan_may_not(role: Role, route: str) -> None:
    held = make_establishment()

    assert client_of_user(make_user(role)).post(url(held, route)).status_code == 403


@pytest.mark.parametrize("route", ["establishment", *STEPS[1:]])
def test_officer_of_another_street_finds_nothing(route: str) -> None:
    held = make_establishment()

    assert client_of(officer_of(make_area())).post(url(held, route)).status_code == 404


@pytest.mark.parametrize("route", STEPS)
def test_step_is_taken_by_post_only(route: str) -> None:
    held = make_establishment()

    assert client_of(office()).get(url(held, route)).status_code == 405


def test_page_says_units_basis_and_whose_turn_it_is() -> None:
    held = make_establishment()
    page = shown(client_of(office()), held)

    assert [unit.name in page for unit in held.units.all()] == [True] * 3
    assert held.basis.splitlines()[1] in page
    assert "轮到区委社会工作部（两新工委）。" in page
    assert "发文字号、签发人" in page


def test_officer_is_told_to_wait_for_the_approval() -> None:
    street = make_area()
    held = make_establishment(street=street)
    response = client_of(officer_of(street)).get(url(held))

    assert set(response.context["forms"]) == {"nominate", "request", "withdraw", "rename"}
    assert "批复以前不能登记成立" in response.content.decode()


def test_approval_is_recorded() -> None:
    held = make_establishment()
    client_of(office()).post(url(held, "establishment-approve"), APPROVAL)

    assert state(held) == EstablishmentState.APPROVED
    assert (held.approved_date, held.approval_number) == (APPROVED, NUMBER)


def test_officer_may_not_approve() -> None:
    street = make_area()
    held = make_establishment(street=street)
    response = client_of(officer_of(street)).post(url(held, "establishment-approve"), APPROVAL)

    assert (response.status_code, state(held)) == (403, EstablishmentState.PROPOSED)


def test_approval_before_adoption_is_refused_at_its_field() -> None:
    held = make_establishment()
    early = {**APPROVAL, "approved_date": (ADOPTED - timedelta(days=1)).isoformat()}
    response = client_of(office()).post(url(held, "establishment-approve"), early)

    assert list(response.context["forms"]["approve"].errors) == ["approved_date"]
    assert state(held) == EstablishmentState.PROPOSED


def test_approval_waits_for_consents() -> None:
    streets = (make_area("甲街道"), make_area("乙街道"))
    held = make_cross_street(by=officer_of(streets[0]), streets=streets)
    client = client_of(office())
    response = client.post(url(held, "establishment-approve"), APPROVAL)

    assert "还在等乙街道答复" in response.content.decode()
    assert "approve" not in client.get(url(held)).context["forms"]
    assert "轮到乙街道。" in shown(client, held)


def test_founding_is_recorded_by_the_adopting_side() -> None:
    street = make_area()
    held = make_approved(make_establishment(street=street))
    answers = {"founded_date": FOUNDED.isoformat(), "secretary_name": "测试书记"}
    client_of(officer_of(street)).post(url(held, "establishment-found"), answers)

    assert (state(held), held.founded_date) == (EstablishmentState.FOUNDED, FOUNDED)


def test_founding_before_the_approval_is_refused_in_words() -> None:
    held = make_establishment()
    answers = {"founded_date": FOUNDED.isoformat(), "secretary_name": "测试书记"}
    response = client_of(office()).post(url(held, "establishment-found"), answers)

    assert "批复以后才能记成立日期" in response.content.decode()


def test_founded_one_opens_no_step() -> None:
    held = make_founded()
    response = client_of(office()).get(url(held))

    assert response.context["forms"] == {}
    assert "计入组织覆盖" in response.content.decode()


def test_withdrawal_needs_a_reason() -> None:
    held = make_establishment()
    client = client_of(office())
    response = client.post(url(held, "establishment-withdraw"), {"reason": ""})
    assert list(response.context["forms"]["withdraw"].errors) == ["reason"]

    client.post(url(held, "establishment-withdraw"), {"reason": "牵头单位迁出"})
    assert (state(held), held.withdrawn_reason) == (EstablishmentState.WITHDRAWN, "牵头单位迁出")


def test_withdrawn_one_shows_why_and_offers_no_request() -> None:
    held = make_withdrawn()
    page = shown(client_of(office()), held)

    assert "牵头单位迁出" in page
    assert url(held, "establishment-request") not in page


def test_name_can_be_changed_until_it_is_approved() -> None:
    held = make_establishment()
    client = client_of(office())
    client.post(url(held, "establishment-rename"), {"name": "滨江楼宇联合党支部"})
    assert Establishment.objects.get().name == "滨江楼宇联合党支部"

    make_approved(held)
    assert "rename" not in client.get(url(held)).context["forms"]


def test_changed_facts_are_told() -> None:
    held = make_establishment()
    unit = held.units.all()[1]
    OrganisationVersion.objects.filter(organisation=unit.organisation_id).update(
        name="改了名的公司"
    )

    assert "已更名为改了名的公司" in shown(client_of(office()), held)


def test_page_takes_as_many_queries_whatever_the_number_of_units(
    django_assert_max_num_queries: object,
) -> None:
    held = make_cross_street()
    client = client_of(office())
    client.get(url(held))

    with django_assert_max_num_queries(40):  # type: ignore[operator]
        shown(client, held)
