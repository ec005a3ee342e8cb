"""Pages of development targets: who may look, what they show, and the quotas of a year."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liangxin.coverage.models import DevelopmentQuota, TargetPlan
from liangxin.coverage.terms import ProposalState, TargetKind
from liangxin.kernel.viewer import Role, ScopeKind
from tests.factories.clients import client_of
from tests.factories.plans import make_proposal
from tests.factories.registry import make_area, make_organisation
from tests.factories.targets import make_target, make_target_plan
from tests.factories.viewers import holding, office, officer_of

pytestmark = pytest.mark.django_db
CLOSED_TO = (Role.SECRETARY, Role.INSTRUCTOR, Role.OWNER, Role.MEMBER, Role.ADMINISTRATOR)


def addresses(plan: TargetPlan) -> list[str]:
    return [
        reverse("targets"),
        reverse("targets-new"),
        reverse("target-quotas"),
        reverse("target-plan", args=(plan.pk,)),
    ]


def test_pages_send_strangers_to_the_login() -> None:
    found = {Client().get(url).status_code for url in addresses(make_target_plan())}
    assert found == {302}


@pytest.mark.parametrize("role", CLOSED_TO)
def test_pages_refuse_other_roles(role: Role) -> None:
    client = client_of(holding(role, ScopeKind.DISTRICT))
    found = {client.get(url).status_code for url in addresses(make_target_plan())}
    assert found == {403}


def test_an_officer_neither_finds_another_ones_plan_nor_sets_quotas() -> None:
    plan, client = make_target_plan(), client_of(officer_of(make_area()))
    assert client.get(reverse("target-plan", args=(plan.pk,))).status_code == 404
    assert client.post(reverse("target-discard", args=(plan.pk,))).status_code == 404
    assert client.get(reverse("target-quotas")).status_code == 403
    assert client.get(reverse("targets")).context["total"] == 0


def test_plan_shows_targets_with_their_reason_and_figures() -> None:
    plan = make_target_plan()
    make_target(plan, make_organisation(name="甲公司"), make_organisation(name="乙公司"))
    make_target(plan, make_organisation(name="丙公司"), kind=TargetKind.FIRST)
    answer = client_of(office()).get(reverse("target-plan", args=(plan.pk,)))
    page = answer.content.decode()
    assert "甲公司再发展 1 名党员。" in page
    assert "没有登记 2026 年名额" in page
    counts = answer.context["counts"]
    assert (counts.targets, counts.new_members, counts.covered, counts.first) == (2, 2, 2, 1)


@pytest.mark.parametrize(
    ("asked", "total"),
    [({"kind": "first"}, 1), ({"size": "several"}, 1), ({"size": "none"}, 1), ({"q": "甲公司"}, 1)],
)
def test_plan_is_narrowed_by_its_filters(asked: dict[str, str], total: int) -> None:
    plan = make_target_plan()
    make_target(plan, make_organisation(name="甲公司"), make_organisation(name="乙公司"))
    make_target(plan, make_organisation(name="丙公司"), kind=TargetKind.FIRST)
    answer = client_of(office()).get(reverse("target-plan", args=(plan.pk,)), asked)
    assert answer.context["total"] == total


def test_plan_is_taken_away_as_a_workbook() -> None:
    plan = make_target_plan()
    make_target(plan, make_organisation())
    answer = client_of(office()).get(reverse("target-plan", args=(plan.pk,)), {"export": "xlsx"})
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")


@pytest.mark.parametrize("state", [ProposalState.WAITING, ProposalState.FAILED])
def test_plan_without_an_answer_says_so(state: ProposalState) -> None:
    plan = make_target_plan(state=state)
    page = client_of(office()).get(reverse("target-plan", args=(plan.pk,))).content.decode()
    assert ("等待测算" if state == ProposalState.WAITING else "没有算成") in page


def test_plan_takes_as_many_queries_with_three_rows_as_with_one() -> None:
    plan, client = make_target_plan(), client_of(office())
    street = make_area()

    def queries() -> int:
        make_target(plan, make_organisation(street=street))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("target-plan", args=(plan.pk,)))
        return len(captured)

    queries()
    first = queries()
    queries()
    assert queries() == first


def test_list_takes_as_many_queries_with_three_rows_as_with_one() -> None:
    client = client_of(office())

    def queries() -> int:
        make_target_plan()
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("targets"))
        return len(captured)

    queries()
    first = queries()
    queries()
    assert queries() == first


def test_ask_puts_a_job_in_the_queue_and_opens_the_plan() -> None:
    sent = {"proposal": make_proposal().pk, "year": "2026", "goal": "staff"}
    answer = client_of(office()).post(reverse("targets-new"), sent)
    plan = TargetPlan.objects.get()
    assert answer["Location"] == reverse("target-plan", args=(plan.pk,))
    assert plan.job is not None


def test_ask_without_a_proposal_says_what_comes_first() -> None:
    page = client_of(office()).get(reverse("targets-new")).content.decode()
    assert "还没有算好的联建方案" in page


def test_quotas_are_kept_and_taken_away() -> None:
    street, client = make_area(), client_of(office())
    url = f"{reverse('target-quotas')}?year=2027"
    client.post(url, {f"street_{street.pk}": "4"})
    assert DevelopmentQuota.objects.get().number == 4
    assert 'value="4"' in client.get(url).content.decode()
    client.post(url, {f"street_{street.pk}": ""})
    assert not DevelopmentQuota.objects.exists()


def test_quotas_say_what_is_wrong() -> None:
    street = make_area()
    answer = client_of(office()).post(reverse("target-quotas"), {f"street_{street.pk}": "-1"})
    assert "名额不能是负数" in answer.content.decode()


def test_discard_deletes_a_plan() -> None:
    plan = make_target_plan()
    client_of(office()).post(reverse("target-discard", args=(plan.pk,)))
    assert not TargetPlan.objects.exists()
