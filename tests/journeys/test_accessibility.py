"""axe-core finds nothing serious on any page type: keyboards, screen readers and weak eyes are at work here too."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from liangxin.config.navigation import MENU
from liangxin.kernel.permissions import roles_with
from liangxin.kernel.viewer import Role
from tests.journeys.conftest import PHONE, Visitor

pytestmark = pytest.mark.journey
GRAVE = ("serious", "critical")
USERNAMES = {Role.DISTRICT_OFFICE: "office", Role.ADMINISTRATOR: "admin"}
# Page types that no menu entry opens: the list whose first link leads to one, and what its address holds.
REACHED = {
    "单位": ("/organisations/", r"/organisations/\d+/"),
    "党组织": ("/party-organisations/", r"/party-organisations/\d+/"),
    "楼宇": ("/sites/", r"/sites/\d+/"),
    "街道": ("/streets/", r"/streets/\d+/"),
    "党员": ("/members/", r"/members/\d+/"),
    "指导员": ("/guides/", r"/guides/\d+/"),
    "规则": ("/rules/", r"/rules/[a-z][\w.]+/"),
    "批次": ("/imports/", r"/imports/\d+/"),
    "方案": ("/plans/", r"/plans/\d+/"),
    "联合党支部": ("/joint-branches/", r"/joint-branches/\d+/"),
    "组建事项": ("/establishments/", r"/establishments/\d+/"),
}
OTHERS = (
    "/organisations/new/",
    "/plans/new/",
    "/plans/1/left-out/",
    "/plans/1/attachments/loads/",
    "/targets/new/",
    "/targets/quotas/",
    "/search/?q=科技",
    "/changes/?from=2026-01-01&show=new",
    "/reorganisations/",
    "/growth/",
    "/mass-presence/",
    "/security/",
    "/security/tokens/",
    "/security/totp/",
    "/password/",
)


def grave_findings(visitor: Visitor) -> list[str]:
    """What axe calls serious or worse on the open page, with the place."""
    found = Axe().run(visitor.page).response["violations"]
    return [
        f"{visitor.page.url} {one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
    ]


def test_every_page_of_the_menu_is_open_to_everybody(visit: Callable[..., Visitor]) -> None:
    faults = []
    for role, username in USERNAMES.items():
        visitor = visit(username)
        for item in MENU:
            if role in roles_with(item.permission):
                visitor.go(reverse(item.route))
                faults += grave_findings(visitor)

    assert faults == []


def test_every_other_page_type_is_open_to_everybody(visit: Callable[..., Visitor]) -> None:
    visitor, faults = visit("office"), []
    for address, pattern in REACHED.values():
        links = visitor.go(address).eval_on_selector_all("main a", "all => all.map(a => a.href)")
        first = next(link for link in links if re.search(pattern + r"(\?|$)", link))
        visitor.go(first.removeprefix(visitor.site.url))
        faults += grave_findings(visitor)
    for address in OTHERS:
        visitor.go(address)
        faults += grave_findings(visitor)

    assert faults == []


def test_every_form_of_leaving_is_open_to_everybody(visit: Callable[..., Visitor]) -> None:
    visitor, faults = visit("office"), []
    firm = visitor.go("/organisations/").locator("main tbody a").first.get_attribute("href") or ""
    for act in ("leave", "move", "absorb", "split"):
        visitor.go(f"{firm.partition('?')[0]}{act}/")
        faults += grave_findings(visitor)
    street = visitor.go("/streets/").locator("main tbody a").first.get_attribute("href") or ""
    visitor.go(f"{street.partition('?')[0]}reorganise/")
    faults += grave_findings(visitor)

    assert faults == []


@pytest.mark.parametrize(
    "username", ["officer", "secretary", "instructor", "owner", "member", "subscriber"]
)
def test_every_role_starts_on_a_page_open_to_everybody(
    visit: Callable[..., Visitor], username: str
) -> None:
    visitor = visit(username, size=PHONE)

    assert grave_findings(visitor) == []


def test_the_way_in_is_open_to_everybody(visit: Callable[..., Visitor]) -> None:
    assert grave_findings(visit(None)) == []


def test_axe_finds_what_is_wrong(visit: Callable[..., Visitor]) -> None:
    visitor = visit(None)
    visitor.page.evaluate(
        "() => { document.querySelector('main').innerHTML += '<button></button>'; }"
    )

    assert any("button-name" in fault for fault in grave_findings(visitor))
