"""One proposed group's page, and the sketch on it."""

import pytest
from django.urls import reverse

from liangxin.coverage.models import ProposedUnit
from liangxin.coverage.terms import GroupMode
from liangxin.coverage.views.proposal_sketch import HEIGHT, WIDTH, sketch
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.terms import OrganisationStatus
from tests.factories.clients import client_of
from tests.factories.plans import make_candidate, make_group, make_proposal
from tests.factories.registry import make_area
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db


def test_group_tells_units_reason_and_rules() -> None:
    proposal = make_proposal()
    street = make_area()
    firms = [
        make_candidate(street=street, name="牵头甲公司", members=2),
        make_candidate(street=street, name="联建乙公司", north_m=420.0, elsewhere=1),
    ]
    make_group(proposal, firms)
    page = (
        client_of(office()).get(reverse("proposed-group", args=(proposal.pk, 1))).content.decode()
    )
    assert "牵头甲公司牵头" in page
    assert "联建乙公司" in page
    assert "420" in page
    assert "凑足正式党员" in page
    assert reverse("rule", args=("joint_branch.street_radius_m",)) in page
    assert reverse("rule", args=("joint_branch.industry_radius_m",)) not in page


def test_group_shows_every_unit_to_the_officer_of_one() -> None:
    mine = make_area()
    proposal = make_proposal()
    make_group(
        proposal,
        [make_candidate(name="外街公司", members=2), make_candidate(street=mine, name="本街公司")],
    )
    url = reverse("proposed-group", args=(proposal.pk, 1))
    page = client_of(officer_of(mine)).get(url).content.decode()
    assert "外街公司" in page
    assert "本街公司" in page
    assert "采纳这一组" not in page


def test_group_says_what_changed_since() -> None:
    proposal = make_proposal()
    firms = [make_candidate(members=2), make_candidate()]
    make_group(proposal, firms)
    OrganisationVersion.objects.filter(pk=firms[1].pk).update(status=OrganisationStatus.CLOSED)
    page = (
        client_of(office()).get(reverse("proposed-group", args=(proposal.pk, 1))).content.decode()
    )
    assert "测算以后的变化" in page
    assert "因此不能照原样采纳" in page


def test_group_that_does_not_exist_is_not_found() -> None:
    proposal = make_proposal()
    url = reverse("proposed-group", args=(proposal.pk, 9))
    assert client_of(office()).get(url).status_code == 404


def unit(*, lon: float, lat: float, is_host: bool = False) -> ProposedUnit:
    mode = GroupMode.SITE if is_host else GroupMode.STREET
    return ProposedUnit(name="测试", lon=lon, lat=lat, is_host=is_host, mode=mode)


def test_sketch_puts_the_northern_unit_on_top_and_all_inside() -> None:
    drawn = sketch([unit(lon=117.2, lat=31.8, is_host=True), unit(lon=117.2, lat=31.81)])
    assert drawn is not None
    host, north = drawn.spots
    assert drawn.host == host
    assert north.y < host.y
    assert all(0 < spot.x < WIDTH and 0 < spot.y < HEIGHT for spot in drawn.spots)


def test_sketch_bar_is_as_long_as_it_says() -> None:
    drawn = sketch([unit(lon=117.2, lat=31.8, is_host=True), unit(lon=117.2, lat=31.81)])
    assert drawn is not None
    host, north = drawn.spots
    metres_a_pixel = drawn.bar_m / drawn.bar
    assert (host.y - north.y) * metres_a_pixel == pytest.approx(1112, rel=0.02)


def test_sketch_counts_units_of_one_building_once() -> None:
    same = [unit(lon=117.2, lat=31.8, is_host=True), unit(lon=117.2, lat=31.8)]
    drawn = sketch(same)
    assert drawn is not None
    assert [(spot.count, spot.is_host) for spot in drawn.spots] == [(2, True)]


def test_sketch_of_nobody_is_nothing() -> None:
    assert sketch([]) is None
