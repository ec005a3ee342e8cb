"""工会团组织: every figure opens its own list; ticked rows begin a presence from a day on."""

import re
from datetime import date
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import Role, ScopeKind
from liangxin.registry.models import MassPresence
from tests.factories.clients import client_of
from tests.factories.coverage import DAY, make_random_ledger
from tests.factories.registry import make_guide, make_mass_presence, make_organisation
from tests.factories.viewers import holding, office, officer_of

pytestmark = pytest.mark.django_db
PAGES = ("mass-presence", "mass-presence-organisations")
FIGURE = re.compile(r'<a href="(/mass-presence/organisations/\?[^"]+)">([\d,]+)</a>')
TOTAL = re.compile(r"共 <strong>([\d,]+)</strong>")


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.INSTRUCTOR, Role.OWNER, Role.MEMBER])
def test_a_stranger_may_not_look_or_begin(role: Role) -> None:
    client = client_of(holding(role, ScopeKind.DISTRICT))
    assert [client.get(reverse(name)).status_code for name in PAGES] == [403, 403]
    assert client.post(reverse("mass-presence-begin"), {}).status_code == 403


@pytest.mark.parametrize("by", ["street", "industry", "size"])
def test_every_figure_is_the_total_of_its_list(by: str) -> None:
    make_random_ledger(31)
    client = client_of(office())
    page = client.get(reverse("mass-presence"), {"at": DAY.isoformat(), "by": by})
    figures = FIGURE.findall(page.content.decode())
    assert len(figures) >= 15
    for address, figure in figures:
        listed = client.get(unescape(address)).content.decode()
        assert TOTAL.findall(listed) == [figure], address


def test_ticked_units_are_asked_for_a_day_and_then_recorded() -> None:
    units = [make_organisation() for _ in range(3)]
    make_mass_presence(units[0].organisation)
    client = client_of(office())
    ticks = [one.organisation_id for one in units[:2]]
    asking = client.post(reverse("mass-presence-begin"), {"tick": ticks}).content.decode()
    assert ("从哪天起" in asking, units[1].name in asking, units[2].name in asking) == (
        True,
        True,
        False,
    )

    answer = {"tick": ticks, "kind": "union", "from_date": "2025-03-01"}
    done = client.post(reverse("mass-presence-begin"), answer, follow=True).content.decode()

    assert "已登记 1 家建有工会" in done
    assert "1 家没有登记" in done
    begun = MassPresence.objects.get(organisation=units[1].organisation)
    assert (begun.kind, begun.valid_from) == ("union", date(2025, 3, 1))
    assert AuditEntry.objects.filter(action="mass_presence.set").count() == 1


def test_an_officer_begins_nothing_in_other_streets() -> None:
    here, outside = make_organisation(), make_organisation()
    assert here.street is not None
    client = client_of(officer_of(here.street))
    answer = {"tick": [outside.organisation_id], "kind": "union", "from_date": "2025-03-01"}
    client.post(reverse("mass-presence-begin"), answer)
    assert MassPresence.objects.count() == 0


def test_odd_ticks_and_days_change_nothing() -> None:
    unit = make_organisation()
    client = client_of(office())
    for answer in (
        {"tick": ["x", "9" * 40], "back": "https://elsewhere.example/"},
        {"tick": [unit.organisation_id], "kind": "union", "from_date": "2999-01-01"},
        {"tick": [unit.organisation_id], "kind": "union", "from_date": "昨天"},
        {"tick": [unit.organisation_id], "kind": "x", "from_date": "2025-01-01"},
    ):
        assert client.post(reverse("mass-presence-begin"), answer).status_code in (200, 302)
    assert MassPresence.objects.count() == 0


@pytest.mark.parametrize("name", PAGES)
def test_pages_take_as_many_queries_with_three_rows_as_with_one(name: str) -> None:
    client = client_of(office())

    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200
        return len(captured)

    def row() -> None:
        make_mass_presence(make_organisation().organisation)
        make_guide()

    row()
    queries()
    one = queries()
    row()
    row()
    assert queries() == one
