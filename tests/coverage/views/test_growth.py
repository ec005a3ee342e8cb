"""党员占比: every figure opens its own list, and only the Party chain may look."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liangxin.kernel.viewer import Role, ScopeKind
from tests.factories.clients import client_of
from tests.factories.coverage import DAY, make_random_ledger
from tests.factories.registry import make_member, make_organisation
from tests.factories.viewers import holding, office

pytestmark = pytest.mark.django_db
PAGES = ("growth", "growth-organisations", "growth-members")
FIGURE = re.compile(r'<a href="(/growth/(?:members|organisations)/\?[^"]+)">([\d,]+)</a>')
TOTAL = re.compile(r"共 <strong>([\d,]+)</strong>")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", [Role.SECRETARY, Role.INSTRUCTOR, Role.OWNER, Role.MEMBER])
def test_a_stranger_may_not_look(name: str, role: Role) -> None:
    client = client_of(holding(role, ScopeKind.DISTRICT))
    assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("by", ["street", "industry", "size"])
def test_every_figure_is_the_total_of_its_list(by: str) -> None:
    make_random_ledger(31)
    client = client_of(office())
    page = client.get(reverse("growth"), {"at": DAY.isoformat(), "by": by}).content.decode()
    figures = FIGURE.findall(page)
    assert len(figures) >= 15
    for address, figure in figures:
        listed = client.get(unescape(address)).content.decode()
        assert TOTAL.findall(listed) == [figure], address


def test_an_empty_ledger_says_so() -> None:
    page = client_of(office()).get(reverse("growth"))
    assert "这一天没有可统计的单位" in page.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_pages_take_as_many_queries_with_three_rows_as_with_one(name: str) -> None:
    client = client_of(office())

    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200
        return len(captured)

    def firm() -> None:
        make_member(make_organisation(employees=60).organisation)

    firm()
    queries()
    one = queries()
    firm()
    firm()
    assert queries() == one
