"""Every page that shows facts can be asked for a past day and says so; the others say why they cannot."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liangxin.kernel.viewer import Role, Scope, ScopeKind
from tests.factories.accounts import client_of, make_user
from tests.factories.registry import (
    START,
    make_area,
    make_guide,
    make_member,
    make_organisation,
    make_party_organisation,
    make_posting,
    make_site,
)
from tests.scope.looking import EVERY_PAGE

pytestmark = pytest.mark.django_db
PAST = date(2025, 3, 1)
BANNER = "您正在看 2025年3月1日 的情况"

# Pages without a key in their address that show no state of a day, and why.
WITHOUT_DAY = {
    "accounts": "accounts as they are: rights are asked on the day they are used",
    "audit": "entries by the moment they were made",
    "backstage": "the work of today",
    "form": "a form tells the ledger something, it does not show a state",
    "two days": "asks for two days of its own",
    "fragment": "a part of a page, without its head",
    "own": "the viewer's own things",
}
DAYLESS = {
    "home": "backstage",
    "board-streets": "fragment",
    "board-points": "fragment",
    "board-place": "fragment",
    "search": "backstage",
    "search-suggest": "fragment",
    "changes": "two days",
    "leavers": "backstage",
    "own-data": "own",
    "reports": "backstage",
    "report-new": "form",
    "report-templates": "backstage",
    "report-template-new": "form",
    "report-placeholders": "backstage",
    "confirmations": "backstage",
    "organisations-bulk": "form",
    "duplicates": "backstage",
    "merges": "audit",
    "reorganisations": "audit",
    "proposals": "backstage",
    "proposal-new": "form",
    "proposal-compare": "backstage",
    "establishments": "backstage",
    "joint-branches": "backstage",
    "target-quotas": "form",
    "targets": "backstage",
    "establishments-request": "form",
    "establishments-units": "backstage",
    "consents": "backstage",
    "imports": "backstage",
    "users": "accounts",
    "audit": "audit",
    "security": "own",
    "totp": "own",
    "tokens": "own",
    "password": "own",
    "saved-views": "own",
    "api:openapi-view": "fragment",
    "api:openapi-json": "fragment",
}
FORMS = ("-new", "-create", "-choices", "-options", "likeness")


def office() -> Client:
    return client_of(make_user(Role.DISTRICT_OFFICE, Scope(ScopeKind.DISTRICT, "")))


def test_each_reason_is_used_and_known() -> None:
    assert set(DAYLESS.values()) <= set(WITHOUT_DAY)


def test_every_page_without_a_key_tells_the_day_or_why_it_has_none() -> None:
    make_organisation()
    client = office()
    silent = []
    for route in EVERY_PAGE:
        name = route.name
        if "<" in route.pattern or name in DAYLESS or name.endswith(FORMS):
            continue
        response = client.get(f"/{route.pattern}?at={PAST.isoformat()}")
        is_page = response.status_code == 200 and "html" in response["Content-Type"]
        if is_page and BANNER not in response.content.decode():
            silent.append(name)
    assert silent == []


def test_pages_of_one_object_tell_the_day() -> None:
    street = make_area()
    site = make_site(street=street)
    firm = make_organisation(street=street, site=site)
    branch = make_party_organisation(street=street, covers=(firm.organisation,))
    person = make_member(firm.organisation, held_in=branch.party_organisation)
    guide = make_guide()
    make_posting(firm.organisation, person=guide)
    client = office()
    for url in (
        f"/organisations/{firm.organisation_id}/",
        f"/party-organisations/{branch.party_organisation_id}/",
        f"/sites/{site.pk}/",
        f"/streets/{street.pk}/",
        f"/members/{person.pk}/",
        f"/guides/{guide.pk}/",
    ):
        page = client.get(f"{url}?at={PAST.isoformat()}").content.decode()
        assert BANNER in page, url
        assert BANNER not in client.get(url).content.decode(), url


def test_the_way_back_to_today_keeps_the_conditions() -> None:
    make_organisation(name="甲公司")
    page = office().get(f"/organisations/?q=甲&at={PAST.isoformat()}&page=1").content.decode()
    assert 'href="/organisations/?q=%E7%94%B2">回到今天' in page


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("2025-02-30", "看不懂日期“2025-02-30”，已按今天显示"),
        ("去年", "看不懂日期“去年”，已按今天显示"),
        (
            (timezone.localdate() + timedelta(days=3)).isoformat(),
            "还没有到，已按今天显示",
        ),
    ],
)
def test_a_day_that_cannot_be_is_said_and_today_is_shown(asked: str, words: str) -> None:
    make_organisation(name="甲公司")
    page = office().get("/organisations/", {"at": asked}).content.decode()
    assert page.count(words) == 1
    assert "您正在看" not in page
    assert "甲公司" in page


def test_rules_may_be_asked_for_a_day_to_come() -> None:
    later = timezone.localdate() + timedelta(days=400)
    page = office().get("/rules/", {"at": later.isoformat()}).content.decode()
    assert "还没有到" not in page


def test_a_list_of_a_past_day_holds_what_held_then() -> None:
    make_organisation(name="后来的公司", valid_from=PAST + timedelta(days=1))
    make_organisation(name="早先的公司", valid_from=START)
    page = office().get(f"/organisations/?at={PAST.isoformat()}").content.decode()
    assert "早先的公司" in page
    assert "后来的公司" not in page


def test_no_reason_outlives_its_page() -> None:
    known = {route.name for route in EVERY_PAGE}
    assert sorted(set(DAYLESS) - known) == []
