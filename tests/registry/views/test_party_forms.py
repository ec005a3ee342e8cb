import pytest
from django.test import Client
from django.urls import reverse

from liangxin.registry.actions.party_register import party_edition
from liangxin.registry.models import (
    Area,
    PartyCoverage,
    PartyOrganisation,
    PartyOrganisationVersion,
    Post,
)
from tests.factories.clients import client_of
from tests.factories.registry import (
    make_area,
    make_member,
    make_organisation,
    make_party_organisation,
    make_post,
)
from tests.factories.viewers import office, officer_of, owner_of, secretary_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return client_of(office())


@pytest.fixture
def street() -> Area:
    return make_area()


def answers(version: PartyOrganisationVersion, **changes: object) -> dict[str, object]:
    assert version.street is not None
    first: dict[str, object] = {
        "name": version.name,
        "kind": version.kind,
        "code": version.party_organisation.code,
        "parent": "",
        "street": version.street.pk,
        "how": "change",
        "from_date": "2025-05-01",
        "based_on": party_edition(version),
    }
    return first | changes


def test_create_leads_to_the_new_one(street: Area) -> None:
    parent = make_party_organisation("街道党工委", street=street)
    client = client_of(officer_of(street))

    answer = client.post(
        reverse("party-organisation-create"),
        {
            "name": "高新软件党支部",
            "kind": "branch",
            "parent": "街道党工委",
            "street": street.pk,
            "founded_date": "2025-07-01",
        },
    )

    version = PartyOrganisationVersion.objects.get(name="高新软件党支部")
    assert version.parent == parent.party_organisation
    assert answer.headers["Location"] == reverse(
        "party-organisation", args=[version.party_organisation_id]
    )


def test_create_keeps_what_was_typed(client: Client, street: Area) -> None:
    sent = {
        "name": "高新软件党支部",
        "kind": "branch",
        "parent": "没有这个党委",
        "street": street.pk,
        "founded_date": "2025-07-01",
    }

    answer = client.post(reverse("party-organisation-create"), sent)

    text = answer.content.decode()
    assert "找不到“没有这个党委”" in text
    assert 'value="高新软件党支部"' in text
    assert PartyOrganisationVersion.objects.count() == 0


def test_an_officer_has_to_name_a_street_of_their_own(street: Area) -> None:
    version = make_party_organisation(street=street)
    client = client_of(officer_of(street))
    address = reverse("party-organisation-edit", args=[version.party_organisation_id])

    none = client.post(address, answers(version, street=""))
    other = client.post(address, answers(version, street=make_area().pk))

    assert "street" in none.context["form"].errors
    assert "street" in other.context["form"].errors


def test_revise_shows_the_parent_and_leaves_it(client: Client, street: Area) -> None:
    parent = make_party_organisation("街道党工委", street=street).party_organisation
    version = make_party_organisation("甲党支部", street=street, parent=parent)
    address = reverse("party-organisation-edit", args=[version.party_organisation_id])

    shown = client.get(address).context["form"]["parent"].value()
    client.post(address, answers(version, name="乙党支部", parent=shown))

    now = PartyOrganisationVersion.objects.get(
        party_organisation=version.party_organisation, valid_to__isnull=True
    )
    assert (now.name, now.parent) == ("乙党支部", parent)


def test_revise_asks_for_the_day_or_a_correction(client: Client, street: Area) -> None:
    version = make_party_organisation("甲党支部", street=street)
    address = reverse("party-organisation-edit", args=[version.party_organisation_id])

    asked = client.post(address, answers(version, name="乙党支部", from_date=""))
    saved = client.post(address, answers(version, name="乙党支部", from_date="", how="correct"))

    assert "from_date" in asked.context["form"].errors
    assert saved.status_code == 302
    assert PartyOrganisationVersion.objects.get().name == "乙党支部"


def test_revise_of_an_old_form_shows_both(client: Client, street: Area) -> None:
    version = make_party_organisation("甲党支部", street=street)
    address = reverse("party-organisation-edit", args=[version.party_organisation_id])
    mine = answers(version, name="我写的党支部")
    client.post(address, answers(version, name="别人写的党支部"))

    answer = client.post(address, mine)

    assert [(one.before, one.after) for one in answer.context["conflict"]] == [
        ("别人写的党支部", "我写的党支部")
    ]
    assert answer.context["based_on"] != mine["based_on"]


