"""离开与变动: one page of what waits, each row with the form that settles it."""

import pytest
from django.test import Client
from django.utils import timezone

from liangxin.kernel.viewer import Role, Scope, ScopeKind
from liangxin.registry.actions.memberships import member_rows
from liangxin.registry.models import Organisation, Person
from liangxin.registry.terms import OrganisationStatus
from tests.factories.accounts import client_of, make_user
from tests.factories.registry import make_area, make_member, make_organisation

pytestmark = pytest.mark.django_db


def office_client() -> Client:
    return client_of(make_user(Role.DISTRICT_OFFICE, Scope(ScopeKind.DISTRICT, "")))


def member_of_closed(name: str) -> Person:
    firm = make_organisation(status=OrganisationStatus.CLOSED)
    return make_member(firm.organisation, name=name)


def test_a_row_leads_to_its_form_and_comes_back() -> None:
    person = member_of_closed("某党员")
    client = office_client()

    page = client.get("/leavers/").content.decode()
    assert "共 1 件" in page
    assert f"/members/{person.pk}/edit/?next=%2Fleavers%2F%3Fkind%3Dmembers" in page
    assert "党员信息只注销不删除" in page

    url = f"/members/{person.pk}/edit/?next=%2Fleavers%2F%3Fkind%3Dmembers"
    answers = {
        "name": person.name,
        "organisation": "",
        "stage": "full",
        "elsewhere": "外地某社区党支部",
        "joined_date": "2015-07-01",
        "full_date": "2016-07-01",
        "how": "change",
        "from_date": timezone.localdate().isoformat(),
        "based_on": member_rows(person).edition,
        "next": "/leavers/?kind=members",
    }
    saved = client.post(url, answers)
    assert saved.status_code == 302, saved.content.decode()
    assert saved["Location"] == "/leavers/?kind=members"
    assert not person.employments.filter(valid_to__isnull=True).exists()
    assert person.memberships.filter(valid_to__isnull=True).exists()
    assert "都落实了" in client.get("/leavers/?kind=members").content.decode()


def test_the_desk_counts_what_the_lists_hold() -> None:
    member_of_closed("甲")
    member_of_closed("乙")

    page = office_client().get("/").content.decode()

    assert '<span class="lx-task-count">2</span>' in page
    assert "件离开与变动要落实" in page


def test_every_kind_opens_and_goes_to_excel() -> None:
    member_of_closed("某党员")
    client = office_client()
    for kind in (
        "requests",
        "members",
        "relations",
        "branches",
        "short",
        "children",
        "coverages",
        "moved",
        "postings",
        "establishments",
    ):
        assert client.get(f"/leavers/?kind={kind}&q=某").status_code == 200
        assert client.get(f"/leavers/?kind={kind}&export=xlsx").status_code == 200


def test_an_officer_finds_nothing_of_another_street() -> None:
    member_of_closed("别处的人")
    officer = make_user(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(make_area().pk)))

    page = client_of(officer).get("/leavers/").content.decode()

    assert "别处的人" not in page
    assert Organisation.objects.count() == 1
