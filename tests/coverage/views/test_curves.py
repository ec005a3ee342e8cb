"""Pages of coverage against travel: who may look, what they show, what they lead to."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liangxin.coverage.models import TravelCurve
from liangxin.coverage.terms import ProposalState
from liangxin.kernel.viewer import Role, ScopeKind
from tests.factories.clients import client_of
from tests.factories.curves import make_curve, make_point
from tests.factories.plans import make_proposal
from tests.factories.registry import make_area
from tests.factories.viewers import holding, office, officer_of

pytestmark = pytest.mark.django_db
CLOSED_TO = (Role.SECRETARY, Role.INSTRUCTOR, Role.OWNER, Role.MEMBER, Role.ADMINISTRATOR)


def addresses(curve: TravelCurve) -> list[str]:
    return [reverse("curves", args=(curve.proposal_id,)), reverse("curve", args=(curve.pk,))]


def test_pages_send_strangers_to_the_login() -> None:
    assert {Client().get(url).status_code for url in addresses(make_curve())} == {302}


@pytest.mark.parametrize("role", CLOSED_TO)
def test_pages_refuse_other_roles(role: Role) -> None:
    client = client_of(holding(role, ScopeKind.DISTRICT))
    assert {client.get(url).status_code for url in addresses(make_curve())} == {403}


def test_an_officer_finds_no_curve_of_somebody_else() -> None:
    curve, client = make_curve(), client_of(officer_of(make_area()))
    assert client.get(reverse("curve", args=(curve.pk,))).status_code == 404
    assert client.post(reverse("curve-discard", args=(curve.pk,))).status_code == 404
    assert client.get(reverse("curves", args=(curve.proposal_id,))).status_code == 404


def test_curve_draws_every_point_and_lists_it_with_its_denominator() -> None:
    curve = make_curve()
    for limit in (5, 6):
        for radius in (500, 1000):
            make_point(curve, radius_m=radius, unit_limit=limit)
    answer = client_of(office()).get(reverse("curve", args=(curve.pk,)))
    page = answer.content.decode()
    assert page.count("<circle") == 4
    assert "÷ 100 家" in page
    assert "50.00%" in page
    assert "四分之一的工夫" in page


def test_point_leads_to_the_form_with_its_limits() -> None:
    curve = make_curve()
    make_point(curve, radius_m=1500, unit_limit=6)
    client = client_of(office())
    page = client.get(reverse("curve", args=(curve.pk,))).content.decode()
    asked = f"again={curve.proposal_id}&street_radius_m=1500&max_units=6"
    assert asked.replace("&", "&amp;") in page
    form = client.get(f"{reverse('proposal-new')}?{asked}").context["form"]
    values = [form[name].value() for name in ("street_radius_m", "max_units", "largest_units")]
    assert values == [1500, 6, 6]


def test_curve_of_a_single_point_is_drawn_too() -> None:
    curve = make_curve()
    make_point(curve)
    page = client_of(office()).get(reverse("curve", args=(curve.pk,))).content.decode()
    assert page.count("<circle") == 1


def test_curve_is_taken_away_as_a_workbook() -> None:
    curve = make_curve()
    make_point(curve)
    answer = client_of(office()).get(reverse("curve", args=(curve.pk,)), {"export": "xlsx"})
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")


@pytest.mark.parametrize(
    ("asked", "total"), [({"limit": "6"}, 1), ({"q": "500"}, 1), ({"q": "远"}, 0)]
)
def test_curve_is_narrowed_by_its_filters(asked: dict[str, str], total: int) -> None:
    curve = make_curve()
    make_point(curve, radius_m=500)
    make_point(curve, unit_limit=6)
    answer = client_of(office()).get(reverse("curve", args=(curve.pk,)), asked)
    assert answer.context["total"] == total


@pytest.mark.parametrize("state", [ProposalState.WAITING, ProposalState.FAILED])
def test_curve_without_an_answer_says_so(state: ProposalState) -> None:
    page = client_of(office()).get(reverse("curve", args=(make_curve(state=state).pk,)))
    words = "等待测算" if state == ProposalState.WAITING else "没有算成"
    assert words in page.content.decode()


def test_pages_take_as_many_queries_with_three_rows_as_with_one() -> None:
    curve, client = make_curve(), client_of(office())

    def queries(radius: int) -> int:
        make_point(curve, radius_m=radius)
        make_curve(curve.proposal)
        with CaptureQueriesContext(connection) as captured:
            for url in addresses(curve):
                client.get(url)
        return len(captured)

    queries(500)
    first = queries(600)
    queries(700)
    assert queries(800) == first


def test_ask_puts_a_job_in_the_queue_and_opens_the_curve() -> None:
    sent = {"radii_m": "500，1000 1500", "unit_limits": ["5", "6"]}
    url = reverse("curves", args=(make_proposal().pk,))
    answer = client_of(office()).post(url, sent)
    curve = TravelCurve.objects.get()
    assert answer["Location"] == reverse("curve", args=(curve.pk,))
    assert (curve.radii_m, curve.unit_limits) == ([500, 1000, 1500], [5, 6])
    assert curve.job is not None


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"radii_m": "很远", "unit_limits": ["5"]}, "请填整数的米数"),
        ({"radii_m": "500"}, "请至少选一个"),
        ({"radii_m": "999999", "unit_limits": ["5"]}, "距离应在"),
    ],
)
def test_ask_says_what_is_wrong(sent: dict[str, object], words: str) -> None:
    answer = client_of(office()).post(reverse("curves", args=(make_proposal().pk,)), sent)
    assert words in answer.content.decode()


def test_list_says_that_nothing_was_computed_yet() -> None:
    page = client_of(office()).get(reverse("curves", args=(make_proposal().pk,)))
    assert "还没有测算过" in page.content.decode()


def test_discard_deletes_a_curve() -> None:
    curve = make_curve()
    answer = client_of(office()).post(reverse("curve-discard", args=(curve.pk,)))
    assert answer["Location"] == reverse("curves", args=(curve.proposal_id,))
    assert not TravelCurve.objects.exists()
