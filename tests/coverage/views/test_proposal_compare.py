"""Two or more proposals side by side."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from liangxin.coverage.models import BranchProposal
from liangxin.kernel.models import AuditEntry
from tests.factories.clients import client_of
from tests.factories.plans import make_candidate, make_group, make_proposal
from tests.factories.registry import make_area
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
COMPARE = "proposal-compare"


def two_proposals() -> tuple[BranchProposal, BranchProposal]:
    """The second walks less, by a smaller radius, and one unit changes groups."""
    street = make_area()
    firms = [make_candidate(street=street, name=f"第{number}公司") for number in range(7)]
    first, second = make_proposal(title="原方案"), make_proposal(title="新方案")
    make_group(first, firms[:3])
    make_group(first, firms[3:6])
    make_group(second, firms[:2])
    make_group(second, firms[2:6])
    second.parameters["street_radius_m"] = 600.0
    second.objective_mm = 10100.0
    second.save()
    return first, second


def test_compare_asks_for_two() -> None:
    page = client_of(office()).get(reverse(COMPARE)).content.decode()
    assert "要有两个算好的方案才能比较" in page
    two_proposals()
    assert "选两个方案" in client_of(office()).get(reverse(COMPARE)).content.decode()


def test_compare_tells_figures_parameters_and_moves() -> None:
    first, second = two_proposals()
    query = {"a": first.pk, "b": second.pk}
    page = client_of(office()).get(reverse(COMPARE), query).content.decode()
    assert "-200" in page
    assert 'is-good">好' in page
    assert "同街道单位间的最远距离" in page
    moved = client_of(office()).get(reverse(COMPARE), {**query, "show": "units"}).content.decode()
    assert "第2公司" in moved
    assert reverse("proposed-group", args=(second.pk, 2)) in moved


def test_compare_of_equal_plans_says_so() -> None:
    street = make_area()
    firms = [make_candidate(street=street) for _ in range(3)]
    plans = [make_proposal(), make_proposal()]
    for plan in plans:
        make_group(plan, firms)
    query = {"a": plans[0].pk, "b": plans[1].pk}
    page = client_of(office()).get(reverse(COMPARE), query).content.decode()
    assert "两个方案编的组完全一样" in page
    assert "参数完全相同" in page


def test_compare_of_plans_of_different_ledgers_says_so() -> None:
    first, second = two_proposals()
    client, query = client_of(office()), {"a": first.pk, "b": second.pk}
    alike = client.get(reverse(COMPARE), query).content.decode()
    BranchProposal.objects.filter(pk=second.pk).update(ledger_revision=7)

    apart = client.get(reverse(COMPARE), query).content.decode()

    assert "不是按同一份台账测算的" not in alike
    assert "不是按同一份台账测算的" in apart


def test_compare_with_itself_asks_for_another() -> None:
    first, _ = two_proposals()
    page = client_of(office()).get(reverse(COMPARE), {"a": first.pk, "b": first.pk})
    assert "同一个方案" in page.content.decode()


def test_compare_keeps_figures_from_an_officer_of_a_part() -> None:
    first, second = two_proposals()
    street = first.groups.get(number=1).street
    assert street is not None
    query = {"a": first.pk, "b": second.pk}
    page = client_of(officer_of(street)).get(reverse(COMPARE), query).content.decode()
    assert "只对拟订人和区级显示" in page
    assert "方案总代价" not in page


def test_compare_costs_the_same_for_small_and_larger_plans() -> None:
    first, second = two_proposals()
    client, query = client_of(office()), {"a": first.pk, "b": second.pk}
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(COMPARE), query)
        counts.append(len(queries))
        make_group(first)
        make_group(second)
    assert counts[0] == counts[1]


def test_compare_holds_four_plans_against_the_first() -> None:
    first, second = two_proposals()
    third, fourth = make_proposal(title="丙方案"), make_proposal(title="丁方案")
    make_group(third)
    query = {"a": first.pk, "b": second.pk, "c": third.pk, "d": fourth.pk}
    answer = client_of(office()).get(reverse(COMPARE), query)
    assert [plan for _, plan in answer.context["plans"]] == [first, second, third, fourth]
    lines = {line.title: line.values for line in answer.context["lines"]}
    assert [value.words for value in lines["开一次会的路"]] != ["—"] * 4
    assert [value.verdict for value in lines["方案总代价"]] == ["", "好", "", ""]
    assert lines["未能联建"][2].url == reverse("proposal-left-out", args=(third.pk,))


def test_compare_is_taken_away_as_a_workbook() -> None:
    first, second = two_proposals()
    query = {"a": first.pk, "b": second.pk, "export": "xlsx"}
    answer = client_of(office()).get(reverse(COMPARE), query)
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert book.sheetnames == ["数字", "换了组的单位", "各组的差别", "说明"]
    moved = [cell.value for row in book["换了组的单位"].iter_rows() for cell in row]
    assert "第2公司" in moved
    assert AuditEntry.objects.filter(action="list.export").count() == 1


def test_workbook_of_a_part_holds_no_figures_of_the_whole() -> None:
    first, second = two_proposals()
    street = first.groups.get(number=1).street
    assert street is not None
    query = {"a": first.pk, "b": second.pk, "export": "xlsx"}
    answer = client_of(officer_of(street)).get(reverse(COMPARE), query)
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert book["数字"].max_row == 1
