"""The register of Party organisations tells what stands from what is only proposed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import PartyOrganisation
from tests.factories.clients import client_of
from tests.factories.registry import START, make_organisation, make_party_organisation
from tests.factories.viewers import office, owner_of

pytestmark = pytest.mark.django_db


def list_of(viewer: Viewer, *, at: str = "") -> str:
    asked = {"at": at} if at else {}
    return client_of(viewer).get(reverse("party-organisations"), asked).content.decode()


def test_proposed_one_is_marked_in_the_list_and_on_its_page() -> None:
    version = make_party_organisation("甲大厦联合党支部", founded_date=None)
    url = reverse("party-organisation", args=[version.party_organisation_id])

    assert "党支部（拟建）" in list_of(office())
    assert "拟建，尚未成立" in client_of(office()).get(url).content.decode()


def test_founded_one_is_proposed_on_a_day_before() -> None:
    version = make_party_organisation("甲大厦联合党支部")
    founded = START + timedelta(days=30)
    PartyOrganisation.objects.filter(pk=version.party_organisation_id).update(founded_date=founded)

    assert "（拟建）" in list_of(office(), at=START.isoformat())
    assert "（拟建）" not in list_of(office(), at=founded.isoformat())


def test_proposed_one_is_no_business_of_the_owner() -> None:
    organisation = make_organisation().organisation
    make_party_organisation("甲大厦联合党支部", founded_date=None, covers=(organisation,))
    make_party_organisation("甲公司党支部", covers=(organisation,))

    text = list_of(owner_of(organisation))

    assert "甲公司党支部" in text
    assert "甲大厦联合党支部" not in text
