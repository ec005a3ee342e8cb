"""Each role logs in and lands on a page of use to it, on a desk and on a phone."""

from collections.abc import Callable

import pytest

from liangxin.accounts.terms import DEMO_LOGINS
from tests.journeys.conftest import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.journey
USERNAMES = [login.username for login in DEMO_LOGINS]
# A sentence or heading that only the page of this role has.
LANDMARKS = {
    "office": "组织覆盖率",
    "officer": "组织覆盖率",
    "secretary": "涵盖单位",
    "instructor": "联系企业",
    "owner": "单位情况",
    "member": "本人记录",
    "subscriber": "资料库",
    "admin": "用户",
}


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("username", USERNAMES)
def test_role_lands_on_its_own_page(
    visit: Callable[..., Visitor], username: str, size: dict[str, int]
) -> None:
    page = visit(username, size=size).page

    assert LANDMARKS[username] in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_demo_card_logs_in_with_one_click(visit: Callable[..., Visitor]) -> None:
    visitor = visit(None)
    visitor.page.get_by_role("button", name="党组织书记").click()
    visitor.page.wait_for_url(f"{visitor.site.url}/")

    assert "党组织书记" in visitor.page.inner_text("body")


@pytest.mark.parametrize("username", ["owner", "instructor", "subscriber", "member"])
def test_members_are_closed_to_roles_outside_the_party_chain(
    visit: Callable[..., Visitor], username: str
) -> None:
    visitor = visit(username)
    answer = visitor.page.request.get(f"{visitor.site.url}/members/")

    assert answer.status == 403
