"""What waits for whose consent."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liangxin.coverage.models import Consent, Establishment
from liangxin.coverage.terms import ConsentState
from liangxin.kernel.viewer import Role
from liangxin.registry.models import Area
from tests.factories.accounts import client_of as client_of_user
from tests.factories.accounts import make_user
from tests.factories.clients import client_of
from tests.factories.establishments import make_approved, make_cross_street
from tests.factories.registry import make_area
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
URL = "/establishments/consents/"


@pytest.fixture
def streets() -> tuple[Area, Area]:
    return make_area("甲街道"), make_area("乙街道")


def asked(streets: tuple[Area, Area]) -> tuple[Establishment, Consent]:
    """A branch of both streets adopted by the first one's officer; the second has to answer."""
    held = make_cross_street(by=officer_of(streets[0]), streets=streets)
    return held, held.consents.get(street=streets[1])


def answer(client: Client, consent: Consent, **answers: str) -> str:
    """What the consent is after the answer."""
    client.post(reverse("consent-answer", args=(consent.pk,)), answers)
    consent.refresh_from_db()
    return consent.state


def parts(client: Client) -> dict[str, list[int]]:
    context = client.get(URL).context
    found = {name: [one.pk for one in context[name]] for name in ("mine", "others", "answered")}
    return found | {"refused": [one.pk for one, _ in context["refused"]]}


def test_stranger_is_sent_to_log_in(streets: tuple[Area, Area]) -> None:
    _, consent = asked(streets)

    assert Client().get(URL).url.startswith("/login/")
    assert answer(Client(), consent, answer="given") == ConsentState.WAITING


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.INSTRUCTOR, Role.OWNER, Role.MEMBER])
def test_role_that_does_not_plan_may_not(role: Role) -> None:
    assert client_of_user(make_user(role)).get(URL).status_code == 403


def test_officer_of_a_third_street_finds_nothing_to_answer(streets: tuple[Area, Area]) -> None:
    _, consent = asked(streets)
    client = client_of(officer_of(make_area()))
    response = client.post(reverse("consent-answer", args=(consent.pk,)), {"answer": "given"})

    assert response.status_code == 404


def test_answer_is_given_by_post_only(streets: tuple[Area, Area]) -> None:
    _, consent = asked(streets)
    response = client_of(office()).get(reverse("consent-answer", args=(consent.pk,)))

    assert response.status_code == 405


def test_consent_waits_for_the_other_street_and_is_shown_so_to_either(
    streets: tuple[Area, Area],
) -> None:
    held, consent = asked(streets)
    given = held.consents.get(street=streets[0])
    first, second = (client_of(officer_of(street)) for street in streets)

    assert parts(first) == {
        "mine": [],
        "others": [consent.pk],
        "answered": [given.pk],
        "refused": [],
    }
    assert parts(second)["mine"] == [consent.pk]
    assert "等我答复" in second.get(URL).content.decode()


def test_consent_takes_one_click(streets: tuple[Area, Area]) -> None:
    _, consent = asked(streets)
    client = client_of(officer_of(streets[1]))

    assert answer(client, consent, answer="given") == ConsentState.GIVEN
    assert parts(client)["mine"] == []


def test_refusal_needs_a_reason_and_may_turn_into_consent(streets: tuple[Area, Area]) -> None:
    _, consent = asked(streets)
    client = client_of(officer_of(streets[1]))

    assert answer(client, consent, answer="refused") == ConsentState.WAITING
    assert answer(client, consent, answer="refused", note="路太远") == ConsentState.REFUSED
    assert parts(client)["refused"] == [consent.pk]
    assert answer(client, consent, answer="given") == ConsentState.GIVEN


def test_answer_that_is_none_changes_nothing(streets: tuple[Area, Area]) -> None:
    _, consent = asked(streets)

    assert answer(client_of(office()), consent, answer="waiting") == ConsentState.WAITING


def test_street_may_not_answer_for_the_other(streets: tuple[Area, Area]) -> None:
    _, consent = asked(streets)
    client = client_of(officer_of(streets[0]))

    assert answer(client, consent, answer="given") == ConsentState.WAITING
    assert "请由该街道或区级答复" in client.get(URL).content.decode()


def test_district_answers_for_a_street_and_is_named(streets: tuple[Area, Area]) -> None:
    _, consent = asked(streets)
    client = client_of(office())

    assert answer(client, consent, answer="given", back="establishment") == ConsentState.GIVEN
    assert consent.is_by_district
    assert "代表区级答复" in client.get(URL).content.decode()


def test_approved_one_asks_no_more(streets: tuple[Area, Area]) -> None:
    held, consent = asked(streets)
    client = client_of(office())
    answer(client, consent, answer="given")
    make_approved(held)

    assert answer(client, consent, answer="refused", note="晚了") == ConsentState.GIVEN


def test_page_takes_as_many_queries_for_three_as_for_one(streets: tuple[Area, Area]) -> None:
    client = client_of(officer_of(streets[1]))
    asked(streets)
    one = queries(client)
    asked(streets)
    asked(streets)

    assert queries(client) == one


def queries(client: Client) -> int:
    client.get(URL)
    with CaptureQueriesContext(connection) as caught:
        client.get(URL)
    return len(caught)
