"""Nothing kept for undoing brings an erased person back, and nothing plain is ever on disk."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from liangxin.intake.actions.erasing import forget_erased_persons
from liangxin.intake.actions.ledger_writing import row_values
from liangxin.intake.actions.undo import restored
from liangxin.intake.models import DisplacedPack
from liangxin.intake.queries.row_packs import opened_json, sealed_json
from liangxin.kernel.encryption import blind_index
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.actions.retention import erase_due_persons
from liangxin.registry.models import Employment, PartyMembership, PartyRelation, Person
from tests.config.backups.deployments import Deployment
from tests.factories.intake import (
    FIRM_HEADER,
    MEMBER_HEADER,
    committed,
    write_list,
)
from tests.factories.registry import make_area, make_person, next_id_number, next_uscc

FIRM, PERSON = next_uscc(), next_id_number()
WORK = "测试一有限公司"
FIRMS = (FIRM_HEADER, [WORK, FIRM, "存续", "甲街道", 12, "2015-03-05"])
LEFT = date(2019, 1, 1)


def _member(phone: str) -> list[object]:
    return ["张某", PERSON, WORK, "预备党员", "2024-08-01", None, "外地支部", phone]


@pytest.mark.django_db
def test_copies_for_undo_lose_the_identifiers_of_the_erased(tmp_path: Path) -> None:
    make_area("甲街道")
    committed(write_list(tmp_path, "企业名单.xlsx", *FIRMS))
    committed(write_list(tmp_path, "党员名册.xlsx", MEMBER_HEADER, _member("19900001234")))
    committed(
        write_list(tmp_path, "党员名册2.xlsx", MEMBER_HEADER, _member("19900009999")),
        as_of=date(2025, 7, 31),
    )
    for model in (Employment, PartyMembership, PartyRelation):
        model.objects.update(valid_from=date(2018, 1, 1), valid_to=LEFT)
    assert PERSON in _copies()

    assert erase_due_persons(by=SYSTEM, today=date(2035, 1, 1)) == 1
    assert (forget_erased_persons(), forget_erased_persons()) == (1, 0)

    assert (PERSON in _copies(), "19900001234" in _copies()) == (False, False)
    assert Person.objects.count() == 1


def _copies() -> str:
    return "".join(str(opened_json(pack.sealed)) for pack in DisplacedPack.objects.all())


@pytest.mark.django_db
def test_rows_are_put_back_with_an_index_of_todays_key() -> None:
    person = make_person()
    told = row_values(person) | {"id_index": "of a retired key"}
    pack = DisplacedPack(table=Person._meta.label, sealed=sealed_json([told]))

    (row,) = restored(pack)

    assert row == person
    assert row.id_index == blind_index(person.id_number)  # type: ignore[attr-defined]


def test_no_plain_number_is_on_disk_after_an_import(tmp_path: Path) -> None:
    """Of a committed and of a rejected row: neither in the database file nor among the kept files."""
    made = Deployment(tmp_path / "own")
    made.folder.mkdir()
    assert made.run("migrate").returncode == 0
    done = made.python('Area.objects.create(code="990101001", name="甲街道", kind="street")')
    assert done.returncode == 0, done.stderr
    rejected = next_id_number()
    members = write_list(
        tmp_path,
        "党员名册.xlsx",
        MEMBER_HEADER,
        _member("19900001234"),
        [
            "李某",
            rejected,
            "没有的单位",
            "正式党员",
            "2014-08-01",
            "2015-08-01",
            None,
            "19900004321",
        ],
    )
    firms = write_list(tmp_path, "企业名单.xlsx", *FIRMS)
    done = made.run("import", str(firms), str(members), "--commit")
    assert done.returncode == 1, done.stdout + done.stderr

    kept = {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()}
    assert _counted(made.folder / "liangxin.sqlite3") == (1, 1)
    for number in (PERSON, rejected, "19900001234", "19900004321"):
        assert [path.name for path, data in kept.items() if number.encode() in data] == []


def _counted(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as database:
        return (
            database.execute("SELECT count(*) FROM registry_person").fetchone()[0],
            database.execute("SELECT count(*) FROM intake_stagedrow").fetchone()[0],
        )