def test_confirm_in_one_click(client: Client, street: Area) -> None:
    version = make_party_organisation(street=street)
    address = reverse("party-organisation-edit", args=[version.party_organisation_id])

    answer = client.post(
        address, {"confirm": "yes", "based_on": party_edition(version)}, follow=True
    )

    stale = client.post(address, {"confirm": "yes", "based_on": "0.0_0.0"})

    assert "资料没有变化" in answer.content.decode()
    assert "尚未保存" in stale.content.decode()
    assert stale.context["based_on"] == party_edition(version)


def test_dissolve_says_what_follows(client: Client, street: Area) -> None:
    unit = make_organisation(street=street).organisation
    version = make_party_organisation(street=street, covers=(unit,))
    make_member(unit, held_in=version.party_organisation)
    address = reverse("party-organisation-dissolve", args=[version.party_organisation_id])

    page = client.get(address)
    done = client.post(
        address,
        {
            "dissolved_date": "2025-05-01",
            "reason": "并入联合党支部",
            "based_on": page.context["based_on"],
        },
    )

    assert (page.context["following"].units, page.context["following"].members) == (1, 1)
    assert done.status_code == 302
    assert PartyOrganisation.objects.get().dissolved_date is not None


def test_units_are_added_and_taken_off(street: Area) -> None:
    unit = make_organisation(name="高新软件有限公司", street=street)
    version = make_party_organisation(street=street)
    key = version.party_organisation_id
    client = client_of(officer_of(street))

    client.post(
        reverse("coverage-add", args=[key]),
        {"organisation": "高新软件有限公司", "from_date": "2025-05-01"},
    )
    page = client.get(reverse("party-organisation", args=[key])).content.decode()
    ending = reverse("coverage-end", args=[key, unit.organisation_id])
    client.post(ending, {"end_date": "2025-06-01"})

    assert ending in page
    assert str(PartyCoverage.objects.get().valid_to) == "2025-06-01"


def test_unit_choices_offer_the_own_scope(street: Area) -> None:
    unit = make_organisation(name="高新软件有限公司", street=street)
    make_organisation(name="高新外街有限公司")

    answer = client_of(officer_of(street)).get(
        reverse("organisation-choices"), {"organisation": "高新"}
    )

    assert answer.content.decode().strip() == (
        f'<option value="高新软件有限公司（{unit.organisation.uscc}）">'
    )


def test_namesakes_are_told_apart_by_their_code(client: Client, street: Area) -> None:
    first = make_organisation(name="同名公司", street=street)
    make_organisation(name="同名公司", street=street)
    key = make_party_organisation(street=street).party_organisation_id
    address = reverse("coverage-add", args=[key])
    day = {"from_date": "2025-05-01"}

    asked = client.post(address, {"organisation": "同名公司", **day})
    label = f"同名公司（{first.organisation.uscc}）"
    client.post(address, {"organisation": label, **day})

    assert "有 2 个" in asked.content.decode()
    assert PartyCoverage.objects.get().organisation == first.organisation


def test_a_post_is_given_to_a_member_or_a_name(client: Client, street: Area) -> None:
    unit = make_organisation(street=street).organisation
    branch = make_party_organisation(street=street).party_organisation
    member = make_member(unit, name="张三", held_in=branch)
    address = reverse("post-add", args=[branch.pk])
    sent = {"kind": "secretary", "from_date": "2025-05-01"}

    both = client.post(address, {**sent, "member": member.pk, "person_name": "李四"})
    client.post(address, {**sent, "member": member.pk})

    post = Post.objects.get()
    assert "只填一处" in both.content.decode()
    assert (post.person, post.person_name) == (member, "张三")


def test_a_post_ends(client: Client, street: Area) -> None:
    branch = make_party_organisation(street=street).party_organisation
    post = make_post(branch)

    client.post(reverse("post-end", args=[post.pk]), {"end_date": "2025-05-01"})

    assert str(Post.objects.get().valid_to) == "2025-05-01"


def test_forms_are_not_for_strangers(street: Area) -> None:
    unit = make_organisation(street=street).organisation
    branch = make_party_organisation(street=street, covers=(unit,)).party_organisation
    post = make_post(branch)
    addresses = [
        reverse("party-organisation-edit", args=[branch.pk]),
        reverse("party-organisation-dissolve", args=[branch.pk]),
        reverse("coverage-add", args=[branch.pk]),
        reverse("coverage-end", args=[branch.pk, unit.pk]),
        reverse("post-add", args=[branch.pk]),
        reverse("post-end", args=[post.pk]),
    ]
    outside = client_of(officer_of(make_area()))
    secretary, owner = client_of(secretary_of(branch)), client_of(owner_of(unit))

    assert {outside.get(address).status_code for address in addresses} == {404}
    assert {secretary.get(address).status_code for address in addresses} == {403}
    assert {owner.get(address).status_code for address in addresses} == {403}
