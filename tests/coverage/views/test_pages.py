"""The pages of coverage: who may open them, and that every figure opens its own list."""

import re
from html import unescape
from io import BytesIO

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from liangxin.coverage.terms import Grouping, ReasonCode
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import Role, ScopeKind
from tests.factories.clients import client_of
from tests.factories.coverage import DAY, make_random_ledger
from tests.factories.registry import (
    make_member,
    make_organisation,
    make_party_organisation,
)
from tests.factories.viewers import holding, office, officer_of

pytestmark = pytest.mark.django_db
PAGES = ("coverage", "coverage-organisations", "uncovered")
CELL = re.compile(r'<td data-title="([^"]+)"[^>]*><a href="([^"]+)"([^>]*)>([\d,.%—]+)</a>')
TOTAL = re.compile(r"共 <strong>([\d,]+)</strong>")
CLOSED_TO = (Role.SECRETARY, Role.INSTRUCTOR, Role.OWNER, Role.MEMBER, Role.ADMINISTRATOR)


@pytest.mark.parametrize("name", PAGES)
def test_pages_send_strangers_to_the_login(name: str) -> None:
    response = Client().get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", CLOSED_TO)
def test_pages_refuse_other_roles(name: str, role: Role) -> None:
    client = client_of(holding(role, ScopeKind.DISTRICT))
    assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("by", Grouping.values)
def test_coverage_every_figure_is_the_total_of_its_list(by: str) -> None:
    make_random_ledger(31)
    client = client_of(office())
    page = client.get(reverse("coverage"), {"at": DAY.isoformat(), "by": by}).content.decode()
    cells = CELL.findall(page)
    assert len(cells) >= 24
    for title, address, attributes, text in cells[::5]:
        listed = client.get(unescape(address)).content.decode()
        counted = re.search(r'title="([\d,]+) ÷', attributes)
        figure = counted.group(1) if counted else text
        assert TOTAL.search(listed), (title, address)
        assert TOTAL.findall(listed) == [figure], (title, address)


def test_coverage_of_an_empty_ledger_says_so() -> None:
    page = client_of(office()).get(reverse("coverage"))
    assert "这一天没有可统计的单位" in page.content.decode()


def test_coverage_with_an_unknown_base_warns_and_shows_the_default() -> None:
    make_organisation()
    page = client_of(office()).get(reverse("coverage"), {"base": "min_staff", "staff": "x"})
    assert "看不懂所选的统计口径" in page.content.decode()
    assert page.context["base"].code == "operating"


def test_coverage_keeps_to_the_officers_street() -> None:
    here, other = make_organisation(), make_organisation()
    page = client_of(officer_of(here.street)).get(reverse("coverage")).content.decode()
    assert here.street.name in page
    assert other.street.name not in page


def test_organisations_states_the_reason() -> None:
    firm = make_organisation()
    for _ in range(2):
        make_member(firm.organisation)
    page = client_of(office()).get(reverse("uncovered"), follow=True).content.decode()
    assert "有正式党员 2 名，不足 3 名，可联合组建" in page
    assert "再转入或发展 1 名正式党员" in page


@pytest.mark.parametrize("reason", [*ReasonCode.values, "transfer"])
def test_organisations_with_a_reason_have_no_party_organisation(reason: str) -> None:
    covered, bare = make_organisation(), make_organisation()
    for firm in (covered, bare):
        make_member(firm.organisation)
    make_party_organisation(covers=(covered.organisation,))
    answer = client_of(office()).get(reverse("coverage-organisations"), {"reason": reason})
    expected = [bare.pk] if reason in (ReasonCode.JOIN, "transfer") else []
    assert [row.pk for row in answer.context["page"]] == expected


def test_organisations_costs_the_same_for_one_and_for_three() -> None:
    client = client_of(office())
    counts = []
    for number in (1, 2):
        for _ in range(number):
            firm = make_organisation()
            make_member(firm.organisation)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("coverage-organisations"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_organisations_exports_what_it_lists() -> None:
    make_organisation(name="=甲公司")
    client = client_of(office())
    answer = client.get(reverse("coverage-organisations"), {"which": "uncovered", "export": "xlsx"})
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[1][0] == "'=甲公司"
    assert "应选派指导员或联络员" in rows[1][6]
    assert AuditEntry.objects.filter(action="list.export").count() == 1


def test_organisations_with_an_unknown_filter_list_nothing_and_say_so() -> None:
    make_organisation()
    answer = client_of(office()).get(reverse("coverage-organisations"), {"which": "nonsense"})
    assert "没有“nonsense”这个筛选条件" in answer.content.decode()
    assert list(answer.context["page"]) == []


@pytest.mark.parametrize(
    ("query", "is_offered"),
    [
        ({"reason": "join"}, True),
        ({"which": "uncovered"}, True),
        ({"which": "without", "reason": "join"}, True),
        ({"which": "uncovered", "reason": "guide"}, False),
        ({"which": "single"}, False),
        ({}, False),
    ],
)
def test_organisations_lead_to_a_plan_where_one_would_help(
    query: dict[str, str], is_offered: bool
) -> None:
    firm = make_organisation()
    make_member(firm.organisation)
    make_organisation()
    page = client_of(office()).get(reverse("coverage-organisations"), query).content.decode()
    assert (f"{reverse('proposal-new')}?at=" in page) is is_offered


def test_organisations_lead_to_a_plan_of_the_chosen_street() -> None:
    firm = make_organisation()
    make_member(firm.organisation)
    query = {"reason": "join", "street": firm.street_id}
    page = client_of(office()).get(reverse("coverage-organisations"), query).content.decode()
    assert f"street={firm.street_id}" in page
    assert re.search(rf"plans/new/\?at=[\d-]+&amp;street={firm.street_id}", page)
