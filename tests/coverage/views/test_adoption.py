"""Adopting groups from a proposal's page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from liangxin.coverage.models import BranchProposal, Establishment, ProposedGroup
from liangxin.kernel.viewer import Role
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.terms import OrganisationStatus
from tests.factories.accounts import client_of as client_of_user
from tests.factories.accounts import make_user
from tests.factories.clients import client_of
from tests.factories.establishments import make_establishment
from tests.factories.plans import DAY, make_candidate, make_group, make_proposal
from tests.factories.registry import make_area
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: DAY + timedelta(days=10))


def url(proposal: BranchProposal) -> str:
    return reverse("proposal-adopt", args=(proposal.pk,))


def shown(client: Client, proposal: BranchProposal, **asked: object) -> dict[str, list[int]]:
    """Numbers of the groups that may be adopted, and of those that may not."""
    context = client.get(url(proposal), asked).context
    return {
        part: [one.group.number for one in context[part]] for part in ("possible", "impossible")
    }


def adopt(client: Client, *groups: ProposedGroup, **answers: str) -> str:
    """Press the button as the page offers it for these groups; returns the page that answers."""
    proposal = groups[0].proposal
    numbers = [group.number for group in groups]
    page = client.get(url(proposal), {"group": numbers})
    sent = {"group": numbers, "seen": page.context["seen"], **answers}
    return client.post(url(proposal), sent).content.decode()


def rename_unit(group: ProposedGroup, name: str) -> None:
    unit = group.units.last()
    assert unit is not None
    OrganisationVersion.objects.filter(organisation=unit.organisation_id).update(name=name)


def close_unit(group: ProposedGroup) -> None:
    unit = group.units.last()
    assert unit is not None
    closed = OrganisationVersion.objects.filter(organisation=unit.organisation_id)
    closed.update(status=OrganisationStatus.CLOSED)


def test_stranger_is_sent_to_log_in() -> None:
    group = make_group(make_proposal())

    assert Client().post(url(group.proposal), {"group": 1}).url.startswith("/login/")
    assert not Establishment.objects.exists()


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.INSTRUCTOR, Role.OWNER, Role.MEMBER])
def test_role_that_does_not_plan_may_not(role: Role) -> None:
    group = make_group(make_proposal())

    assert client_of_user(make_user(role)).get(url(group.proposal)).status_code == 403


def test_officer_of_another_street_finds_nothing() -> None:
    group = make_group(make_proposal())
    client = client_of(officer_of(make_area()))

    assert client.post(url(group.proposal), {"group": 1}).status_code == 404


def test_officer_adopts_no_group_of_another_street() -> None:
    proposal, street = make_proposal(), make_area()
    make_group(proposal, street=street)
    other = make_group(proposal)
    client = client_of(officer_of(street))
    client.post(url(proposal), {"group": other.number})

    assert not Establishment.objects.exists()


def test_page_shows_the_groups_asked_for() -> None:
    proposal = make_proposal()
    for _ in range(3):
        make_group(proposal)
    client = client_of(office())

    assert shown(client, proposal, group=[1, 3])["possible"] == [1, 3]
    assert shown(client, proposal, all=1)["possible"] == [1, 2, 3]


def test_page_without_a_group_goes_back_to_the_proposal() -> None:
    group = make_group(make_proposal())
    response = client_of(office()).get(url(group.proposal))

    assert response.url == reverse("proposal", args=(group.proposal_id,))


def test_names_offered_differ_from_one_another() -> None:
    proposal, street = make_proposal(), make_area("甲街道")
    make_group(proposal, street=street)
    make_group(proposal, street=street)
    possible = client_of(office()).get(url(proposal), {"all": 1}).context["possible"]

    assert [one.name for one in possible] == ["甲街道联合党支部", "甲街道第二联合党支部"]


def test_group_is_adopted_under_the_name_given() -> None:
    group = make_group(make_proposal())
    page = adopt(client_of(office()), group, **{f"name-{group.number}": "滨江楼宇联合党支部"})

    assert Establishment.objects.get().name == "滨江楼宇联合党支部"
    assert "采纳了 1 组" in page


def test_name_that_is_taken_keeps_no_group_from_being_adopted() -> None:
    taken = make_establishment()
    group = make_group(make_proposal())
    page = adopt(client_of(office()), group, **{f"name-{group.number}": taken.name})

    assert Establishment.objects.exclude(pk=taken.pk).get().name != taken.name
    assert f"区里已有“{taken.name}”" in page


def test_change_is_shown_and_once_seen_hinders_nothing() -> None:
    group = make_group(make_proposal())
    rename_unit(group, "改了名的公司")
    client = client_of(office())
    before = client.get(url(group.proposal), {"group": group.number}).content.decode()
    adopt(client, group)

    assert "已更名为改了名的公司" in before
    assert Establishment.objects.count() == 1


def test_change_seen_counts_also_when_another_group_is_unchosen() -> None:
    proposal = make_proposal()
    first, second = make_group(proposal), make_group(proposal)
    rename_unit(first, "改了名的公司")
    rename_unit(second, "也改了名的公司")
    client = client_of(office())
    seen = client.get(url(proposal), {"all": 1}).context["seen"]
    client.post(url(proposal), {"group": [first.number], "seen": seen})

    assert Establishment.objects.get().group == first


def test_change_after_the_page_was_shown_is_told_before_anything_is_adopted() -> None:
    group = make_group(make_proposal())
    client = client_of(office())
    client.get(url(group.proposal), {"group": group.number})
    rename_unit(group, "改了名的公司")
    page = client.post(url(group.proposal), {"group": group.number, "seen": ""}).content.decode()

    assert not Establishment.objects.exists()
    assert "已更名为改了名的公司" in page
    assert "请看过变化后再采纳" in page


def test_group_with_a_blocking_change_is_listed_apart() -> None:
    proposal = make_proposal()
    good, bad = make_group(proposal), make_group(proposal)
    close_unit(bad)
    client = client_of(office())

    assert shown(client, proposal, all=1) == {
        "possible": [good.number],
        "impossible": [bad.number],
    }
    assert "不能采纳" in client.get(url(proposal), {"all": 1}).content.decode()


def test_group_adopted_before_says_by_whom() -> None:
    held = make_establishment()
    assert held.group is not None
    client = client_of(office())
    page = client.get(url(held.group.proposal), {"group": held.group.number}).content.decode()

    assert f"采纳为“{held.name}”" in page
    assert adopt(client, held.group).count("没有采纳")


def test_number_that_is_none_is_not_found() -> None:
    group = make_group(make_proposal())

    assert client_of(office()).get(url(group.proposal), {"group": "三"}).status_code == 404


def test_page_takes_as_many_queries_for_three_as_for_one() -> None:
    client, street = client_of(office()), make_area()
    one, three = make_proposal(), make_proposal()
    for proposal, count in ((one, 1), (three, 3)):
        for _ in range(count):
            make_group(proposal, [make_candidate(street=street) for _ in range(3)])

    assert queries(client, three) == queries(client, one)


def queries(client: Client, proposal: BranchProposal) -> int:
    client.get(url(proposal), {"all": 1})
    with CaptureQueriesContext(connection) as caught:
        client.get(url(proposal), {"all": 1})
    return len(caught)
