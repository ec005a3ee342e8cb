"""The data of a proposal's map: what is sent, to whom, and how often."""

import pytest
from django.urls import reverse

from liangxin.kernel import audit
from liangxin.kernel.viewer import SYSTEM
from tests.factories.clients import client_of
from tests.factories.plans import make_group, make_proposal
from tests.factories.registry import make_area
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
SQUARE = {"type": "Polygon", "coordinates": [[[118, 30], [119, 30], [119, 31], [118, 30]]]}


def test_map_holds_groups_and_the_outlines_of_streets() -> None:
    street = make_area("甲街道", boundary=SQUARE)
    proposal = make_proposal()
    make_group(proposal, street=street)
    data = client_of(office()).get(reverse("proposal-map", args=(proposal.pk,))).json()
    assert [host["properties"]["group"] for host in data["hosts"]["features"]] == [1]
    (outline,) = data["outlines"]["features"]
    assert (outline["id"], outline["properties"]["name"]) == (street.pk, "甲街道")


def test_map_keeps_to_the_officers_street() -> None:
    street = make_area()
    proposal = make_proposal()
    make_group(proposal)
    make_group(proposal, street=street)
    client = client_of(officer_of(street))
    data = client.get(reverse("proposal-map", args=(proposal.pk,))).json()
    assert [host["properties"]["group"] for host in data["hosts"]["features"]] == [2]


def test_map_is_sent_again_only_after_a_change_and_never_shared() -> None:
    proposal = make_proposal()
    make_group(proposal)
    client, url = client_of(office()), reverse("proposal-map", args=(proposal.pk,))
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    audit.record("test", by=SYSTEM, summary="一次登记")
    changed = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, changed.status_code) == (304, 200)
    assert first["Cache-Control"] == "private, no-cache"
