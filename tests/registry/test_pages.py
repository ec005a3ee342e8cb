"""Promises that every page of the ledger keeps."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liangxin.kernel.viewer import Role, ScopeKind
from liangxin.registry.models import Organisation
from tests.factories.clients import client_of
from tests.factories.registry import (
    make_guide,
    make_member,
    make_organisation,
    make_party_organisation,
    make_posting,
    make_site,
)
from tests.factories.viewers import holding, office, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger() -> dict[str, int]:
    """One of everything, and the keys of the pages."""
    version = make_organisation(site=make_site())
    branch = make_party_organisation(street=version.street, covers=(version.organisation,))
    member = make_member(version.organisation, held_in=branch.party_organisation)
    guide = make_guide()
    make_posting(version.organisation, person=guide)
    assert version.site_id is not None
    return {
        "organisation": version.organisation_id,
        "site": version.site_id,
        "party-organisation": branch.party_organisation_id,
        "member": member.pk,
        "guide": guide.pk,
    }


OPEN_PAGES = (
    ("organisations", None),
    ("sites", None),
    ("site", "site"),
    ("party-organisations", None),
    ("party-organisation", "party-organisation"),
    ("guides", None),
    ("guide", "guide"),
    ("guide-phone", "guide"),
    ("organisation-phone", "organisation"),
)
PEOPLE_PAGES = (("members", None), ("member", "member"), ("member-numbers", "member"))
EDITING_PAGES = (
    ("organisation-create", None),
    ("organisation-edit", "organisation"),
    ("organisation-close", "organisation"),
    ("organisation-confirm", "organisation"),
    ("organisation-site-options", None),
    ("organisation-industry-options", None),
    ("organisation-likeness", None),
)
PAGES = (*OPEN_PAGES, *PEOPLE_PAGES, *EDITING_PAGES)


def address(page: tuple[str, str | None], ledger: dict[str, int]) -> str:
    name, key = page
    return reverse(name, args=[ledger[key]] if key else [])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page[0])
def test_a_stranger_is_sent_to_log_in(page: tuple[str, str | None], ledger: dict[str, int]) -> None:
    answer = Client().get(address(page, ledger))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page[0])
@pytest.mark.parametrize("role", [Role.MEMBER, Role.SUBSCRIBER, Role.ADMINISTRATOR])
def test_roles_without_the_ledger_are_refused(
    page: tuple[str, str | None], role: Role, ledger: dict[str, int]
) -> None:
    client = client_of(holding(role, ScopeKind.DISTRICT))

    assert client.get(address(page, ledger)).status_code == 403


@pytest.mark.parametrize("page", [*PEOPLE_PAGES, *EDITING_PAGES], ids=lambda page: page[0])
def test_an_owner_neither_sees_people_nor_edits(
    page: tuple[str, str | None], ledger: dict[str, int]
) -> None:
    client = client_of(owner_of(Organisation(pk=ledger["organisation"])))

    assert client.get(address(page, ledger)).status_code == 403


@pytest.mark.parametrize("page", OPEN_PAGES, ids=lambda page: page[0])
def test_an_owner_is_told_of_no_member(
    page: tuple[str, str | None], ledger: dict[str, int]
) -> None:
    client = client_of(owner_of(Organisation(pk=ledger["organisation"])))

    answer = client.get(address(page, ledger))

    assert answer.status_code == 200
    assert "党员" not in answer.content.decode().split("<main", 1)[-1]


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page[1] and page[1] != "guide"],
    ids=lambda page: page[0],
)
def test_an_officer_finds_nothing_of_another_street(
    page: tuple[str, str | None], ledger: dict[str, int]
) -> None:
    client = client_of(holding(Role.COMMITTEE_OFFICER, ScopeKind.STREET, 999_999))

    answer = client.post(address(page, ledger), {"reason": "核对年报信息"})

    assert answer.status_code == 404


def one_organisation() -> None:
    make_organisation(site=make_site(), industry_code="6513", industry_section="I")


def one_site() -> None:
    make_organisation(site=make_site())


def one_party_organisation() -> None:
    version = make_organisation()
    parent = make_party_organisation().party_organisation
    make_party_organisation(covers=(version.organisation,), street=version.street, parent=parent)


def one_member() -> None:
    branch = make_party_organisation().party_organisation
    make_member(make_organisation().organisation, held_in=branch)


def one_guide() -> None:
    make_posting(make_organisation().organisation)


@pytest.mark.parametrize(
    ("name", "make_one"),
    [
        ("organisations", one_organisation),
        ("sites", one_site),
        ("party-organisations", one_party_organisation),
        ("members", one_member),
        ("guides", one_guide),
    ],
)
def test_a_list_asks_as_often_for_three_rows_as_for_one(
    name: str, make_one: Callable[[], None]
) -> None:
    client = client_of(office())
    make_one()
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(reverse(name))
    make_one()
    make_one()
    cache.clear()

    with CaptureQueriesContext(connection) as three:
        answer = client.get(reverse(name))

    assert answer.status_code == 200
    assert len(three) == len(one)


@pytest.mark.parametrize(
    "name", ["organisations", "sites", "party-organisations", "members", "guides"]
)
def test_a_list_can_be_taken_away_and_is_recorded(name: str, ledger: dict[str, int]) -> None:
    answer = client_of(office()).get(reverse(name), {"export": "xlsx"})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")


@pytest.mark.parametrize("day", ["2023-01-01", "2026-01-01", "不是日期"])
@pytest.mark.parametrize(
    "name", ["organisations", "sites", "party-organisations", "members", "guides"]
)
def test_a_list_answers_for_any_day(name: str, day: str, ledger: dict[str, int]) -> None:
    answer = client_of(office()).get(reverse(name), {"at": day})

    assert answer.status_code == 200
