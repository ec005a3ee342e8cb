"""Entries of older versions are chained by the migration, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from pytest_django import Settings

from liangxin.kernel import chain_guard
from liangxin.kernel.audit import record
from liangxin.kernel.chain_check import verified_chain
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import SYSTEM
from tests.factories.older_steps import older_steps

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [("kernel", "0002_auditentry_changes_ledger")]


@pytest.fixture
def older(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    _executor().migrate(BEFORE)
    yield
    call_command("migrate", verbosity=0)
    chain_guard.remove(connection)


def _executor() -> MigrationExecutor:
    executor = MigrationExecutor(connection)
    executor.loader = older_steps(connection)
    return executor


def test_old_entries_are_chained_and_guarded(older: None) -> None:
    executor = _executor()
    entries = executor.loader.project_state(BEFORE).apps.get_model("kernel", "AuditEntry").objects
    entries.bulk_create(
        entries.model(
            at=timezone.now(),
            by_name="周启",
            action="rule.set",
            summary=f"第{number}件",
            details={"n": number, "x": [1.5, None]},
        )
        for number in range(4500)
    )

    call_command("migrate", verbosity=0)

    found = verified_chain()
    assert (found.entries, found.faults) == (4500, [])
    record("rule.set", by=SYSTEM, summary="下一件")
    assert verified_chain().is_whole
    assert list(AuditEntry.objects.order_by("id").values_list("number", flat=True)[:3]) == [1, 2, 3]
