"""Development targets as the district office asks for them: a quota, a computation, a list with reasons."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Visitor
from tests.journeys.test_accessibility import grave_findings

pytestmark = pytest.mark.journey
PATIENCE_MS = 120_000


def test_quota_becomes_targets_with_reasons(visit: Callable[..., Visitor]) -> None:
    office = visit("office")
    page = office.go("/targets/quotas/")
    for box in page.locator("input[name^=street_]").all():
        box.fill("2")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("个街道的名额有改动").wait_for()
    office.go("/targets/new/")
    page.get_by_role("button", name="开始测算").click()
    page.get_by_text("年名额之内").wait_for(timeout=PATIENCE_MS)
    assert page.get_by_text("发展 1 名党员，可").count()
    assert grave_findings(office) == []


def test_street_officer_sees_no_targets_of_others(visit: Callable[..., Visitor]) -> None:
    page = visit("officer").go("/targets/")
    assert page.get_by_text("还没有测算过").count()
