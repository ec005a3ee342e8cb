"""One proposal's page: while it is computed, when it failed, and its answer."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from liangxin.coverage.models import BranchProposal
from liangxin.coverage.queries.plan_rules import plan_parameters
from liangxin.coverage.terms import GroupMode, ProposalState
from liangxin.kernel.models import Job, JobState
from tests.coverage.views.test_proposals import adopt
from tests.factories.clients import client_of
from tests.factories.plans import (
    DAY,
    make_attachment,
    make_candidate,
    make_group,
    make_left_out,
    make_proposal,
)
from tests.factories.registry import make_area, make_organisation
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db


def address(proposal: BranchProposal) -> str:
    return reverse("proposal", args=(proposal.pk,))


def waiting(state: JobState = JobState.RUNNING, *, error: str = "") -> BranchProposal:
    proposal = make_proposal(state=ProposalState.WAITING)
    proposal.job = Job.objects.create(
        kind="coverage.plan", title="测算", state=state, error=error, done=30, total=100
    )
    proposal.save()
    return proposal


def listed(answer: object) -> list[int]:
    return [row.number for row in answer.context["page"]]  # type: ignore[attr-defined]


def test_proposal_being_computed_polls_and_may_be_cancelled() -> None:
    proposal = waiting()
    page = client_of(office()).get(address(proposal)).content.decode()
    assert f'hx-get="{address(proposal)}"' in page
    assert "30%" in page
    assert reverse("job-cancel", args=(proposal.job_id,)) in page


def test_answer_comes_whole_to_the_page_that_polls() -> None:
    proposal = make_proposal()
    make_group(proposal)
    headers = {"HX-Request": "true", "HX-Target": "content"}
    page = client_of(office()).get(address(proposal), headers=headers).content.decode()
    assert 'id="content"' in page
    assert 'id="map"' in page


def test_filter_gets_the_list_only() -> None:
    proposal = make_proposal()
    make_group(proposal)
    headers = {"HX-Request": "true", "HX-Target": "list"}
    page = client_of(office()).get(address(proposal), headers=headers).content.decode()
    assert 'id="list"' in page
    assert 'id="content"' not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [(JobState.FAILED, "没有算成。台账正被频繁改动"), (JobState.CANCELLED, "测算已取消")],
)
def test_failed_proposal_says_why_and_offers_again(state: JobState, words: str) -> None:
    proposal = waiting(state, error="台账正被频繁改动")
    page = client_of(office()).get(address(proposal)).content.decode()
    assert words in page
    assert f"{reverse('proposal-new')}?again={proposal.pk}" in page
    assert 'hx-trigger="every' not in page


def test_figures_are_told_with_their_denominators() -> None:
    proposal = make_proposal()
    make_group(proposal)
    page = client_of(office()).get(address(proposal)).content.decode()
    assert "40.0% → 46.0%" in page
    assert "40 → 46 ÷ 100 家" in page
    assert "÷ 8 家正式党员不足的" in page
    assert "3.0%" in page
    assert "理论上再怎么排也不会少于 10,000 人·米，本方案比它多 3.0%" in page


def test_a_plan_proven_the_best_says_so_and_one_without_a_bound_does_not() -> None:
    proven, open_ended = make_proposal(), make_proposal()
    make_group(proven)
    make_group(open_ended)
    BranchProposal.objects.filter(pk=proven.pk).update(bound_mm=10299.99)
    BranchProposal.objects.filter(pk=open_ended.pk).update(bound_mm=0.0)
    told = [
        client_of(office()).get(address(plan)).content.decode() for plan in (proven, open_ended)
    ]

    assert ["这已经是最好的排法" in page for page in told] == [True, False]
    assert ["已证明没有更省的排法" in page for page in told] == [True, False]


def test_officer_of_a_part_gets_figures_of_that_part_only() -> None:
    street = make_area()
    proposal = make_proposal()
    make_group(proposal)
    make_group(proposal, street=street)
    answer = client_of(officer_of(street)).get(address(proposal))
    page = answer.content.decode()
    assert "与您有关的拟建支部" in page
    assert "46.0%" not in page
    assert "理论下界" not in page
    assert listed(answer) == [2]


def test_cross_street_group_is_listed_to_both_streets() -> None:
    one, other = make_area(), make_area()
    proposal = make_proposal()
    make_group(proposal, [make_candidate(street=one, members=2), make_candidate(street=other)])
    for street in (one, other):
        answer = client_of(officer_of(street)).get(address(proposal))
        assert listed(answer) == [1]
        assert "跨街道" in answer.content.decode()


def test_list_filters_by_street_mode_crossing_and_adoption() -> None:
    one, other = make_area(), make_area()
    proposal = make_proposal()
    make_group(proposal, street=one)
    make_group(proposal, [make_candidate(street=one, members=2), make_candidate(street=other)])
    make_group(proposal, street=other, mode=GroupMode.INDUSTRY)
    adopt(proposal)
    client = client_of(office())

    def asked(**query: object) -> list[int]:
        return listed(client.get(address(proposal), query))

    assert asked(street=one.pk) == [1, 2]
    assert asked(street=other.pk) == [2, 3]
    assert asked(mode="industry") == [3]
    assert asked(cross="yes") == [2]
    assert asked(cross="no") == [1, 3]
    assert asked(adopted="yes") == [1]
    assert asked(adopted="no") == [2, 3]


def test_search_finds_units_hosts_and_numbers() -> None:
    proposal = make_proposal()
    make_group(
        proposal, [make_candidate(name="牵头甲公司", members=2), make_candidate(name="联建乙公司")]
    )
    make_group(proposal)
    client = client_of(office())
    assert listed(client.get(address(proposal), {"q": "联建乙"})) == [1]
    assert listed(client.get(address(proposal), {"q": "2"})) == [2]
    assert listed(client.get(address(proposal), {"q": "没有这家"})) == []


def test_groups_may_be_ticked_until_they_are_adopted() -> None:
    proposal = make_proposal()
    make_group(proposal)
    make_group(proposal)
    adopt(proposal)
    page = client_of(office()).get(address(proposal)).content.decode()
    assert 'name="group" value="2"' in page
    assert 'name="group" value="1"' not in page
    assert "拟建" in page


def test_export_holds_plain_words() -> None:
    proposal = make_proposal()
    make_group(proposal, [make_candidate(name="牵头甲公司", members=2), make_candidate()])
    answer = client_of(office()).get(address(proposal), {"export": "xlsx"})
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    heads, first = list(book.worksheets[0].iter_rows(values_only=True))
    assert heads[:3] == ("组", "牵头单位", "单位")
    assert first[:5] == ("第 1 组", "牵头甲公司", 2, 3, "区域联建")


def test_streets_table_counts_what_lies_in_each() -> None:
    one, other = make_area("甲街道"), make_area("乙街道")
    proposal = make_proposal()
    make_group(proposal, [make_candidate(street=one, members=2), make_candidate(street=other)])
    make_group(proposal, street=one)
    make_left_out(proposal, make_candidate(street=other))
    found = client_of(office()).get(address(proposal)).context["streets"]
    assert [(c.street.name, c.groups, c.units, c.left_out) for c in found] == [
        ("甲街道", 2, 4, 0),
        ("乙街道", 1, 1, 1),
    ]


def test_proposal_costs_the_same_for_one_group_and_for_three() -> None:
    proposal = make_proposal()
    client = client_of(office())
    counts = []
    for number in (1, 2):
        for _ in range(number):
            make_group(proposal)
            make_left_out(proposal)
            make_attachment(proposal)
        with CaptureQueriesContext(connection) as queries:
            client.get(address(proposal))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_proposal_without_a_group_says_what_to_do() -> None:
    page = client_of(office()).get(address(make_proposal())).content.decode()
    assert "没有编成一个组" in page
    assert "采纳全部" not in page


def test_changed_parameters_are_marked() -> None:
    usual = plan_parameters(DAY)
    proposal = make_proposal(parameters=replace(usual, street_radius_m=600.0))
    page = client_of(office()).get(address(proposal)).content.decode()
    assert "600 米" in page
    assert page.count("（本方案改过）") == 1


def test_proposal_names_units_that_must_not_host() -> None:
    proposal, barred = make_proposal(), make_organisation(name="不牵头公司")
    proposal.no_hosts = [barred.organisation_id]
    proposal.save(update_fields=["no_hosts"])
    page = client_of(office()).get(reverse("proposal", args=(proposal.pk,))).content.decode()
    assert "不能牵头的单位" in page
    assert "不牵头公司" in page
