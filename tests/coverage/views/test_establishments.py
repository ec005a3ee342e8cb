"""The list of establishments."""

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import Role
from tests.factories.accounts import client_of as client_of_user
from tests.factories.accounts import make_user
from tests.factories.clients import client_of
from tests.factories.establishments import (
    make_approved,
    make_cross_street,
    make_establishment,
    make_founded,
    make_withdrawn,
)
from tests.factories.registry import make_area
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
URL = "/establishments/"


def queries(client: Client, url: str = URL) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def names(client: Client, **asked: str) -> list[str]:
    page = client.get(URL, asked).context["page"]
    return [one.name for one in page.object_list]


def test_stranger_is_sent_to_log_in() -> None:
    assert Client().get(URL).url.startswith("/login/")


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.INSTRUCTOR, Role.OWNER, Role.MEMBER])
def test_role_that_does_not_plan_may_not(role: Role) -> None:
    assert client_of_user(make_user(role)).get(URL).status_code == 403


def test_list_takes_as_many_queries_for_three_as_for_one() -> None:
    client = client_of(office())
    make_cross_street()
    one = queries(client)
    make_cross_street()
    make_cross_street()

    assert queries(client) == one


def test_officer_sees_those_of_the_own_street_only() -> None:
    street = make_area()
    mine = make_establishment(street=street)
    make_establishment()

    assert names(client_of(officer_of(street))) == [mine.name]


@pytest.mark.parametrize("turn", ["consent", "objection", "approval", "founding"])
def test_filter_of_turn_agrees_with_the_words(turn: str) -> None:
    streets = (make_area("甲街道"), make_area("乙街道"))
    asked = make_cross_street(by=officer_of(streets[0]), streets=streets)
    refused = make_cross_street(by=officer_of(streets[0]), streets=streets)
    refused.consents.filter(state="waiting").update(state="refused", decided_date="2026-06-20")
    ready = make_establishment()
    approved = make_approved()
    make_founded()
    expected = {
        "consent": (asked, "等乙街道会签"),
        "objection": (refused, "乙街道不同意，待协商"),
        "approval": (ready, "等区级批复"),
        "founding": (approved, "等成立"),
    }[turn]
    response = client_of(office()).get(URL, {"turn": turn})

    assert [one.pk for one in response.context["page"].object_list] == [expected[0].pk]
    assert expected[1] in response.content.decode()


def test_list_is_narrowed_by_state_street_and_unit() -> None:
    street = make_area()
    mine = make_establishment(street=street)
    gone = make_withdrawn()
    client = client_of(office())

    assert names(client, state="withdrawn") == [gone.name]
    assert names(client, street=str(street.pk)) == [mine.name]
    assert names(client, q=mine.units.all()[1].name) == [mine.name]


def test_only_open_ones_can_be_chosen_for_a_request() -> None:
    chosen, gone = make_establishment(), make_withdrawn()
    page = client_of(office()).get(URL).content.decode()

    assert f'name="establishment" value="{chosen.pk}"' in page
    assert f'name="establishment" value="{gone.pk}"' not in page


def test_export_names_the_branches_without_markup() -> None:
    held = make_establishment()
    response = client_of(office()).get(URL, {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0]
    rows = list(sheet.values)

    assert (rows[0][0], rows[1][0], rows[1][4]) == ("党组织名称", held.name, 3)
    assert AuditEntry.objects.filter(action="list.export").count() == 1
