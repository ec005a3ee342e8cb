import pytest
from django.urls import reverse

from liangxin.registry.models import MassPresence, OrganisationVersion
from tests.factories.clients import client_of
from tests.factories.registry import make_area, make_mass_presence, make_organisation
from tests.factories.viewers import office, officer_of, owner_of

pytestmark = pytest.mark.django_db
ANSWERS = {"kind": "league", "stands": "yes", "from_date": "2026-05-01"}


@pytest.fixture
def unit() -> OrganisationVersion:
    return make_organisation()


def address(unit: OrganisationVersion) -> str:
    return reverse("mass-presence-set", args=[unit.organisation_id])


def test_set_presence_leads_back_to_the_unit(unit: OrganisationVersion) -> None:
    answer = client_of(office()).post(address(unit), ANSWERS)

    assert answer.headers["Location"] == reverse("organisation", args=[unit.organisation_id])
    assert MassPresence.objects.get().kind == "league"


def test_set_presence_leads_to_where_it_was_asked_from(unit: OrganisationVersion) -> None:
    client = client_of(office())

    ours = client.post(address(unit), {**ANSWERS, "next": "/guides/"})
    foreign = client.post(
        address(unit),
        {**ANSWERS, "stands": "no", "from_date": "2026-05-02", "next": "//evil.test/"},
    )

    assert ours.headers["Location"] == "/guides/"
    assert foreign.headers["Location"] == reverse("organisation", args=[unit.organisation_id])


def test_set_presence_shows_what_the_ledger_holds(unit: OrganisationVersion) -> None:
    make_mass_presence(unit.organisation)

    page = client_of(office()).get(address(unit) + "?kind=union")

    assert "工会：有、共青团组织：没有" in page.content.decode()
    assert page.context["form"]["stands"].value() == "no"


def test_set_presence_keeps_what_was_typed_on_refusal(unit: OrganisationVersion) -> None:
    answer = client_of(office()).post(address(unit), {**ANSWERS, "from_date": "2999-01-01"})

    assert "不能晚于今天" in answer.content.decode()
    assert 'value="2999-01-01"' in answer.content.decode()
    assert MassPresence.objects.count() == 0


def test_set_presence_is_not_for_strangers(unit: OrganisationVersion) -> None:
    elsewhere = client_of(officer_of(make_area())).get(address(unit))
    owner = client_of(owner_of(unit.organisation)).get(address(unit))

    assert (elsewhere.status_code, owner.status_code) == (404, 403)
