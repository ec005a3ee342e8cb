import pytest
from django.test import Client
from django.urls import reverse

from liangxin.registry.actions.sites import site_edition
from liangxin.registry.models import Site
from tests.factories.clients import client_of
from tests.factories.registry import (
    make_area,
    make_organisation,
    make_party_organisation,
    make_site,
)
from tests.factories.viewers import office, officer_of, owner_of, secretary_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return client_of(office())


def answers(site: Site | None = None, **changes: object) -> dict[str, object]:
    first: dict[str, object] = {"name": "高新大厦", "kind": "building", "address": "科技路1号"}
    if site is None:
        first["street"] = make_area().pk
    else:
        first["based_on"] = site_edition(site)
    return first | changes


def test_create_converts_map_coordinates(client: Client) -> None:
    answer = client.post(
        reverse("site-create"),
        answers(lon="118.2", lat="30.3", coordinate_system="GCJ-02"),
    )

    site = Site.objects.get()
    assert answer.headers["Location"] == reverse("site-edit", args=[site.pk])
    assert (site.lon, site.lat) == pytest.approx((118.1948, 30.3026), abs=2e-3)


@pytest.mark.parametrize(
    ("changes", "wrong", "words"),
    [
        ({"name": ""}, "name", "必填"),
        ({"lon": "117"}, "lat", "要么都填"),
        ({"lon": "200", "lat": "31"}, "lon", "不能大于 136"),
        ({"street": ""}, "street", "必填"),
    ],
)
def test_create_says_what_to_mend(
    client: Client, changes: dict[str, object], wrong: str, words: str
) -> None:
    answer = client.post(reverse("site-create"), answers(**changes))

    assert words in " ".join(answer.context["form"].errors[wrong])
    assert "科技路1号" in answer.content.decode()
    assert Site.objects.count() == 0


def test_create_takes_no_street_of_others() -> None:
    answer = client_of(officer_of(make_area())).post(reverse("site-create"), answers())

    assert "street" in answer.context["form"].errors


def test_revise_shows_the_facts_and_saves(client: Client) -> None:
    site = make_site("旧名大厦", lon=117.2, lat=31.8)
    address = reverse("site-edit", args=[site.pk])

    page = client.get(address).content.decode()
    sent = answers(site, lon="117.2", lat="31.8", coordinate_system="BD-09")
    client.post(address, sent)

    saved = Site.objects.get()
    assert 'value="旧名大厦"' in page
    assert (saved.name, saved.lon, saved.lat) == ("高新大厦", 117.2, 31.8)


def test_revise_of_an_old_form_shows_what_differs(client: Client) -> None:
    site = make_site("旧名大厦")
    address = reverse("site-edit", args=[site.pk])
    sent = answers(site, name="我写的名字")
    client.post(address, answers(site, name="别人写的名字"))

    answer = client.post(address, sent)
    again = client.post(address, sent | {"based_on": answer.context["based_on"]})

    text = answer.content.decode()
    assert "别人写的名字" in text
    assert "我写的名字" in text
    assert "尚未保存" in text
    assert again.status_code == 302
    assert Site.objects.get().name == "我写的名字"


def test_revise_confirms_in_one_click(client: Client) -> None:
    site = make_site()
    address = reverse("site-edit", args=[site.pk])

    done = client.post(address, {"confirm": "yes", "based_on": site_edition(site)}, follow=True)
    stale = client.post(address, {"confirm": "yes", "based_on": "0.0"}, follow=True)

    assert "资料没有变化" in done.content.decode()
    assert "尚未保存" in stale.content.decode()


def test_forms_are_not_for_strangers() -> None:
    site = make_site()
    branch = make_party_organisation().party_organisation
    for viewer in (owner_of(make_organisation().organisation), secretary_of(branch)):
        stranger = client_of(viewer)
        assert stranger.get(reverse("site-create")).status_code == 403
        assert stranger.get(reverse("site-edit", args=[site.pk])).status_code == 403
    outside = client_of(officer_of(make_area()))
    assert outside.get(reverse("site-edit", args=[site.pk])).status_code == 404
