from datetime import date

import pytest

from liangxin.registry.queries.sites import described_sites, editable_streets, tenants
from tests.factories.registry import make_area, make_organisation, make_site
from tests.factories.viewers import office, officer_of, owner_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)


def test_described_sites_count_operating_tenants_and_their_staff() -> None:
    site = make_site()
    make_organisation(site=site, employees=10)
    make_organisation(site=site, employees=5)
    make_organisation(site=site, employees=99, status="closed")

    row = described_sites(office(), at=TODAY).values("tenants", "staff").get()

    assert row == {"tenants": 2, "staff": 15}


def test_described_sites_of_an_owner_hold_the_firm() -> None:
    site = make_site()
    version = make_organisation(site=site)
    make_organisation(site=make_site())

    assert list(described_sites(owner_of(version.organisation), at=TODAY)) == [site]


def test_tenants_are_those_in_scope() -> None:
    site = make_site()
    own = make_organisation(site=site)
    make_organisation(site=site)

    assert list(tenants(owner_of(own.organisation), site_id=site.pk, at=TODAY)) == [own]


def test_editable_streets_follow_the_scope() -> None:
    street, site, other = make_area(), make_site(), make_area()

    assert list(editable_streets(officer_of(street))) == [street]
    assert list(editable_streets(officer_of(site))) == [site.street]
    assert set(editable_streets(officer_of("C"))) == {street, site.street, other}
    assert list(editable_streets(owner_of(make_organisation(street=other).organisation))) == []
