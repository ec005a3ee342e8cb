import ast
from datetime import date

import pytest

from liangxin.accounts.queries import audit_entries, within_days
from liangxin.accounts.terms import ACTION_TITLES
from liangxin.kernel.audit import record
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import SYSTEM, Role
from tests.architecture.source_tree import SOURCE, parsed, python_files
from tests.factories.accounts import viewer_for


def recorded_actions() -> set[str]:
    """The codes that the source hands to kernel.audit.record as plain text."""
    calls = (
        node
        for path in python_files()
        if path.is_relative_to(SOURCE)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and node.args
    )
    return {
        call.args[0].value
        for call in calls
        if getattr(call.func, "id", getattr(call.func, "attr", "")) == "record"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_every_recorded_action_has_a_chinese_title() -> None:
    assert sorted(recorded_actions() - set(ACTION_TITLES)) == []


@pytest.mark.django_db
def test_office_reads_all_and_the_administrator_only_accounts() -> None:
    record("organisation.create", by=SYSTEM, summary="新建甲公司")
    record("user.create", by=SYSTEM, summary="建立账号")

    def seen(role: Role) -> list[str]:
        return [entry.summary for entry in audit_entries(viewer_for(role))]

    assert seen(Role.DISTRICT_OFFICE) == ["建立账号", "新建甲公司"]
    assert seen(Role.ADMINISTRATOR) == ["建立账号"]
    assert seen(Role.COMMITTEE_OFFICER) == []


@pytest.mark.django_db
def test_within_days_counts_today_as_the_first() -> None:
    today = record("user.create", by=SYSTEM, summary="今天").at.date()
    found = AuditEntry.objects.filter(within_days(1, today=today))
    later = AuditEntry.objects.filter(within_days(1, today=date(2100, 1, 1)))

    assert (found.count(), later.count()) == (1, 0)
