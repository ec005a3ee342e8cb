"""A look through the audit chain finds every entry that was changed, removed, moved or added."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import override_settings

from liangxin.kernel import chain_check, chain_guard
from liangxin.kernel.anchors import (
    BadAnchor,
    anchors_path,
    head_anchor,
    keep_anchor,
    noted_anchor,
    read_anchors,
)
from liangxin.kernel.audit import record
from liangxin.kernel.chain import StaleKeys
from liangxin.kernel.chain_check import verified_chain
from liangxin.kernel.chain_links import entry_hash, head_mac
from liangxin.kernel.models import AuditEntry, AuditHead
from liangxin.kernel.viewer import SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # Tests empty their tables with the triggers off, which a look would rightly tell.
    monkeypatch.setattr(chain_guard, "is_installed", lambda database: True)
    with override_settings(DATA_DIR=tmp_path):
        yield


def _recorded(count: int) -> list[AuditEntry]:
    return [
        record(
            "rule.set", by=SYSTEM, summary=f"第{number}件", details={"n": number, "x": [1.0, "é"]}
        )
        for number in range(1, count + 1)
    ]


def _words() -> list[tuple[int | None, str]]:
    return [(fault.number, fault.words) for fault in verified_chain().faults]


def test_untouched_chain_is_whole() -> None:
    _recorded(5)

    found = verified_chain()

    assert (found.is_whole, found.entries, found.last_number) == (True, 5, 5)


def test_empty_chain_is_whole() -> None:
    assert verified_chain().is_whole


@pytest.mark.parametrize(
    "change",
    [
        {"summary": "别的"},
        {"by_name": "别人"},
        {"by_id": 7},
        {"action": "rule.end"},
        {"object_kind": "x"},
        {"object_key": "9"},
        {"details": {"n": 4}},
        {"changes_ledger": False},
        {"at": NOW},
        {"hash": "0" * 64},
        {"previous_hash": "0" * 64},
    ],
)
def test_changed_entry_is_named(change: dict[str, object]) -> None:
    _recorded(5)
    AuditEntry.objects.filter(number=3).update(**change)

    assert _words() == [(3, chain_check.CHANGED)]


def test_removed_entries_are_counted_and_placed() -> None:
    _recorded(6)
    AuditEntry.objects.filter(number__in=(3, 4)).delete()

    assert _words() == [(5, chain_check.MISSING.format(first=3, last=4, count=2))]


def test_first_entry_removed_is_found() -> None:
    _recorded(3)
    AuditEntry.objects.filter(number=1).delete()

    assert _words() == [(2, chain_check.MISSING.format(first=1, last=1, count=1))]


def test_cut_off_end_is_found() -> None:
    _recorded(5)
    AuditEntry.objects.filter(number__gt=3).delete()

    assert _words() == [(None, chain_check.CUT_OFF.format(count=2, first=4, last=5))]


def test_cut_off_end_is_found_also_with_a_moved_head() -> None:
    _recorded(5)
    AuditEntry.objects.filter(number__gt=3).delete()
    AuditHead.objects.update(number=3, hash=AuditEntry.objects.get(number=3).hash)

    assert _words() == [(None, chain_check.HEAD_FORGED)]


def test_replayed_head_is_found_by_an_anchor() -> None:
    _recorded(3)
    old = AuditHead.objects.values().get()
    _recorded(2)
    kept = keep_anchor(now=NOW)
    assert kept is not None
    AuditEntry.objects.filter(number__gt=3).delete()
    AuditHead.objects.update(**old)

    assert _words() == [
        (None, chain_check.ANCHOR_AHEAD.format(at=kept.at, number=5, found=3)),
    ]


def test_swapped_entries_are_found() -> None:
    _recorded(5)
    AuditEntry.objects.filter(number=2).update(number=99)
    AuditEntry.objects.filter(number=4).update(number=2)
    AuditEntry.objects.filter(number=99).update(number=4)

    assert [number for number, _ in _words()] == [2, 3, 4]
    assert (4, chain_check.MOVED) in _words()


def test_inserted_entry_is_found() -> None:
    _recorded(3)
    AuditEntry.objects.filter(number=3).update(number=4)
    said = AuditEntry.objects.values(*chain_check.CHAINED).get(number=2) | {"number": 3}
    AuditEntry.objects.create(**said, previous_hash="", hash="f" * 64)

    assert (3, chain_check.CHANGED) in _words()


def test_entry_added_behind_the_head_is_found() -> None:
    _recorded(2)
    last = AuditEntry.objects.get(number=2)
    said = AuditEntry.objects.values(*chain_check.CHAINED).get(number=2) | {"number": 3}
    AuditEntry.objects.create(
        **said, previous_hash=last.hash, hash=entry_hash(said, previous=last.hash)
    )

    assert _words() == [(None, chain_check.BEYOND.format(count=1))]


def test_removed_head_is_found_also_after_the_next_entry() -> None:
    _recorded(2)
    AuditHead.objects.all().delete()
    assert _words() == [(None, chain_check.NO_HEAD)]

    _recorded(1)

    assert _words() == [(3, chain_check.UNLINKED)]


def test_trail_written_anew_is_found_by_an_anchor() -> None:
    """Somebody with the key, too, who hashes everything anew, contradicts what was noted down."""
    _recorded(3)
    kept = keep_anchor(now=NOW)
    assert kept is not None
    previous = ""
    for entry in AuditEntry.objects.order_by("number").values():
        said = entry | {"summary": "改写"}
        link = entry_hash(said, previous=previous)
        AuditEntry.objects.filter(pk=entry["id"]).update(
            summary="改写", previous_hash=previous, hash=link
        )
        previous = link
    AuditHead.objects.update(hash=previous, mac=head_mac(3, previous))

    assert _words() == [(3, chain_check.NOT_AS_ANCHORED.format(at=kept.at))]


def test_noted_anchor_is_checked() -> None:
    _recorded(2)
    end = head_anchor(now=NOW)
    assert end is not None

    assert verified_chain(noted=(noted_anchor(end.code),)).anchors == 1
    assert not verified_chain(noted=(noted_anchor(f"9-{end.hash}"),)).is_whole
    with pytest.raises(BadAnchor):
        noted_anchor("12")


def test_anchor_is_kept_once_for_one_end() -> None:
    _recorded(1)
    keep_anchor(now=NOW)
    keep_anchor(now=NOW)
    _recorded(1)
    keep_anchor(now=NOW)

    assert [anchor.number for anchor in read_anchors()[0]] == [1, 2]


def test_forged_line_of_anchors_is_found() -> None:
    _recorded(2)
    keep_anchor(now=NOW)
    text = anchors_path().read_text()
    anchors_path().write_text(text.replace(" 2 ", " 1 "))

    assert _words() == [(None, chain_check.ANCHOR_FORGED.format(line=1))]


def test_other_key_finds_every_entry_changed() -> None:
    _recorded(2)

    with override_settings(FIELD_KEYS="k1:another-secret-of-the-same-name-000000000"):
        assert [number for number, _ in _words()] == [1, 2, None]


def test_missing_triggers_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    assert chain_check.UNGUARDED in [words for _, words in _words()]


def test_faults_are_counted_beyond_those_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    _recorded(5)
    AuditEntry.objects.update(summary="改")
    monkeypatch.setattr(chain_check, "MOST_LISTED", 2)

    found = verified_chain()

    assert (found.fault_count, len(found.faults)) == (5, 2)


def test_process_of_a_retired_key_may_not_write() -> None:
    _recorded(1)

    with (
        override_settings(FIELD_KEYS="k2:another-secret-of-another-name-0000000000"),
        pytest.raises(StaleKeys, match="重新启动"),
    ):
        _recorded(1)


def test_head_is_one_row() -> None:
    _recorded(1)
    head = AuditHead.objects.values().get() | {"id": 2}

    with pytest.raises(IntegrityError, match="audit_has_one_head"):
        AuditHead.objects.create(**head)


def test_database_refuses_changes_and_removals() -> None:
    _recorded(1)
    chain_guard.install(connection)
    table = AuditEntry._meta.db_table
    try:
        for statement in (f"UPDATE {table} SET summary = ''", f"DELETE FROM {table}"):
            with (
                pytest.raises(DatabaseError, match=chain_guard.REFUSAL),
                transaction.atomic(),
            ):
                _execute(statement)
    finally:
        chain_guard.remove(connection)
    _execute(f"DELETE FROM {table}")
    assert AuditEntry.objects.count() == 0


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
