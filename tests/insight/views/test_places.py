"""一街一页, 一楼一页: figures that open their lists, within the viewer's scope, of any day."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liangxin.kernel.viewer import Role, Scope, ScopeKind
from liangxin.registry.models import Area
from tests.factories.accounts import client_of, make_user
from tests.factories.registry import (
    make_area,
    make_guide,
    make_member,
    make_organisation,
    make_party_organisation,
    make_post,
    make_posting,
    make_site,
)

pytestmark = pytest.mark.django_db


def office() -> Client:
    return client_of(make_user(Role.DISTRICT_OFFICE, Scope(ScopeKind.DISTRICT, "")))


def officer(street: Area) -> Client:
    return client_of(make_user(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(street.pk))))


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return str(response.content.decode())


def test_a_street_tells_both_rates_and_each_opens_its_list() -> None:
    street = make_area("东街道")
    covered, served, bare = (make_organisation(street=street) for _ in range(3))
    make_organisation(street=make_area("西街道"))
    make_party_organisation(street=street, covers=(covered.organisation,))
    make_posting(served.organisation)
    client = office()

    page = text(client, f"/streets/{street.pk}/")

    assert "33.3%" in page  # 1 of 3 by a Party organisation
    assert "1 ÷ 3 家" in page
    assert "50.0%" in page  # 1 of the 2 without one by work
    url = f"/coverage/organisations/?which=uncovered&amp;street={street.pk}"
    assert url in page
    listed = text(client, url.replace("&amp;", "&"))
    assert bare.name in listed
    assert covered.name not in listed


def test_what_comes_next_counts_what_its_list_holds() -> None:
    street = make_area()
    firm = make_organisation(street=street)
    for _ in range(3):
        make_member(firm.organisation)
    make_organisation(street=street)
    client = office()

    page = text(client, f"/streets/{street.pk}/")

    for reason, which in (("own_branch", ""), ("guide", "&amp;which=uncovered")):
        url = f"/coverage/organisations/?reason={reason}&amp;street={street.pk}{which}"
        assert url in page
        assert "共 <strong>1</strong> 条" in text(client, url.replace("&amp;", "&"))
    assert "3" in page


def test_committees_past_their_term_are_counted_and_listed() -> None:
    street = make_area()
    branch = make_party_organisation("到期党支部", street=street)
    make_post(branch.party_organisation, valid_from=date(2019, 1, 1))
    fresh = make_party_organisation("新支部", street=street)
    make_post(fresh.party_organisation, valid_from=timezone.localdate() - timedelta(days=9))
    client = officer(street)

    page = text(client, f"/streets/{street.pk}/")
    url = f"/party-organisations/?street={street.pk}&amp;term=over"
    assert url in page
    listed = text(client, url.replace("&amp;", "&"))
    assert "到期党支部" in listed
    assert "新支部" not in listed


def test_the_list_of_streets_holds_the_viewers_own() -> None:
    own, other = make_area("东街道"), make_area("西街道")
    make_organisation(street=own)
    make_organisation(street=other)

    assert "西街道" in text(office(), "/streets/")
    page = text(officer(own), "/streets/")
    assert "东街道" in page
    assert "西街道" not in page
    assert officer(own).get(f"/streets/{other.pk}/").status_code == 404
    assert office().get("/streets/?export=xlsx").status_code == 200


def test_a_site_tells_how_its_firms_are_covered_and_by_whom() -> None:
    street = make_area()
    site = make_site("大厦", street=street)
    firm = make_organisation(street=street, site=site, name="甲公司")
    other = make_organisation(street=street, site=site, name="乙公司")
    make_party_organisation("大厦党支部", street=street, covers=(firm.organisation,))
    make_posting(other.organisation, person=make_guide("某指导员"))
    make_member(firm.organisation)

    page = text(office(), f"/sites/{site.pk}/")

    for words in ("50.0%", "大厦党支部", "某指导员", "单独组建", "工作覆盖", "在这里工作的党员"):
        assert words in page
    only = text(office(), f"/sites/{site.pk}/?coverage=work")
    assert "乙公司" in only
    assert ">甲公司<" not in only


def test_members_at_work_are_counted_as_their_list_holds_them() -> None:
    street = make_area()
    site = make_site(street=street)
    firm = make_organisation(street=street, site=site)
    for _ in range(2):
        make_member(firm.organisation)
    make_member(make_organisation(street=make_area()).organisation)
    client = officer(street)

    for url, members in (
        (f"/streets/{street.pk}/", f"/members/?street={street.pk}"),
        (f"/sites/{site.pk}/", f"/members/?site={site.pk}"),
    ):
        assert f'href="{members}"' in text(client, url)
        assert "共 <strong>2</strong> 条" in text(client, members)


def test_an_owner_is_told_no_coverage_and_no_members_of_a_site() -> None:
    site = make_site(street=make_area())
    firm = make_organisation(street=site.street, site=site, name="自家公司")
    make_organisation(street=site.street, site=site, name="邻家公司")
    make_member(firm.organisation)
    key = str(firm.organisation_id)
    owner = client_of(make_user(Role.OWNER, Scope(ScopeKind.ORGANISATION, key)))

    page = text(owner, f"/sites/{site.pk}/")

    assert "自家公司" in page
    for words in ("邻家公司", "覆盖率", "在这里工作的党员", "下一步"):
        assert words not in page
    assert owner.get(f"/streets/{site.street_id}/").status_code == 403


@pytest.mark.parametrize("page", ["streets", "street", "site"])
def test_pages_need_no_more_queries_for_more_firms(page: str) -> None:
    street = make_area()
    site = make_site(street=street)
    url = {"streets": "/streets/", "street": f"/streets/{street.pk}/", "site": f"/sites/{site.pk}/"}
    client = office()

    def fill() -> None:
        firm = make_organisation(street=street, site=site).organisation
        make_party_organisation(street=street, covers=(firm,))
        make_posting(make_organisation(street=street, site=site).organisation)
        make_member(firm)

    def queries() -> int:
        text(client, url[page])  # warm
        with CaptureQueriesContext(connection) as found:
            text(client, f"{url[page]}?at={timezone.localdate().isoformat()}")
        return len(found)

    fill()
    one = queries()
    fill()
    fill()
    assert queries() <= one
