"""Asking for a proposal: what is filled in, what is refused, and what is asked for in the end."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from liangxin.coverage.models import BranchProposal
from liangxin.coverage.terms import PlanParameters, ProposalState
from liangxin.kernel.models import Job, User
from tests.factories.clients import client_of
from tests.factories.plans import PARAMETERS, make_proposal
from tests.factories.registry import make_area, make_organisation
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
NEW = "proposal-new"


def filled(**changes: object) -> dict[str, object]:
    """What a browser sends when somebody changes only `changes`."""
    told: dict[str, object] = {
        "title": "测试联建方案",
        "at": timezone.localdate().isoformat(),
        "effort": "1",
        "seed": "1",
        "street_radius_m": "1000",
        "industry_radius_m": "3000",
        "left_out_mm": "20000",
        "min_members": "3",
        "max_members": "50",
        "max_units": "5",
        "largest_units": "5",
        "extra_unit_mm": "2000",
        "attachment_radius_m": "3000",
        "branch_places": "10",
        "instructor_places": "3",
        "street_weight": "1",
        "industry_weight": "1",
        "new_per_street": "0",
    }
    return told | changes


def test_form_for_a_day_long_past_opens_for_today() -> None:
    answer = client_of(office()).get(reverse("proposal-new"), {"at": "1921-07-01"}, follow=True)

    assert answer.redirect_chain == [(f"{reverse('proposal-new')}?", 302)]
    assert answer.context["form"]["at"].value() == timezone.localdate()


def test_form_is_filled_from_the_rules_with_their_sources() -> None:
    answer = client_of(office()).get(reverse(NEW))
    page = answer.content.decode()
    assert answer.context["form"]["street_radius_m"].value() == 1000
    assert "地域相邻" in page
    assert reverse("rule", args=("joint_branch.street_radius_m",)) in page
    assert page.count("规则</a>：") == 17


def test_form_takes_day_and_street_from_the_address() -> None:
    street = make_area()
    make_area()
    day = (timezone.localdate() - timedelta(days=30)).isoformat()
    answer = client_of(office()).get(reverse(NEW), {"street": street.pk, "at": day})
    form = answer.context["form"]
    assert form["streets"].value() == [str(street.pk)]
    assert form["at"].value().isoformat() == day


def test_form_turns_a_future_day_into_today_with_a_word() -> None:
    day = (timezone.localdate() + timedelta(days=1)).isoformat()
    answer = client_of(office()).get(reverse(NEW), {"at": day})
    assert "还没有到，已按今天显示" in answer.content.decode()
    assert answer.context["form"]["at"].value() == timezone.localdate()


def test_form_offers_only_the_officers_streets() -> None:
    mine, _ = make_area(), make_area()
    answer = client_of(officer_of(mine)).get(reverse(NEW))
    assert answer.context["form"].fields["streets"].choices == [(str(mine.pk), mine.name)]


def test_submit_asks_for_a_proposal_and_opens_it() -> None:
    street = make_area()
    sent = filled(streets=[street.pk], street_radius_m="600", seed="7", effort="3")
    answer = client_of(office()).post(reverse(NEW), sent)
    proposal = BranchProposal.objects.get()
    assert answer["Location"] == reverse("proposal", args=(proposal.pk,))
    assert PlanParameters(**proposal.parameters).street_radius_m == 600
    assert (proposal.seed, proposal.effort) == (7, 3.0)
    assert [one.pk for one in proposal.streets.all()] == [street.pk]
    assert Job.objects.filter(pk=proposal.job_id, kind="coverage.plan").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "此项必填，请补上。"),
        ({"street_radius_m": "很远"}, "请填写数字"),
        ({"street_radius_m": "-1"}, "不能小于 0"),
        ({"min_members": "9", "max_members": "5"}, "党员人数的上限不能小于下限"),
        ({"max_units": "6", "largest_units": "5"}, "最多单位数不能小于一般上限"),
        ({"largest_units": "8"}, "不能大于 7"),
        ({"at": "2999-01-01"}, "台账日期不能晚于今天"),
    ],
)
def test_submit_says_what_is_wrong_and_asks_for_nothing(
    changes: dict[str, object], words: str
) -> None:
    page = client_of(office()).post(reverse(NEW), filled(**changes)).content.decode()
    assert words in page
    assert not BranchProposal.objects.exists()


def test_submit_with_a_wrong_advanced_value_opens_the_folded_part() -> None:
    answer = client_of(office()).post(reverse(NEW), filled(branch_places="-1"))
    assert answer.context["form"].is_advanced_open


def test_submit_of_a_foreign_street_is_refused() -> None:
    mine, other = make_area(), make_area()
    page = client_of(officer_of(mine)).post(reverse(NEW), filled(streets=[other.pk]))
    assert page.status_code == 200
    assert not BranchProposal.objects.exists()


def test_form_again_takes_over_a_failed_proposal() -> None:
    street = make_area()
    make_area()
    failed = make_proposal(streets=[street], state=ProposalState.FAILED, title="旧方案")
    failed.parameters["street_radius_m"] = 777.0
    failed.seed = 5
    failed.save()
    form = client_of(office()).get(reverse(NEW), {"again": failed.pk}).context["form"]
    assert form["title"].value() == "旧方案"
    assert form["street_radius_m"].value() == 777
    assert form["seed"].value() == 5
    assert form["streets"].value() == [str(street.pk)]
    assert form["max_units"].value() == PARAMETERS.max_units


def test_form_again_with_nonsense_is_the_usual_form() -> None:
    answer = client_of(office()).get(reverse(NEW), {"again": "x"})
    assert answer.status_code == 200
    assert User.objects.exists()


@pytest.mark.parametrize(("sent", "joins"), [({"joins_branches": "on"}, True), ({}, False)])
def test_switch_of_standing_branches_is_kept(sent: dict[str, object], joins: bool) -> None:
    client = client_of(office())
    assert 'name="joins_branches"' in client.get(reverse(NEW)).content.decode()
    client.post(reverse(NEW), filled(**sent))
    proposal = BranchProposal.objects.get()
    assert proposal.parameters["joins_branches"] is joins
    again = client.get(reverse(NEW), {"again": proposal.pk}).context["form"]
    assert bool(again["joins_branches"].value()) is joins


def test_form_bars_units_from_hosting_by_name_or_code_and_offers_them_again() -> None:
    street = make_area()
    first = make_organisation(street=street, name="甲公司")
    second = make_organisation(street=street, name="乙公司", uscc="91340100MA2N00000X")
    client = client_of(office())
    client.post(reverse(NEW), filled(no_hosts="甲公司\r\n\r\n91340100ma2n00000x"))
    proposal = BranchProposal.objects.get()
    assert proposal.no_hosts == sorted([first.organisation_id, second.organisation_id])
    form = client.get(reverse(NEW), {"again": proposal.pk}).context["form"]
    lines = form["no_hosts"].value().splitlines()
    assert [line[:3] for line in lines] == ["乙公司", "甲公司"]
    client.post(reverse(NEW), filled(no_hosts="\n".join(lines)))
    assert BranchProposal.objects.latest("pk").no_hosts == proposal.no_hosts


@pytest.mark.parametrize(("line", "words"), [("丙公司", "没有“丙公司”"), ("甲公司", "不止一家")])
def test_form_says_which_barred_unit_is_not_one(line: str, words: str) -> None:
    for _ in range(2):
        make_organisation(name="甲公司")
    answer = client_of(office()).post(reverse(NEW), filled(no_hosts=line))
    assert words in answer.content.decode()
    assert not BranchProposal.objects.exists()


def test_officer_bars_own_units_only() -> None:
    make_organisation(street=make_area(), name="外街公司")
    answer = client_of(officer_of(make_area())).post(reverse(NEW), filled(no_hosts="外街公司"))
    assert "没有“外街公司”" in answer.content.decode()
