"""After the adoption: a reply with a number, a founding with its secretary, and a unit that leaves."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.test_joint_branches import PLAN_MS, downloaded

pytestmark = pytest.mark.journey
REQUEST_NUMBER = "示范街工〔演示〕5号"


def test_an_approved_branch_is_founded_with_its_secretary(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    visitor = visit("officer")
    page = visitor.go("/establishments/?state=approved")
    page.locator("main tbody a").first.click()
    number = page.locator("#request_request_number")
    number.fill(REQUEST_NUMBER)
    page.get_by_role("button", name="登记请示文号").click()
    expect(page.get_by_text("已登记请示文号").first).to_be_visible()
    reply = downloaded(page, "批复（Word）", to=tmp_path / "reply.docx")
    assert REQUEST_NUMBER in reply
    assert "此复。" in reply

    page.get_by_role("button", name="登记成立").click()
    expect(page.get_by_text("请选定首任书记").first).to_be_visible()
    page.locator("#found_secretary").select_option(index=1)
    page.locator("#found_place_text").fill("一楼党群服务站")
    page.get_by_role("button", name="登记成立").click()
    expect(page.get_by_text("已登记成立").first).to_be_visible()
    notice = downloaded(page, "成立通知（Word）", to=tmp_path / "notice.docx")
    assert "同志任书记" in notice
    assert "一楼党群服务站" in notice

    page.get_by_role("link", name=page.locator("h1").inner_text().split()[0]).first.click()
    expect(page.get_by_text("一楼党群服务站")).to_be_visible()
    expect(page.get_by_text("没有要处理的")).to_be_visible()


def test_a_unit_leaves_the_rest_is_planned_and_the_leaving_is_undone(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit("officer")
    page = visitor.go("/joint-branches/")
    page.locator("main tbody a").first.click()
    branch = page.url
    page.get_by_role("link", name="退出支部").first.click()
    page.get_by_label("依据").fill("会议纪要〔演示〕3号")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_role("heading", name="这家单位接下来由谁涵盖")).to_be_visible()
    act = page.url

    page.get_by_role("button", name="就近重排").click()
    expect(page.get_by_role("heading", name="与现状的差别")).to_be_visible(timeout=PLAN_MS)

    page.goto(act)
    page.get_by_role("button", name="撤销这次变动").click()
    expect(page.get_by_text("已撤销，恢复到办理以前")).to_be_visible()
    page.goto(branch)
    assert fits(page)


def test_flags_are_read_on_a_phone(visit: Callable[..., Visitor]) -> None:
    visitor = visit("officer", size=PHONE)
    page = visitor.go("/joint-branches/?flag=any")
    assert fits(page)
    page.locator("main tbody a").first.click()
    expect(page.get_by_role("heading", name="要处理的")).to_be_visible()
    assert fits(page, width=PHONE["width"])


def fits(page: Page, *, width: int = 1440) -> bool:
    """Whether nothing stands out of the screen to the right."""
    return bool(page.evaluate("() => document.documentElement.scrollWidth") <= width)
