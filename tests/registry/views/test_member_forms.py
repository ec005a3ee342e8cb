from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liangxin.registry.actions.memberships import member_rows
from liangxin.registry.models import Organisation, PartyMembership, PartyRelation, Person
from tests.factories.clients import client_of
from tests.factories.registry import (
    make_area,
    make_member,
    make_organisation,
    make_party_organisation,
    next_id_number,
)
from tests.factories.viewers import office, officer_of, owner_of, secretary_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return client_of(office())


@pytest.fixture
def unit() -> Organisation:
    return make_organisation(name="高新软件有限公司").organisation


def answers(**changes: object) -> dict[str, Any]:
    first: dict[str, Any] = {
        "name": "张三",
        "id_number": next_id_number(),
        "organisation": "高新软件有限公司",
        "position": "technical",
        "stage": "full",
        "joined_date": "2020-07-01",
        "full_date": "2021-07-01",
        "elsewhere": "外地某社区党支部",
        "from_date": "2025-05-01",
    }
    return first | changes


def shown(client: Client, person: Person) -> dict[str, Any]:
    """What a browser sends back of the form as it was shown."""
    form = client.get(reverse("member-edit", args=[person.pk])).context["form"]
    values = {one.name: one.value() for one in form}
    sent = {name: "" if value is None else value for name, value in values.items()}
    return sent | {"based_on": member_rows(person).edition, "how": "change"}


def test_create_leads_to_the_member(client: Client, unit: Organisation) -> None:
    answer = client.post(reverse("member-create"), answers())

    person = Person.objects.get()
    assert answer.headers["Location"] == reverse("member", args=[person.pk])
    assert person.sex == "女"


@pytest.mark.parametrize(
    ("changes", "wrong", "words"),
    [
        ({"id_number": ""}, "id_number", "必填"),
        ({"id_number": "990100199005010021"}, "id_number", "校验不通过"),
        ({"sex": "男"}, "sex", "与性别栏不符"),
        ({"joined_date": "2005-07-01"}, "joined_date", "入党时不满18周岁"),
        ({"full_date": "2019-07-01"}, "full_date", "转正日期早于入党日期"),
        ({"joined_date": "2999-07-01", "full_date": ""}, "joined_date", "不能晚于今天"),
        ({"stage": "probationary"}, "full_date", "预备党员没有转正日期"),
        ({"phone": "12345"}, "phone", "手机号应为11位"),
        ({"organisation": "没有这家"}, "organisation", "找不到“没有这家”"),
        ({"from_date": ""}, "from_date", "必填"),
    ],
)
def test_create_says_what_to_mend(
    client: Client, unit: Organisation, changes: dict[str, object], wrong: str, words: str
) -> None:
    answer = client.post(reverse("member-create"), answers(**changes))

    assert words in " ".join(answer.context["form"].errors[wrong])
    assert "外地某社区党支部" in answer.content.decode()
    assert Person.objects.count() == 0


def test_a_relation_is_in_one_place(client: Client, unit: Organisation) -> None:
    make_party_organisation("高新党支部")

    answer = client.post(reverse("member-create"), answers(party_organisation="高新党支部"))

    assert "elsewhere" in answer.context["form"].errors


def test_revise_never_puts_numbers_in_the_page(client: Client, unit: Organisation) -> None:
    person = make_member(unit)
    person.phone = "19900001234"
    person.save()

    text = client.get(reverse("member-edit", args=[person.pk])).content.decode()

    assert person.id_number not in text
    assert "19900001234" not in text
    assert "199****1234" in text


def test_revise_of_what_was_shown_changes_nothing(client: Client, unit: Organisation) -> None:
    branch = make_party_organisation("高新党支部").party_organisation
    person = make_member(unit, held_in=branch)

    answer = client.post(reverse("member-edit", args=[person.pk]), shown(client, person))

    assert "没有需要保存的改动" in answer.content.decode()
    assert PartyRelation.objects.get().party_organisation == branch


def test_revise_moves_the_relation(client: Client, unit: Organisation) -> None:
    branch = make_party_organisation("高新党支部").party_organisation
    person = make_member(unit)
    sent = shown(client, person) | {
        "party_organisation": "高新党支部",
        "elsewhere": "",
        "from_date": "2025-05-01",
    }

    client.post(reverse("member-edit", args=[person.pk]), sent)

    now = PartyRelation.objects.get(valid_to__isnull=True)
    assert (now.party_organisation, now.valid_from) == (branch, date(2025, 5, 1))


def test_revise_of_an_old_form_shows_both(client: Client, unit: Organisation) -> None:
    person = make_member(unit)
    address = reverse("member-edit", args=[person.pk])
    mine = shown(client, person) | {"position": "management"}
    client.post(address, mine | {"position": "front_line", "how": "correct"})

    answer = client.post(address, mine)
    again = client.post(address, mine | {"based_on": answer.context["based_on"]})

    assert [(one.before, one.after) for one in answer.context["conflict"]] == [
        ("生产一线", "经营管理")
    ]
    assert again.status_code == 302


def test_confirm_and_close(client: Client, unit: Organisation) -> None:
    person = make_member(unit)
    edition = member_rows(person).edition

    said = client.post(
        reverse("member-edit", args=[person.pk]),
        {"confirm": "yes", "based_on": edition},
        follow=True,
    )
    stale = client.post(
        reverse("member-edit", args=[person.pk]), {"confirm": "yes", "based_on": "0.0"}
    )
    closed = client.post(
        reverse("member-close", args=[person.pk]),
        {"end_date": "2025-05-01", "reason": "去世", "based_on": edition},
    )

    assert "资料没有变化" in said.content.decode()
    assert "尚未保存" in stale.content.decode()
    assert closed.headers["Location"] == reverse("members")
    assert PartyMembership.objects.get().valid_to == date(2025, 5, 1)


def test_forms_are_not_for_strangers(unit: Organisation) -> None:
    branch = make_party_organisation(covers=(unit,)).party_organisation
    person = make_member(unit, held_in=branch)
    addresses = [
        reverse("member-edit", args=[person.pk]),
        reverse("member-close", args=[person.pk]),
    ]
    outside = client_of(officer_of(make_area()))

    assert {outside.get(address).status_code for address in addresses} == {404}
    for viewer in (secretary_of(branch), owner_of(unit)):
        stranger = client_of(viewer)
        codes = {stranger.get(one).status_code for one in [*addresses, reverse("member-create")]}
        assert codes == {403}
