"""From the board's gap to a founded joint branch: proposed, adopted, requested, consented, approved."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Visitor

pytestmark = pytest.mark.journey
PLAN_MS = 120_000


def test_summary_ends_with_the_plan(visit: Callable[..., Visitor]) -> None:
    site = visit(None).site
    plan = site.summary["plan"]
    figures = plan["figures"]
    assert list(site.summary)[-3:] == ["plan", "leaving", "seconds"]
    assert figures["covered_before"] == site.summary["coverage"]["total"]["counts"]["organisation"]
    assert figures["covered_after"] == figures["covered_before"] + figures["joined_units"]
    assert figures["candidates"] == figures["joined_units"] + figures["left_out"]
    assert plan["bound_mm"] <= plan["objective_mm"]


def test_gap_becomes_a_request(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    visitor = visit("officer")
    page = visitor.go("/board/")
    page.get_by_role("link", name="拟订联建方案").first.click()
    page.get_by_role("button", name="开始测算").click()
    expect(page.get_by_role("button", name="采纳所选")).to_be_visible(timeout=PLAN_MS)

    choices = page.locator("input[type=checkbox][name=group]")
    choices.nth(0).check()
    choices.nth(1).check()
    page.get_by_role("button", name="采纳所选").click()
    page.get_by_role("button", name="采纳勾选的组").click()
    expect(page.get_by_role("heading", name="采纳了 2 组")).to_be_visible()

    page.locator(".es-answers a").first.click()
    name = page.locator("h1").inner_text().splitlines()[0].removesuffix("演示数据").strip()
    words = downloaded(page, "请示（Word）", to=tmp_path / "request.docx")
    assert name in words
    assert "妥否，请批示" in words
    before = organisation_rate(visitor)

    open_page = visitor.go("/establishments/")
    assert name in open_page.inner_text("main")
    assert organisation_rate(visitor) == before


def downloaded(page: Page, link: str, *, to: Path) -> str:
    """Download the Word file behind a link and return all that it says."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).click()
    waiting.value.save_as(to)
    document = Document(str(to))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def organisation_rate(visitor: Visitor) -> str:
    """Both rates as the coverage page shows them to this viewer."""
    return visitor.go("/coverage/").locator("tfoot, .is-total").first.inner_text()


def test_whole_district_plan_stands_on_the_map(visit: Callable[..., Visitor]) -> None:
    visitor = visit("office")
    plan = visitor.site.summary["plan"]
    page = visitor.go(f"/plans/{plan['proposal']}/")
    expect(page.locator("#map canvas").first).to_be_visible(timeout=PLAN_MS)
    text = page.inner_text("main")
    assert f"{plan['figures']['groups']:,}" in text
    assert f"{plan['figures']['left_out']:,}" in text


def test_street_officer_reads_the_plan_on_a_phone(visit: Callable[..., Visitor]) -> None:
    visitor = visit("officer", size=PHONE)
    page = visitor.go(f"/plans/{visitor.site.summary['plan']['proposal']}/")
    expect(page.get_by_role("button", name="在地图上看")).to_be_visible()
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    assert page.locator("main").get_by_text("正式党员").count() > 0


@pytest.mark.parametrize("username", ["secretary", "owner", "member", "subscriber", "instructor"])
def test_plans_are_closed_to_others(visit: Callable[..., Visitor], username: str) -> None:
    visitor = visit(username)
    answer = visitor.page.request.get(f"{visitor.site.url}/plans/")
    assert answer.status == 403


def test_command_line_plans_plain_files(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    site = visit(None).site
    units = tmp_path / "units.csv"
    rows = [f"u{number},1,{number % 5 * 40},{number // 5 * 300},,S1,I1" for number in range(25)]
    header = "unit_id,members,x_m,y_m,site_id,street_id,industry"
    units.write_text("\n".join([header, *rows]), encoding="utf-8")
    answers = [tmp_path / "one.json", tmp_path / "two.json"]
    for answer in answers:
        done = site.run("plan", "branches", str(units), "--out", str(answer), "--seed", "7")
        assert done.returncode == 0, done.stderr
    one, two = (json.loads(answer.read_text(encoding="utf-8")) for answer in answers)
    assert one["groups"] == two["groups"]
    assert {unit for group in one["groups"] for unit in group["units"]} == {
        row.split(",")[0] for row in rows
    }
    units.write_text(f"{header}\nu1,一,0,0,,S1,I1\n", encoding="utf-8")
    done = site.run("plan", "branches", str(units), "--out", str(tmp_path / "none.json"))
    assert done.returncode == 2
    assert re.search(r"第\s*2\s*行", done.stderr)
    assert not (tmp_path / "none.json").exists()
