"""Keys are replaced: everything opens, and nothing depends on the old key any more."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings

from liangxin.kernel import blobs, chain_guard, rekeying
from liangxin.kernel.anchors import keep_anchor, read_anchors
from liangxin.kernel.audit import record
from liangxin.kernel.chain_check import verified_chain
from liangxin.kernel.encryption import WrongKey, blind_index, key_id_of
from liangxin.kernel.models import AuditEntry, AuditHead
from liangxin.kernel.rekeying import keys_in_use, reseal_everything, sealed_columns
from liangxin.kernel.retiring import BrokenChain, CannotRetire, retire_key
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.models import Person
from tests.factories.registry import make_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
OLD = "k1:" + "old-secret-" * 4
NEW = "k2:" + "new-secret-" * 4
BOTH = f"{NEW},{OLD}"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # Tests empty their tables with the triggers off, which a look would rightly tell.
    monkeypatch.setattr(chain_guard, "is_installed", lambda database: True)
    AuditHead.objects.all().delete()  # made with the key of the run
    with override_settings(DATA_DIR=tmp_path, BLOB_DIR=tmp_path / "blobs", FIELD_KEYS=OLD):
        yield
    chain_guard.remove(connection)


def _stored(person: Person, column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM registry_person WHERE id = %s", [person.pk])
        return str(cursor.fetchone()[0])


def _key_of(person: Person, column: str) -> str:
    return key_id_of(base64.b64decode(_stored(person, column)))


def test_sealed_columns_are_found_by_their_fields() -> None:
    titles = {column.title for column in sealed_columns()}

    assert titles >= {
        "registry.person.id_number",
        "registry.person.phone",
        "registry.organisationversion.phone",
        "registry.mergestep.remembered",
        "intake.rowpack.sealed",
        "intake.stagedrow.sealed",
        "intake.displacedpack.sealed",
        "accounts.totp.secret",
    }


def test_rotation_seals_values_and_files_with_the_newest_key() -> None:
    people = [make_person(phone="13900000001"), make_person(phone="")]
    blob = blobs.keep(b"list", file_name="a.csv", by=SYSTEM, days=30)
    with override_settings(FIELD_KEYS=BOTH):
        done = reseal_everything()

        assert (done.resealed, done.unopened.total()) == (4, 0)
        assert keys_in_use() == {
            "registry.person.id_number": {"k2": 2},
            "registry.person.phone": {"k2": 1},
            "files": {"k2": 1},
        }
        assert Person.objects.get(pk=people[0].pk).phone == "13900000001"
        assert _stored(people[1], "phone") == ""
    with override_settings(FIELD_KEYS=NEW):
        assert Person.objects.get(pk=people[0].pk).id_number == people[0].id_number
        assert blobs.content(blob) == b"list"


def test_rotation_passes_over_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rekeying, "BATCH", 2)
    for _ in range(5):
        make_person()
    with override_settings(FIELD_KEYS=BOTH):
        reseal_everything()

        assert (reseal_everything().resealed, reseal_everything().kept) == (0, 5)


def test_value_changed_meanwhile_stays_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    person = make_person(phone="13900000001")
    opened = rekeying.unseal

    def changed_meanwhile(sealed: bytes) -> bytes:
        Person.objects.filter(pk=person.pk).update(phone="13900000002")
        return opened(sealed)

    monkeypatch.setattr(rekeying, "unseal", changed_meanwhile)
    with override_settings(FIELD_KEYS=BOTH):
        reseal_everything()

        assert Person.objects.get(pk=person.pk).phone == "13900000002"


def test_wrong_key_is_counted_and_nothing_lost() -> None:
    person = make_person()
    with override_settings(FIELD_KEYS="k3:" + "other-secret-" * 3):
        done = reseal_everything()

        assert done.unopened == {"registry.person.id_number": 1}
        assert keys_in_use()["registry.person.id_number"] == {"k1": 1}
        with pytest.raises(WrongKey):
            Person.objects.get(pk=person.pk)
    assert Person.objects.get(pk=person.pk).id_number == person.id_number


def test_expired_file_does_not_come_back() -> None:
    blob = blobs.keep(b"list", file_name="a.csv", by=SYSTEM, days=-1)
    with override_settings(FIELD_KEYS=BOTH):
        reseal_everything()

    with pytest.raises(FileNotFoundError):
        blobs.content(blob)


def test_retired_key_is_needed_for_nothing() -> None:
    person = make_person()
    nobody = Person.objects.create(name="无证", provenance=person.provenance)
    for _ in range(3):
        record("rule.set", by=SYSTEM, summary="甲")
    keep_anchor(now=NOW)
    with override_settings(FIELD_KEYS=BOTH):
        reseal_everything()
        done = retire_key("k1", now=NOW)

        assert done.indexes == 1
        assert done.before is not None
        assert done.after is not None
        assert (done.before.number, done.after.number) == (3, 4)
    with override_settings(FIELD_KEYS=NEW):
        assert verified_chain().is_whole
        assert Person.objects.get(id_index=blind_index(person.id_number)).pk == person.pk
        assert Person.objects.get(pk=nobody.pk).id_index is None
        assert AuditEntry.objects.order_by("number").last().action == "keys.retire"  # type: ignore[union-attr]
        assert read_anchors() == ([], [])
        record("rule.set", by=SYSTEM, summary="乙")
        assert verified_chain().entries == 5


def test_key_is_not_retired_while_something_carries_it() -> None:
    make_person()
    with (
        override_settings(FIELD_KEYS=BOTH),
        pytest.raises(CannotRetire, match=r"id_number 1 处.*keys rotate"),
    ):
        retire_key("k1", now=NOW)


@pytest.mark.parametrize(
    ("keys", "key_id", "words"),
    [(BOTH, "k2", "最新的密钥"), (OLD, "k1", "只有一个密钥"), (BOTH, "k9", "没有编号为")],
)
def test_key_that_is_needed_is_not_retired(keys: str, key_id: str, words: str) -> None:
    with override_settings(FIELD_KEYS=keys), pytest.raises(CannotRetire, match=words):
        retire_key(key_id, now=NOW)


def test_key_that_nothing_is_derived_from_retires_at_once() -> None:
    record("rule.set", by=SYSTEM, summary="甲")
    with override_settings(FIELD_KEYS=f"k3:{'third-secret-' * 3},{BOTH}"):
        assert retire_key("k2", now=NOW).indexes == 0
        assert verified_chain().is_whole


def test_broken_chain_is_not_covered_up() -> None:
    record("rule.set", by=SYSTEM, summary="甲")
    AuditEntry.objects.update(summary="乙")
    with override_settings(FIELD_KEYS=BOTH):
        with pytest.raises(BrokenChain, match="1 处问题"):
            retire_key("k1", now=NOW)
        retire_key("k1", now=NOW, despite_faults=True)

        assert AuditEntry.objects.latest("number").details == {"key": "k1", "faults_before": 1}
