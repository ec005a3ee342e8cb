"""Coverage against travel, from a plan of the demo to the form of the next one."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Visitor
from tests.journeys.test_accessibility import grave_findings

pytestmark = pytest.mark.journey
PATIENCE_MS = 120_000


def test_limits_become_a_curve_and_the_next_plan(visit: Callable[..., Visitor]) -> None:
    office = visit("office")
    page = office.go("/plans/")
    plans = page.locator("table tbody a[href^='/plans/']")
    plans.filter(has_not_text="就近重排").first.click()  # other journeys leave re-plans behind
    page.get_by_role("link", name="放宽距离划算吗").click()
    page.get_by_label("同街道距离（米）").fill("500、1500")
    assert grave_findings(office) == []
    page.get_by_role("button", name="开始测算").click()
    page.locator("svg circle").first.wait_for(timeout=PATIENCE_MS)
    assert page.locator("svg circle").count() == 2
    assert grave_findings(office) == []
    page.get_by_role("link", name="按此拟订").last.click()
    assert page.locator("input[name=street_radius_m]").input_value() == "1500"
