"""A piece of each role's day, in a browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Visitor

pytestmark = pytest.mark.journey
NUMBER = re.compile(r"[\d,]+")


def whole(text: str) -> int:
    found = NUMBER.search(text)
    assert found is not None, text
    return int(found.group().replace(",", ""))


def test_office_reads_what_changed_and_opens_the_list_behind_a_number(
    visit: Callable[..., Visitor],
) -> None:
    page = visit("office").go("/changes/?from=2026-01-01")
    row = page.locator(".lx-tasks li").filter(has=page.locator("a")).first
    count = whole(row.locator(".lx-task-count").inner_text())
    row.locator("a").click()

    expect(page.locator(".lx-total")).to_contain_text(f"共 {count:,} 条")
    page.get_by_role("link", name="变化对比").first.click()
    expect(page.get_by_text("正好是")).to_be_visible()


def test_office_has_the_audit_trail_checked(visit: Callable[..., Visitor]) -> None:
    page = visit("office").go("/audit/")
    page.get_by_role("button", name="现在核对").click()

    expect(page.get_by_text("已完成").first).to_be_visible(timeout=60_000)


def test_officer_finds_a_firm_from_the_keyboard_and_corrects_it(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit("officer")
    page = visitor.go("/organisations/")
    name = page.locator("main tbody a").first.inner_text()
    visitor.go("/")
    page.keyboard.press("/")
    page.keyboard.type(name)
    suggestion = page.locator("header").get_by_role("option", name=name).first
    expect(suggestion).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/organisations/\d+/"))
    page.get_by_role("button", name="没有变化").click()
    expect(page.get_by_text("资料没有变化").first).to_be_visible()

    page.get_by_role("link", name="修改资料").click()
    staff = page.locator("input[name=employees]")
    told = int(staff.input_value() or 0) + 1
    staff.fill(str(told))
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("原有资料留在历史中")).to_be_visible()
    expect(page.locator("main")).to_contain_text(f"{told:,}")


def test_officer_meets_nothing_of_other_streets(visit: Callable[..., Visitor]) -> None:
    page = visit("officer").go("/organisations/")
    streets = page.locator("select[name=street] option").all_inner_texts()

    assert len([street for street in streets if street not in ("全部", "未填")]) == 1


def test_secretary_opens_the_own_branch_and_a_number_with_a_reason(
    visit: Callable[..., Visitor],
) -> None:
    page = visit("secretary").page
    page.locator("main h2 a").first.click()
    page.wait_for_url(re.compile(r"/party-organisations/\d+/"))
    page.goto(page.url.split("/party-organisations/")[0] + "/members/")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile(r"/members/\d+/"))
    before = page.inner_text("main")
    page.get_by_role("button", name="查看全号").click()
    page.fill("input[name=reason]", "核对转接材料")
    page.get_by_role("button", name="查看", exact=True).click()

    expect(page.locator("main")).to_contain_text(re.compile(r"\d{17}[\dX]"))
    assert re.search(r"\d{17}[\dX]", before) is None


def test_instructor_reads_a_firm_on_a_phone_without_members(
    visit: Callable[..., Visitor],
) -> None:
    page = visit("instructor", size=PHONE).page
    page.locator("main a[href*='/organisations/']").first.click()
    page.wait_for_url(re.compile(r"/organisations/\d+/"))

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert "党员" not in page.locator("main h2").all_inner_texts()


def test_owner_sees_the_own_firm_and_nobodys_membership(visit: Callable[..., Visitor]) -> None:
    visitor = visit("owner")
    visitor.page.locator("main a[href*='/organisations/']").first.click()
    visitor.page.wait_for_url(re.compile(r"/organisations/\d+/"))

    assert "党员" not in visitor.page.inner_text("main .lx-facts >> nth=0")
    assert visitor.page.request.get(f"{visitor.site.url}/members/").status == 403


def test_member_reads_what_is_held_and_who_looked(visit: Callable[..., Visitor]) -> None:
    page = visit("member", size=PHONE).go("/me/data/")

    expect(page.locator("main")).to_contain_text("工作单位")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_administrator_makes_an_account_and_hands_work_over(visit: Callable[..., Visitor]) -> None:
    visitor = visit("admin")
    page = visitor.go("/users/new/")
    page.fill("input[name=username]", "jieren")
    page.fill("input[name=name]", "接任同志")
    page.get_by_role("button", name="建立账号").click()
    expect(page.locator("code.lx-secret")).to_be_visible()

    visitor.go("/users/")
    page.get_by_role("link", name=re.compile("演示.*党务干事")).first.click()
    page.get_by_role("link", name="移交").click()
    expect(page.locator("main")).to_contain_text("街道")
    assert "jieren" in page.inner_text("main form") or page.locator("main form select").count() > 0


def test_officer_settles_where_a_member_of_a_closed_firm_went(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit("officer")
    page = visitor.page
    page.get_by_role("link", name="件离开与变动要落实").click()
    page.wait_for_url(re.compile(r"/leavers/"))
    visitor.go("/leavers/?kind=members")
    count = whole(page.locator(".lx-total").inner_text())
    page.get_by_role("link", name="登记去向").first.click()
    page.locator("input[name=organisation]").fill("")
    page.get_by_role("button", name="保存").click()

    page.wait_for_url(re.compile(r"/leavers/\?kind=members"))
    if count == 1:
        expect(page.get_by_text("都落实了")).to_be_visible()
    else:
        expect(page.locator(".lx-total")).to_contain_text(f"共 {count - 1} 条")


def test_a_firm_goes_from_street_to_street_and_the_act_is_undone(
    visit: Callable[..., Visitor],
) -> None:
    officer = visit("officer")
    page = officer.go("/organisations/?status=operating")
    name = page.locator("main tbody a").first.inner_text()
    page.locator("main tbody a").first.click()
    page.get_by_role("link", name="离开或变动").click()
    page.get_by_role("link", name="迁到本区另一街道").click()
    page.locator("select[name=into]").select_option(index=2)
    page.locator("input[name=address]").fill("演示路88号")
    page.locator("input[name=basis]").fill("营业执照变更登记")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("等对方街道接收")).to_be_visible()

    office = visit("office")
    page = office.go("/leavers/?kind=requests")
    page.get_by_role("row", name=name).get_by_role("link", name="接收或退回").click()
    page.get_by_role("button", name="接收", exact=True).click()
    expect(page.get_by_text("已迁入")).to_be_visible()
    page.get_by_role("button", name="撤销这次变动").click()
    expect(page.get_by_text("已撤销，恢复到办理以前")).to_be_visible()
