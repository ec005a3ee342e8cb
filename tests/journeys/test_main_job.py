"""The main job in a browser: a list is uploaded, mended, committed, counted, and undone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from liangxin.standards.uscc import uscc_check_character
from liangxin.workbook.writing import TableSheet, write_xlsx
from tests.journeys.conftest import PHONE, Visitor

pytestmark = pytest.mark.journey
HEADERS = ("企业名称", "统一社会信用代码", "所属街道", "登记状态", "从业人数")
WAIT_MS = 60_000


def uscc(number: int) -> str:
    first17 = f"91990199{number:09d}"
    return first17 + uscc_check_character(first17)


def wrong(code: str) -> str:
    """The same code with another check character."""
    return code[:-1] + ("1" if code[-1] == "0" else "0")


def write_list(path: Path, rows: list[tuple[str, ...]]) -> Path:
    write_xlsx(path, [TableSheet("企业", HEADERS, rows)])
    return path


def upload(page: Page, path: Path, *, source: str) -> None:
    page.set_input_files("input[type=file]", path)
    page.fill("input[name=source]", source)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("可以写入").first).to_be_visible(timeout=WAIT_MS)


def test_list_is_mended_committed_and_undone(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    visitor = visit("office")
    street = visitor.site.summary["coverage"]["rows"][0]["title"]
    path = write_list(
        tmp_path / "新登记.xlsx",
        [
            ("旅程甲（示例区）有限公司", uscc(1), street, "存续", "12人"),
            ("旅程乙（示例区）有限公司", wrong(uscc(2)), street, "存续", "８"),
        ],
    )
    page = visitor.go("/imports/")
    upload(page, path, source="旅程来源")
    batch_url = page.url

    page.get_by_role("link", name="看没有采用的行和原因").click()
    page.get_by_role("link", name="旅程乙（示例区）有限公司").click()
    page.locator(".is-wrong input").first.fill(uscc(2))
    page.get_by_role("button", name="保存并重新检查").click()
    page.goto(batch_url)
    page.get_by_role("button", name=re.compile("写入台账")).click()
    expect(page.get_by_text("已写入").first).to_be_visible(timeout=WAIT_MS)

    visitor.go("/organisations/?q=旅程乙")
    page.get_by_role("link", name="旅程乙（示例区）有限公司").click()
    assert uscc(2) in page.inner_text("main")

    page.goto(batch_url)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="撤销这一批").click()
    expect(page.get_by_text("已撤销").first).to_be_visible(timeout=WAIT_MS)
    assert "旅程乙（示例区）有限公司" not in visitor.go("/organisations/?q=旅程乙").inner_text(
        "main"
    )


def test_unreadable_file_is_told_plainly(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    path.write_bytes(b"%PDF-1.7 not a workbook")
    page = visit("officer").go("/imports/")
    page.set_input_files("input[type=file]", path)
    page.fill("input[name=source]", "旅程来源")
    page.get_by_role("button", name="上传并检查").click()

    expect(page.get_by_text(re.compile("PDF")).first).to_be_visible(timeout=WAIT_MS)


def test_every_total_opens_a_list_of_that_length(visit: Callable[..., Visitor]) -> None:
    visitor = visit("office")
    page = visitor.go("/coverage/")
    links = page.locator("main tbody tr").first.locator("td a, th a")
    cells = [(link.inner_text(), link.get_attribute("href")) for link in links.all()]
    counts = [(text, href) for text, href in cells if re.fullmatch(r"[\d,]+", text)]

    assert len(counts) >= 5
    for text, href in counts:
        listed = visitor.go(str(href)).inner_text("main")
        found = re.search(r"共\s*([\d,]+)\s*条", listed)
        assert (found and found.group(1)) == text, href


def test_board_figure_leads_to_an_organisation(visit: Callable[..., Visitor]) -> None:
    visitor = visit("officer", size=PHONE)
    page = visitor.go("/board/")
    page.locator("main a[href*='/coverage/organisations/']").first.click()
    page.locator("main a[href^='/organisations/']").first.click()

    expect(page.get_by_role("heading", name="基本情况")).to_be_visible()


def test_organisation_is_created_and_revised_by_form(visit: Callable[..., Visitor]) -> None:
    visitor = visit("officer")
    page = visitor.go("/organisations/new/")
    page.fill("input[name=name]", "旅程丙（示例区）有限公司")
    page.fill("input[name=uscc]", uscc(3))
    page.locator("select[name=street] option").nth(1).wait_for(state="attached")
    page.select_option("select[name=street]", index=1)
    page.select_option("select[name=kind]", label="公司")
    page.select_option("select[name=status]", label="在营")
    page.locator("main form").get_by_role("button", name=re.compile("保存|建立|新建")).first.click()

    expect(page.get_by_role("heading", name=re.compile("旅程丙"))).to_be_visible()
