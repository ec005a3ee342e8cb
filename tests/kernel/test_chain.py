"""Many write at the same time, and the chain has one order."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from liangxin.kernel import chain_guard
from liangxin.kernel.audit import record
from liangxin.kernel.chain_check import verified_chain
from liangxin.kernel.chain_links import entry_hash, plain_json
from liangxin.kernel.models import AuditEntry, AuditHead
from liangxin.kernel.viewer import SYSTEM


@pytest.fixture(autouse=True)
def guarded(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    # Tests empty their tables with the triggers off, which a look would rightly tell.
    monkeypatch.setattr(chain_guard, "is_installed", lambda database: True)
    settings.DATA_DIR = tmp_path


def _record_ten(writer: int) -> None:
    try:
        for number in range(10):
            with transaction.atomic():
                record("rule.set", by=SYSTEM, summary=f"{writer}-{number}")
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the test database is in memory, which threads do not share")
    AuditHead.objects.all().delete()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(_record_ten, range(4)))

    found = verified_chain()

    assert (found.entries, found.last_number, found.faults) == (40, 40, [])


@transaction.atomic
def _record_and_fail() -> None:
    record("rule.set", by=SYSTEM, summary="乙")
    raise ZeroDivisionError


@pytest.mark.django_db
def test_entry_of_an_action_that_fails_leaves_no_gap() -> None:
    record("rule.set", by=SYSTEM, summary="甲")
    with pytest.raises(ZeroDivisionError):
        _record_and_fail()
    record("rule.set", by=SYSTEM, summary="丙")

    assert verified_chain().is_whole
    assert list(AuditEntry.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


@pytest.mark.django_db
@pytest.mark.parametrize("value", [1.0, 1e22, 0.1, 1e-7, {"a": {"b": [True, None, "é\U0001f600"]}}])
def test_details_hash_alike_before_and_after_the_database(value: object) -> None:
    entry = record("rule.set", by=SYSTEM, summary="甲", details={"value": value})

    said = AuditEntry.objects.filter(pk=entry.pk).values().get()

    assert entry_hash(said, previous=said["previous_hash"]) == entry.hash


def test_plain_json_writes_whole_numbers_alike() -> None:
    assert plain_json({"a": (1.0, 2.5)}) == {"a": [1, 2.5]}
