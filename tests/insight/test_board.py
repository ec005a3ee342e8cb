"""The map board: its figures, its shades, its places, and to whom it is open."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liangxin.coverage.queries import counted_table
from liangxin.coverage.terms import Base, Grouping
from liangxin.insight.queries.board import gap_shades, organisation_points, street_shapes
from liangxin.kernel import audit
from liangxin.kernel.viewer import SYSTEM, Role, ScopeKind
from tests.factories.clients import client_of
from tests.factories.coverage import DAY
from tests.factories.registry import (
    make_area,
    make_member,
    make_organisation,
    make_party_organisation,
    make_posting,
    make_site,
)
from tests.factories.viewers import holding, office, officer_of

pytestmark = pytest.mark.django_db
PAGES = ("board", "board-streets", "board-points", "board-place")
SQUARE = {"type": "Polygon", "coordinates": [[[118, 30], [119, 30], [119, 31], [118, 30]]]}


@pytest.mark.parametrize("name", PAGES)
def test_board_sends_strangers_to_the_login(name: str) -> None:
    assert Client().get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", [Role.OWNER, Role.INSTRUCTOR, Role.MEMBER, Role.ADMINISTRATOR])
def test_board_refuses_other_roles(name: str, role: Role) -> None:
    client = client_of(holding(role, ScopeKind.DISTRICT))
    assert client.get(reverse(name)).status_code == 403


def test_board_shows_rates_with_their_denominators() -> None:
    covered, *_ = (make_organisation() for _ in range(4))
    make_party_organisation(covers=(covered.organisation,))
    page = client_of(office()).get(reverse("board")).content.decode()
    assert "25.0%" in page
    assert "1 ÷ 4 家" in page


def test_board_of_an_empty_ledger_says_so() -> None:
    page = client_of(office()).get(reverse("board")).content.decode()
    assert "这一天没有可统计的单位" in page


def test_street_shapes_carry_the_figures_of_the_table() -> None:
    street, empty = make_area(boundary=SQUARE), make_area(boundary=SQUARE)
    make_area()
    make_organisation(street=street)
    covered = make_organisation(street=street)
    make_posting(covered.organisation)
    shapes = street_shapes(SYSTEM, at=DAY, base=Base())["features"]
    assert isinstance(shapes, list)
    assert [(shape["id"], shape["properties"]["gap"]) for shape in shapes] == [
        (street.pk, 1),
        (empty.pk, 0),
    ]
    assert [shape["properties"]["share"] for shape in shapes] == [0.5, None]
    assert [shape["properties"]["shade"] for shape in shapes] == [0, None]


def test_gap_shades_run_from_the_smallest_to_the_largest_gap() -> None:
    bad, good = make_area(), make_area()
    make_organisation(street=bad)
    make_posting(make_organisation(street=good).organisation)
    shades = gap_shades(counted_table(SYSTEM, at=DAY, base=Base(), by=Grouping.STREET))
    assert (shades[0].low, len(shades)) == (0.0, 5)
    assert shades[-1].high >= 1


def test_organisation_points_give_place_and_state() -> None:
    site = make_site(lon=118.5, lat=30.5)
    own = make_organisation(lon=118.25, lat=30.125, street=site.street)
    housed = make_organisation(site=site)
    make_organisation()
    make_posting(housed.organisation)
    points = json.loads(organisation_points(SYSTEM, at=DAY, base=Base()))
    assert points == {
        "ids": [own.organisation_id, housed.organisation_id],
        "lon": [11825000, 11850000],
        "lat": [3012500, 3050000],
        "states": "01",
    }


def test_board_points_keep_to_the_officers_street() -> None:
    here = make_organisation(lon=118.25, lat=30.125)
    make_organisation(lon=118.25, lat=30.125)
    answer = client_of(officer_of(here.street)).get(reverse("board-points"))
    assert answer.json()["ids"] == [here.organisation_id]


def test_board_points_are_sent_again_only_after_a_change() -> None:
    make_organisation(lon=118.25, lat=30.125)
    client = client_of(office())
    first = client.get(reverse("board-points"))
    again = client.get(reverse("board-points"), headers={"If-None-Match": first["ETag"]})
    audit.record("test", by=SYSTEM, summary="一次登记")
    changed = client.get(reverse("board-points"), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, changed.status_code) == (304, 200)
    assert first["Cache-Control"] == "private, no-cache"


def test_board_place_names_only_what_the_officer_may_see() -> None:
    here, other = make_organisation(name="本街单位"), make_organisation(name="外街单位")
    ids = f"{here.organisation_id},{other.organisation_id},x"
    answer = client_of(officer_of(here.street)).get(reverse("board-place"), {"ids": ids})
    assert "本街单位" in answer.content.decode()
    assert "外街单位" not in answer.content.decode()


def test_board_place_costs_the_same_for_one_and_for_three() -> None:
    firms = [make_organisation(site=make_site()) for _ in range(3)]
    client = client_of(office())
    counts = []
    for some in (firms[:1], firms):
        ids = ",".join(str(firm.organisation_id) for firm in some)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("board-place"), {"ids": ids})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_board_leads_from_what_can_be_joined_to_a_plan() -> None:
    firm = make_organisation()
    make_member(firm.organisation)
    page = client_of(office()).get(reverse("board"), {"at": DAY.isoformat()}).content.decode()
    assert f'{reverse("proposal-new")}?at={DAY.isoformat()}"' in page


def test_board_offers_no_plan_where_nothing_can_be_joined() -> None:
    make_organisation()
    page = client_of(office()).get(reverse("board"), {"at": DAY.isoformat()}).content.decode()
    assert reverse("proposal-new") not in page
