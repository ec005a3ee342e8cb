"""Taking establishments away as Word and Excel."""

import io

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from liangxin.coverage.models import Establishment
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import Role
from tests.factories.accounts import client_of as client_of_user
from tests.factories.accounts import make_user
from tests.factories.clients import client_of
from tests.factories.establishments import make_establishment, make_withdrawn
from tests.factories.registry import make_area
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
MANY = "/establishments/request.docx"
UNITS = "/establishments/units.xlsx"


def one(held: Establishment) -> str:
    return reverse("establishment-request", args=(held.pk,))


def texts(response: HttpResponse) -> list[str]:
    return [line.text for line in Document(io.BytesIO(response.content)).paragraphs]


def keys(*held: Establishment) -> dict[str, list[int]]:
    return {"establishment": [each.pk for each in held]}


@pytest.mark.parametrize("address", [MANY, UNITS])
def test_stranger_is_sent_to_log_in(address: str) -> None:
    held = make_establishment()

    assert Client().get(address, keys(held)).url.startswith("/login/")
    assert Client().get(one(held)).url.startswith("/login/")


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.INSTRUCTOR, Role.OWNER, Role.MEMBER])
def test_role_that_does_not_plan_may_not(role: Role) -> None:
    held = make_establishment()
    client = client_of_user(make_user(role))

    answers = [client.get(one(held)), client.get(MANY, keys(held)), client.get(UNITS, keys(held))]
    assert [answer.status_code for answer in answers] == [403] * 3


def test_officer_gets_nothing_that_holds_another_streets_branch() -> None:
    street = make_area()
    mine, other = make_establishment(street=street), make_establishment()
    client = client_of(officer_of(street))

    assert client.get(one(other)).status_code == 404
    assert client.get(MANY, keys(mine, other)).status_code == 404
    assert client.get(UNITS, keys(mine, other)).status_code == 404


def test_request_is_a_word_file_named_after_its_title() -> None:
    held = make_establishment(street=make_area("甲街道"))
    response = client_of(office()).get(one(held))

    assert "关于成立甲街道联合党支部的请示" in texts(response)
    assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E5%85%B3")


def test_request_for_several_is_one_document() -> None:
    street = make_area("甲街道")
    several = [make_establishment(street=street) for _ in range(3)]
    response = client_of(officer_of(street)).get(MANY, keys(*several))

    assert "关于成立甲街道等3个联合党支部的请示" in texts(response)


def test_downloads_are_recorded() -> None:
    held = make_establishment()
    client = client_of(office())
    client.get(one(held))
    b"".join(client.get(UNITS, keys(held)).streaming_content)
    found = AuditEntry.objects.filter(action__in=("establishment.request", "list.export"))

    assert [entry.changes_ledger for entry in found] == [False, False]
    assert found.get(action="establishment.request").details == {"establishments": [held.pk]}


def test_withdrawn_one_is_not_requested() -> None:
    held = make_withdrawn()
    response = client_of(office()).get(one(held))

    assert response.url == reverse("establishment", args=(held.pk,))


@pytest.mark.parametrize("address", [MANY, UNITS])
def test_nothing_chosen_goes_back_to_the_list(address: str) -> None:
    assert client_of(office()).get(address).url == reverse("establishments")


@pytest.mark.parametrize("address", [MANY, UNITS])
def test_too_many_at_once_are_told_so(address: str) -> None:
    response = client_of(office()).get(address, {"establishment": range(1, 102)}, follow=True)

    assert "一次最多办 100 件，您选了 101 件" in response.content.decode()


def test_key_that_is_none_is_not_found() -> None:
    assert client_of(office()).get(MANY, {"establishment": "三"}).status_code == 404


def test_units_are_listed_a_row_each_with_a_notice() -> None:
    held = make_establishment()
    response = client_of(office()).get(UNITS, keys(held))
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    rows = list(book.worksheets[0].values)

    assert [row[2] for row in rows[1:]] == [unit.name for unit in held.units.all()]
    assert ("条件：组建事项", held.name) in list(book.worksheets[1].values)
