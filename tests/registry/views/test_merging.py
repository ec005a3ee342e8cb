from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import Role, Scope, ScopeKind
from liangxin.registry.actions.duplicates import find_duplicates
from liangxin.registry.models import (
    Distinction,
    LikelyPair,
    Merge,
    Organisation,
    OrganisationVersion,
)
from tests.factories.accounts import make_user
from tests.factories.merges import merge
from tests.factories.registry import (
    make_area,
    make_employment,
    make_member,
    make_membership,
    make_organisation,
    make_person,
)

pytestmark = pytest.mark.django_db
Found = list[OrganisationVersion]


@pytest.fixture
def client() -> Client:
    browser = Client()
    browser.force_login(make_user(Role.DISTRICT_OFFICE, Scope(ScopeKind.DISTRICT)))
    return browser


def twins(number: int = 1) -> Found:
    """Pairs of one name in one street, the second without a code; all looked for."""
    found = []
    for count in range(number):
        street = make_area()
        first = make_organisation(street=street, name=f"测试孪生{count}有限公司")
        second = make_organisation(street=street, name=f"测试（孪生{count}）公司")
        Organisation.objects.filter(pk=second.organisation_id).update(uscc=None)
        for one in (first, second):
            one.name_core = f"测试孪生{count}"
            one.save()
        found += [first, second]
    find_duplicates(at=timezone.localdate(), progress=Progress())
    return found


def merge_url(found: Found) -> str:
    return f"{reverse('organisation-merge', args=(found[0].organisation_id,))}?with={found[1].organisation_id}"


def test_duplicates_page_lists_a_pair_with_its_reason(client: Client) -> None:
    found = twins()
    page = client.get(reverse("duplicates")).content.decode()
    assert "名称主干相同" in page
    assert found[0].name in page


def test_duplicates_page_takes_as_many_queries_with_three_pairs_as_with_one(
    client: Client,
) -> None:
    twins()
    client.get(reverse("duplicates"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("duplicates"))
    twins(3)
    with CaptureQueriesContext(connection) as three:
        client.get(reverse("duplicates"))
    assert len(three) == len(one)


def test_merging_by_the_page_and_undoing_it(client: Client) -> None:
    found = twins()
    page = client.get(merge_url(found))
    based_on = page.context["plan"].fingerprint

    done = client.post(merge_url(found), {"based_on": based_on, "reason": "核对执照"})

    held = Merge.objects.get()
    assert done["Location"] == reverse("merge", args=(held.pk,))
    assert "撤销这次合并" in client.get(done["Location"]).content.decode()
    client.post(reverse("merge-undo", args=(held.pk,)))
    held.refresh_from_db()
    assert held.undone_at is not None
    assert "已撤销" in client.get(reverse("merges")).content.decode()


def test_merge_page_asks_which_of_two_memberships_stays(client: Client) -> None:
    unit = make_organisation().organisation
    kept = make_member(unit, name="测试甲")
    gone = make_person("测试甲", id_number="")
    make_membership(gone)
    make_employment(gone, unit)
    url = f"{reverse('member-merge', args=(kept.pk,))}?with={gone.pk}"
    page = client.get(url)
    plan = page.context["plan"]
    keys = [one.key for one in plan.conflicts]

    refused = client.post(url, {"based_on": plan.fingerprint, "reason": "核对证件"})
    assert not keys or "请先选定" in refused.content.decode()
    answers = {f"choice-{key}": "survivor" for key in keys}
    client.post(url, {"based_on": plan.fingerprint, "reason": "核对证件", **answers})

    assert Merge.objects.get().survivor_person == kept


def test_not_the_same_leaves_the_list_until_the_facts_change(client: Client) -> None:
    found = twins()
    pair = LikelyPair.objects.get()
    client.post(reverse("duplicates-distinguish", args=(pair.pk,)), {"reason": "两家"})

    assert Distinction.objects.get().reason == "两家"
    assert client.get(reverse("duplicates")).context["page"].paginator.count == 0
    OrganisationVersion.objects.filter(pk=found[0].pk).update(name="测试孪生0股份有限公司")
    find_duplicates(at=timezone.localdate(), progress=Progress())
    assert client.get(reverse("duplicates")).context["page"].paginator.count == 1


def test_choosing_page_offers_look_alikes_and_finds_by_name(client: Client) -> None:
    found = twins()
    url = reverse("organisation-merge", args=(found[0].organisation_id,))
    assert found[1].name in client.get(url).content.decode()
    other = make_organisation(name="测试另外有限公司")
    assert other.name in client.get(url, {"q": "另外"}).content.decode()


def test_officer_sees_only_pairs_of_the_own_street() -> None:
    found = twins(2)
    officer = Client()
    street = found[0].street
    assert street is not None
    officer.force_login(make_user(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(street.pk))))
    page = officer.get(reverse("duplicates")).content.decode()
    assert found[0].name in page
    assert found[2].name not in page
    assert officer.get(merge_url(found[2:])).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        lambda found: reverse("duplicates"),
        lambda found: reverse("merges"),
        lambda found: merge_url(found),
    ],
)
def test_a_stranger_may_not(url: Callable[[Found], str]) -> None:
    found = twins()
    stranger = Client()
    assert stranger.get(url(found)).status_code == 302
    stranger.force_login(
        make_user(Role.OWNER, Scope(ScopeKind.ORGANISATION, str(found[0].organisation_id)))
    )
    assert stranger.get(url(found)).status_code == 403


def test_edit_page_of_an_absorbed_one_leads_to_the_survivor(client: Client) -> None:
    found = twins()
    page = client.get(merge_url(found))
    client.post(
        merge_url(found), {"based_on": page.context["plan"].fingerprint, "reason": "核对执照"}
    )
    moved = client.get(reverse("organisation-edit", args=(found[1].organisation_id,)))
    assert moved["Location"] == reverse("organisation-edit", args=(found[0].organisation_id,))


def test_likeness_while_typing_says_why(client: Client) -> None:
    known = make_organisation(
        name="示例孪生有限公司",
        address="甲路1号",
        legal_representative="某甲",
        name_core="示例孪生",
    )
    page = client.get(reverse("organisation-likeness"), {"name": "示例（孪生）股份有限公司"})
    assert "名称只差标点、括号或公司类型字样" in page.content.decode()
    page = client.get(
        reverse("organisation-likeness"),
        {"name": "别的", "address": "甲路 1号", "legal_representative": "某甲"},
    )
    assert "地址和法定代表人相同" in page.content.decode()
    assert known.name in page.content.decode()


def test_member_page_of_an_absorbed_one_leads_to_the_survivor(client: Client) -> None:
    unit = make_organisation().organisation
    kept, gone = make_member(unit, name="测试甲"), make_member(unit, name="测试甲")
    merge(kept, gone, today=timezone.localdate())
    moved = client.get(reverse("member", args=(gone.pk,)))
    assert moved["Location"] == reverse("member", args=(kept.pk,))
    assert "并入过一条重复记录" in client.get(moved["Location"]).content.decode()
    past = client.get(reverse("member", args=(gone.pk,)), {"at": "2025-01-01"})
    assert past.status_code == 200
