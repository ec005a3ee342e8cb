"""The list of proposals, and throwing one away."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liangxin.coverage.models import BranchProposal, Establishment
from liangxin.coverage.terms import ProposalState
from tests.factories.clients import client_of
from tests.factories.plans import DAY, make_group, make_proposal
from tests.factories.registry import make_area, make_party_organisation
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db


def adopt(proposal: BranchProposal) -> None:
    """Adopt the first group of a proposal, without the action's checks."""
    Establishment.objects.create(
        group=proposal.groups.first(),
        party_organisation=make_party_organisation(founded_date=None).party_organisation,
        name="测试联合党支部",
        basis="测试",
        adopted_date=DAY,
        adopted_at=proposal.created_at,
    )


def test_empty_list_says_what_to_do() -> None:
    page = client_of(office()).get(reverse("proposals")).content.decode()
    assert "还没有联建方案" in page
    assert reverse("proposal-new") in page


def test_list_tells_state_scope_and_gain() -> None:
    make_proposal(streets=[make_area("甲街道"), make_area("乙街道")])
    page = client_of(office()).get(reverse("proposals")).content.decode()
    assert "可采纳" in page
    assert "甲街道、乙街道" in page
    assert "40.0% → 46.0%" in page


def test_list_keeps_whole_figures_from_an_officer_of_a_part() -> None:
    street = make_area()
    make_group(make_proposal(), street=street)
    page = client_of(officer_of(street)).get(reverse("proposals")).content.decode()
    assert "测试方案" in page
    assert "46.0%" not in page


def test_list_filters_by_state() -> None:
    ready, failed = make_proposal(), make_proposal(state=ProposalState.FAILED)
    client = client_of(office())
    answer = client.get(reverse("proposals"), {"state": "failed"})
    assert [row.pk for row in answer.context["page"]] == [failed.pk]
    assert ready.pk != failed.pk


def test_list_costs_the_same_for_one_and_for_three() -> None:
    client = client_of(office())
    counts = []
    for number in (1, 2):
        for _ in range(number):
            make_proposal(streets=[make_area()])
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("proposals"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_list_offers_to_compare_only_from_two() -> None:
    client, compare = client_of(office()), f'href="{reverse("proposal-compare")}"'
    make_proposal()
    assert compare not in client.get(reverse("proposals")).content.decode()
    make_proposal()
    assert compare in client.get(reverse("proposals")).content.decode()


def test_discard_deletes_and_says_so() -> None:
    proposal = make_proposal()
    make_group(proposal)
    client = client_of(office())
    page = client.post(reverse("proposal-discard", args=(proposal.pk,)), follow=True)
    assert "已删除方案" in page.content.decode()
    assert not BranchProposal.objects.exists()


def test_discard_of_an_adopted_proposal_is_refused_in_words() -> None:
    proposal = make_proposal()
    make_group(proposal)
    adopt(proposal)
    client = client_of(office())
    page = client.post(reverse("proposal-discard", args=(proposal.pk,)), follow=True)
    assert "作为组建依据保留" in page.content.decode()
    assert BranchProposal.objects.filter(pk=proposal.pk).exists()


def test_discard_by_get_is_not_allowed() -> None:
    proposal = make_proposal()
    client = client_of(office())
    assert client.get(reverse("proposal-discard", args=(proposal.pk,))).status_code == 405


def test_adopted_proposal_offers_no_discard() -> None:
    proposal = make_proposal()
    make_group(proposal)
    adopt(proposal)
    page = client_of(office()).get(reverse("proposal", args=(proposal.pk,))).content.decode()
    assert not re.search("删除这个方案", page)
