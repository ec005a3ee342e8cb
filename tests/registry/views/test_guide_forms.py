from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liangxin.registry.actions.guides import guide_edition
from liangxin.registry.models import GuideService, Posting
from tests.factories.clients import client_of
from tests.factories.registry import make_area, make_guide, make_organisation, make_posting
from tests.factories.viewers import instructor, office, officer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return client_of(office())


def test_create_leads_to_the_guide(client: Client) -> None:
    answer = client.post(
        reverse("guide-create"),
        {"name": "赵指导", "role": "instructor", "capacity": "3", "from_date": "2025-05-01"},
    )

    service = GuideService.objects.get()
    assert answer.headers["Location"] == reverse("guide", args=[service.person_id])


def test_create_says_what_to_mend(client: Client) -> None:
    answer = client.post(
        reverse("guide-create"),
        {"name": "赵指导", "role": "instructor", "capacity": "0", "from_date": "2999-05-01"},
    )

    errors = answer.context["form"].errors
    assert "capacity" in errors
    assert 'value="赵指导"' in answer.content.decode()


def test_revise_shows_saves_and_confirms(client: Client) -> None:
    service = make_guide("赵指导", home_unit="高新街道").guide_services.get()
    address = reverse("guide-edit", args=[service.person_id, "instructor"])
    edition = guide_edition(service)

    page = client.get(address).content.decode()
    said = client.post(address, {"confirm": "yes", "based_on": edition}, follow=True)
    stale = client.post(address, {"confirm": "yes", "based_on": "0.0"})
    client.post(
        address,
        {
            "name": "赵指导",
            "home_unit": "高新街道",
            "capacity": "5",
            "how": "correct",
            "based_on": edition,
        },
    )

    assert 'value="高新街道"' in page
    assert "资料没有变化" in said.content.decode()
    assert "尚未保存" in stale.content.decode()
    assert GuideService.objects.get().capacity == 5


def test_a_guide_is_posted_from_either_side(client: Client) -> None:
    guide = make_guide("赵指导")
    first, second = make_organisation(name="甲公司"), make_organisation(name="乙公司")
    day = {"from_date": "2025-05-01"}

    client.post(reverse("posting-create", args=[guide.pk]), {"organisation": "甲公司", **day})
    client.post(
        reverse("organisation-posting-create", args=[second.organisation_id]),
        {"guide": "赵指导", **day},
    )

    served = set(Posting.objects.values_list("organisation_id", flat=True))
    assert served == {first.organisation_id, second.organisation_id}


def test_a_full_guide_is_posted_only_where_agreed(client: Client) -> None:
    guide = make_guide(capacity=1)
    make_posting(make_organisation().organisation, person=guide)
    make_organisation(name="甲公司")
    address = reverse("posting-create", args=[guide.pk])
    sent = {"organisation": "甲公司", "from_date": "2025-05-01"}

    asked = client.post(address, sent)
    saved = client.post(address, {**sent, "is_over_capacity": "on"})

    assert "is_over_capacity" in asked.context["form"].errors
    assert saved.status_code == 302


def test_a_posting_ends_and_leads_back(client: Client) -> None:
    posting = make_posting(make_organisation(name="甲公司").organisation)
    page = client.get(reverse("guide", args=[posting.person_id])).content.decode()
    back = reverse("guide", args=[posting.person_id])

    answer = client.post(
        reverse("posting-end", args=[posting.pk]), {"end_date": "2025-05-01", "next": back}
    )

    assert reverse("posting-end", args=[posting.pk]) in page
    assert answer.headers["Location"] == back


def test_a_term_that_ends_soon_is_said(client: Client) -> None:
    guide = make_guide(valid_to=timezone.localdate() + timedelta(days=60))

    assert "届满，请办理连任" in client.get(reverse("guide", args=[guide.pk])).content.decode()


def test_forms_are_not_for_strangers() -> None:
    unit = make_organisation().organisation
    guide = make_guide(home_unit="外街道")
    posting = make_posting(unit, person=guide)
    addresses = [
        reverse("guide-edit", args=[guide.pk, "instructor"]),
        reverse("posting-create", args=[guide.pk]),
        reverse("organisation-posting-create", args=[unit.pk]),
        reverse("posting-end", args=[posting.pk]),
    ]
    outside, own = client_of(officer_of(make_area())), client_of(instructor(guide))

    assert {outside.get(address).status_code for address in addresses} == {404}
    assert {own.get(address).status_code for address in addresses} == {403}
