"""Each role lands on a page of use to it, and none tells more than the role may know."""

import re
from datetime import date

import pytest
from django.test import Client

from liangxin.insight.queries.home import led_organisations
from liangxin.kernel.viewer import Role, Scope, ScopeKind
from liangxin.registry.models import Organisation, Person
from liangxin.registry.terms import MassKind, PartyKind
from tests.factories.accounts import client_of, make_grant, make_user, viewer_for
from tests.factories.establishments import (
    make_approved,
    make_cross_street,
    make_establishment,
)
from tests.factories.registry import (
    make_area,
    make_guide,
    make_mass_presence,
    make_member,
    make_organisation,
    make_party_organisation,
    make_post,
    make_posting,
)
from tests.factories.viewers import officer_of

pytestmark = pytest.mark.django_db


def landing(role: Role, kind: ScopeKind, key: object = "") -> str:
    client = client_of(make_user(role, Scope(kind, str(key))))
    response = client.get("/")
    assert response.status_code == 200
    return str(response.content.decode())


def test_office_sees_both_rates_with_their_denominators() -> None:
    covered, other = make_organisation(name="甲公司"), make_organisation(name="乙公司")
    make_party_organisation(covers=(covered.organisation,))
    make_posting(other.organisation)

    page = landing(Role.DISTRICT_OFFICE, ScopeKind.DISTRICT)

    assert "组织覆盖率" in page
    assert "50.0%" in page
    assert "1 ÷ 2 家" in page
    assert "/coverage/organisations/?which=uncovered" in page


def test_office_with_an_empty_ledger_is_told_how_to_begin() -> None:
    page = landing(Role.DISTRICT_OFFICE, ScopeKind.DISTRICT)

    assert "台账里还没有单位" in page
    assert 'href="/imports/"' in page


def test_officer_sees_the_own_street_only() -> None:
    street, other = make_area("云台街道"), make_area("镜湖街道")
    make_organisation(street=street)
    make_organisation(street=other)

    page = landing(Role.COMMITTEE_OFFICER, ScopeKind.STREET, street.pk)

    assert "0 ÷ 1 家" in page
    assert "镜湖街道" not in page


def test_secretary_sees_members_units_posts_and_the_end_of_the_term() -> None:
    unit = make_organisation(name="甲公司")
    branch = make_party_organisation(
        "云台联合党支部", kind=PartyKind.JOINT_BRANCH, covers=(unit.organisation,)
    )
    make_member(unit.organisation, name="林一帆", held_in=branch.party_organisation)
    make_post(branch.party_organisation, person_name="周启", valid_from=date(2024, 2, 29))

    page = landing(Role.SECRETARY, ScopeKind.PARTY_ORGANISATION, branch.party_organisation_id)

    for words in ("云台联合党支部", "林一帆", "甲公司", "书记 周启", "2027-02-28"):
        assert words in page


def test_secretary_sees_nothing_of_another_branch() -> None:
    own, other = make_party_organisation("甲支部"), make_party_organisation("乙支部")
    unit = make_organisation()
    make_member(unit.organisation, name="别处党员", held_in=other.party_organisation)

    page = landing(Role.SECRETARY, ScopeKind.PARTY_ORGANISATION, own.party_organisation_id)

    assert ("甲支部" in page, "乙支部" in page, "别处党员" in page) == (True, False, False)


def test_instructor_sees_the_firms_served_and_their_contacts() -> None:
    guide = make_guide("赵清和")
    served = make_organisation(name="甲公司", phone="19900001234", legal_representative="周启")
    make_organisation(name="乙公司")
    make_posting(served.organisation, person=guide)
    make_member(served.organisation, name="不该出现")

    page = landing(Role.INSTRUCTOR, ScopeKind.ASSIGNED_FIRMS, guide.pk)

    assert ("甲公司" in page, "199****1234" in page, "周启" in page) == (True, True, True)
    assert "19900001234" not in page
    assert ("乙公司" in page, "不该出现" in page) == (False, False)


def owned_firm() -> Organisation:
    version = make_organisation(name="甲公司")
    branch = make_party_organisation("云台党支部", covers=(version.organisation,))
    make_posting(version.organisation, person=make_guide("赵清和"))
    make_mass_presence(version.organisation, kind=MassKind.UNION)
    for number in range(4):
        make_member(version.organisation, name=f"党员某{number}", held_in=branch.party_organisation)
    return version.organisation


