"""A plan in people's hands: moved by the chooser, by the map and by dragging, undone, computed anew, compared."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.test_accessibility import grave_findings

pytestmark = pytest.mark.journey
PLAN_MS = 120_000


def opened_draft(visitor: Visitor) -> Page:
    """The working view of the district's plan; whoever comes first makes the draft."""
    page = visitor.go(f"/plans/{visitor.site.summary['plan']['proposal']}/")
    begin = page.get_by_role("button", name="人工调整")
    (begin if begin.count() else page.get_by_role("link", name="看调整稿")).click()
    page.wait_for_url(re.compile(r"/plans/\d+/edit/"))
    expect(page.get_by_role("heading", name="调整各组")).to_be_visible()
    return page


def test_firm_is_moved_undone_and_the_plan_computed_anew(visit: Callable[..., Visitor]) -> None:
    visitor = visit("office")
    page = opened_draft(visitor)
    findings = grave_findings(visitor)
    # From a group of its own choice to the nearest that takes it.
    page.locator(".ce-card[data-group] .ce-unit a").first.click()
    expect(page.locator(".ce-choices > li[data-to]").first).to_be_visible()
    findings += grave_findings(visitor)
    page.get_by_role("button", name=re.compile("^移到第")).first.click()
    expect(page.get_by_text(re.compile(r"^第 \d+ 步：把"))).to_be_visible()
    expect(page.locator(".lx-tag", has_text="固定").first).to_be_visible()
    page.get_by_role("button", name="撤销最后一步").click()
    expect(page.get_by_text(re.compile(r"^第 \d+ 步：撤销第 \d+ 步"))).to_be_visible()

    page.get_by_role("link", name="调整各组").click()
    page.get_by_role("button", name="锁定这一组").first.click()
    expect(page.get_by_text("已锁定").first).to_be_visible()
    page.get_by_role("button", name="按我的固定重新测算").click()
    difference = page.get_by_role("heading", name="与调整稿的差别")
    expect(difference).to_be_visible(timeout=PLAN_MS)
    page.get_by_role("link", name="并排比较").click()
    expect(page.get_by_text("开一次会的路")).to_be_visible()
    findings += grave_findings(visitor)
    assert findings == []


def test_row_is_dragged_and_the_rule_told(visit: Callable[..., Visitor]) -> None:
    page = opened_draft(visit("office"))
    cards = page.locator(".ce-card[data-group]")
    row = cards.nth(1).locator("li[data-unit]").last
    row.drag_to(cards.nth(0).locator(".ce-card-head"))
    told = page.locator(".ce-refusal, .lx-messages")
    expect(told.first).to_be_visible()
    expect(told.first).to_contain_text(re.compile(r"这一步没有做|第 \d+ 步：把"))


def test_chooser_serves_a_phone(visit: Callable[..., Visitor]) -> None:
    visitor = visit("office", size=PHONE)
    page = opened_draft(visitor)
    page.get_by_role("link", name=re.compile("^移到…")).first.click()
    expect(page.locator(".ce-choices > li").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    assert grave_findings(visitor) == []
