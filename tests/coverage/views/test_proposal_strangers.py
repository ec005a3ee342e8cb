"""Nobody without the right to plan opens any page of proposals, nor does an officer of another street."""

import pytest
from django.test import Client
from django.urls import reverse

from liangxin.coverage.models import BranchProposal
from liangxin.kernel.viewer import Role, ScopeKind
from tests.factories.clients import client_of
from tests.factories.plans import make_group, make_left_out, make_proposal
from tests.factories.registry import make_area
from tests.factories.viewers import holding, officer_of

pytestmark = pytest.mark.django_db
OVERVIEWS = ("proposals", "proposal-new", "proposal-compare")
OF_ONE = (
    "proposal",
    "proposal-map",
    "proposal-units",
    "proposal-left-out",
    "proposal-attachments",
)
CLOSED_TO = (
    Role.SECRETARY,
    Role.INSTRUCTOR,
    Role.OWNER,
    Role.MEMBER,
    Role.SUBSCRIBER,
    Role.ADMINISTRATOR,
)


def addresses(proposal: BranchProposal) -> list[str]:
    return [
        *(reverse(name) for name in OVERVIEWS),
        *(reverse(name, args=(proposal.pk,)) for name in OF_ONE),
        reverse("proposed-group", args=(proposal.pk, 1)),
    ]


def made_proposal() -> BranchProposal:
    proposal = make_proposal()
    make_group(proposal)
    make_left_out(proposal)
    return proposal


def test_pages_send_strangers_to_the_login() -> None:
    answers = {url: Client().get(url) for url in addresses(made_proposal())}
    assert {answer.status_code for answer in answers.values()} == {302}
    assert all(answer["Location"].startswith(reverse("login")) for answer in answers.values())


@pytest.mark.parametrize("role", CLOSED_TO)
def test_pages_refuse_other_roles(role: Role) -> None:
    client = client_of(holding(role, ScopeKind.DISTRICT))
    found = {url: client.get(url).status_code for url in addresses(made_proposal())}
    assert set(found.values()) == {403}


@pytest.mark.parametrize("role", CLOSED_TO)
def test_discard_refuses_other_roles(role: Role) -> None:
    proposal = made_proposal()
    client = client_of(holding(role, ScopeKind.DISTRICT))
    answer = client.post(reverse("proposal-discard", args=(proposal.pk,)))
    assert answer.status_code == 403
    assert BranchProposal.objects.filter(pk=proposal.pk).exists()


def test_pages_of_one_are_not_found_by_an_officer_of_another_street() -> None:
    proposal = made_proposal()
    client = client_of(officer_of(make_area()))
    urls = [url for url in addresses(proposal) if f"/{proposal.pk}/" in url]
    assert [client.get(url).status_code for url in urls] == [404] * 6
    assert client.post(reverse("proposal-discard", args=(proposal.pk,))).status_code == 404


def test_list_and_comparison_show_nothing_of_another_street() -> None:
    proposal, other = made_proposal(), made_proposal()
    client = client_of(officer_of(make_area()))
    listed = client.get(reverse("proposals")).content.decode()
    compared = client.get(reverse("proposal-compare"), {"a": proposal.pk, "b": other.pk})
    assert "还没有联建方案" in listed
    assert "要有两个算好的方案才能比较" in compared.content.decode()


def test_form_offers_no_proposal_of_another_street_again() -> None:
    proposal = made_proposal()
    BranchProposal.objects.filter(pk=proposal.pk).update(title="外街方案")
    client = client_of(officer_of(make_area()))
    page = client.get(reverse("proposal-new"), {"again": proposal.pk}).content.decode()
    assert "外街方案" not in page