def test_owner_sees_facts_contacts_and_no_member() -> None:
    page = landing(Role.OWNER, ScopeKind.ORGANISATION, owned_firm().pk)

    for words in ("甲公司", "云台党支部", "赵清和", "工会", "资料有出入"):
        assert words in page
    assert "党员某" not in page
    assert "4 名" not in page


def test_member_sees_the_own_record_masked() -> None:
    unit = make_organisation(name="甲公司")
    me = make_member(unit.organisation, name="林一帆", elsewhere="外省某市人才中心党委")
    make_member(unit.organisation, name="同事甲")

    page = landing(Role.MEMBER, ScopeKind.OWN_RECORD, me.pk)

    for words in ("林一帆", "正式党员", "外省某市人才中心党委", "甲公司", "测试来源"):
        assert words in page
    assert Person.objects.get(pk=me.pk).id_number not in page
    assert "同事甲" not in page


def test_subscriber_is_told_honestly_that_nothing_is_there_yet() -> None:
    page = landing(Role.SUBSCRIBER, ScopeKind.LIBRARY_ONLY)

    assert "目前资料库里还没有可以阅读或下载的资料" in page
    assert "单位台账" not in page


def test_administrator_sees_accounts_and_no_facts() -> None:
    make_organisation(name="甲公司")
    make_user(name="没有角色的人")

    page = landing(Role.ADMINISTRATOR, ScopeKind.DISTRICT)

    assert "/users/?role=none" in page
    assert "甲公司" not in page


def test_who_holds_two_roles_chooses_between_their_pages() -> None:
    user = make_user(Role.SUBSCRIBER)
    make_grant(user, Role.ADMINISTRATOR)
    client = client_of(user)

    first, second = client.get("/"), client.get("/?role=administrator")

    assert "?role=administrator" in first.content.decode()
    assert "最近的账号操作" in second.content.decode()


def test_role_that_is_not_held_opens_nothing() -> None:
    client: Client = client_of(make_user(Role.SUBSCRIBER))

    assert "资料库还在准备" in client.get("/?role=administrator").content.decode()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECRETARY}))
def test_nobody_but_a_secretary_leads_an_organisation(role: Role) -> None:
    make_party_organisation()

    assert led_organisations(viewer_for(role), at=date(2026, 3, 5)) == []


def test_every_number_of_the_desk_is_the_length_of_its_list() -> None:
    firms = [make_organisation(street=make_area()) for _ in range(6)]
    make_party_organisation(covers=(firms[0].organisation,))
    make_posting(firms[1].organisation)
    for _ in range(3):
        make_member(firms[2].organisation, elsewhere="外省某市人才中心党委")
    make_member(firms[3].organisation)
    client = client_of(make_user(Role.DISTRICT_OFFICE))

    page = client.get("/").content.decode()

    numbers = re.findall(
        r'lx-task-count">([\d,]+)</span><div class="lx-task-words"><a href="([^"]+)"', page
    )
    rows = re.findall(r'href="([^"]+)">[^<]+</a></td><td[^>]*><strong>([\d,]+)</strong>', page)
    told = [(number, url) for number, url in [*numbers, *((n, u) for u, n in rows)]]
    assert len(told) > 6
    for number, url in told:
        listed = client.get(url.replace("&amp;", "&")).content.decode()
        assert f"共 <strong>{number}</strong> 条" in listed, url


def test_desk_counts_what_waits_for_the_viewer_in_establishments() -> None:
    streets = (make_area("甲街道"), make_area("乙街道"))
    make_cross_street(by=officer_of(streets[0]), streets=streets)
    make_establishment(street=streets[0])
    make_approved(make_establishment(street=streets[0]))

    office_page = landing(Role.DISTRICT_OFFICE, ScopeKind.DISTRICT)
    officer_page = landing(Role.COMMITTEE_OFFICER, ScopeKind.STREET, streets[1].pk)

    assert tasks(office_page) == {
        "件会签等我答复": "1",
        "件组建事项等批复": "1",
        "件已批复，等支部成立": "1",
    }
    assert tasks(officer_page) == {"件会签等我答复": "1"}


def tasks(page: str) -> dict[str, str]:
    """Words and number of each thing to do about establishments."""
    row = r'lx-task-count">([\d,]+)</span><div class="lx-task-words"><a href="/establishments/[^"]*">(.*?)</a>'
    return {words: number for number, words in re.findall(row, page)}
