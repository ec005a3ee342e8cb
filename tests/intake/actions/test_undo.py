"""An undo brings the ledger back, or says who built on the batch since."""

from datetime import date
from pathlib import Path

import pytest

from liangxin.intake.actions import NotUndoable, undo_batch
from liangxin.intake.models import DisplacedPack
from liangxin.intake.queries.ledger_tables import FACTS, IDENTITIES
from liangxin.intake.terms import BatchState
from liangxin.kernel.models import AuditEntry
from tests.factories.intake import (
    FIRM_HEADER,
    GUIDE_HEADER,
    MEMBER_HEADER,
    PARTY_HEADER,
    SITE_HEADER,
    committed,
    staged,
    write_list,
    write_lists,
)
from tests.factories.registry import (
    make_area,
    make_employment,
    make_person,
    next_id_number,
    next_uscc,
)
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db

JULY = date(2025, 7, 31)
FIRM, PERSON, GUIDE = next_uscc(), next_id_number(), next_id_number()


BRANCH = "测试党支部"
# Each kind of list as told in June and in July: what is new, changed, ended and replaced.
SITES = (
    ["甲大厦", "楼宇", "甲街道", "甲路1号", None, None, None],
    ["甲大厦", "楼宇", "甲街道", "乙路2号", None, None, None],
)
FIRMS = (
    [["测试一有限公司", FIRM, "存续", "甲街道", 12, "2015-03-05"]],
    [
        ["测试一有限公司", FIRM, "存续", "甲街道", 20, "2015-03-05"],
        ["测试二有限公司", next_uscc(), "存续", "甲街道", 3, None],
    ],
)
PARTY = (
    [BRANCH, "党支部", None, "甲街道", "2018-05-01", "测试一有限公司", "王某"],
    [BRANCH, "党支部", None, "甲街道", "2018-05-01", "测试二有限公司", "赵某"],
)
WORK = "测试一有限公司"
MEMBERS = (
    ["张某", PERSON, WORK, "预备党员", "2024-08-01", None, BRANCH, "19900001234"],
    ["张某", PERSON, WORK, "正式党员", "2024-08-01", "2025-07-15", BRANCH, "19900009999"],
)
GUIDES = (
    ["李某", GUIDE, "指导员", "区机关", WORK, "2025-01-01", "2027-01-01"],
    ["李某", GUIDE, "指导员", "区机关", WORK, "2025-01-01", "2028-01-01"],
)


def district_lists(folder: Path, name: str, *, is_later: bool) -> Path:
    """All that a batch can create, end, replace or change in place."""
    month = int(is_later)
    sheets = {
        "楼宇": [SITE_HEADER, SITES[month]],
        "企业": [FIRM_HEADER, *FIRMS[month]],
        "党组织": [PARTY_HEADER, PARTY[month]],
        "党员": [MEMBER_HEADER, MEMBERS[month]],
        "指导员": [GUIDE_HEADER, GUIDES[month]],
    }
    return write_lists(folder, name, sheets)


def ledger() -> list[object]:
    """Every row of the ledger as it can be seen, without sealed columns' changing ciphers."""
    return [
        (model._meta.label, sorted(map(repr, model._base_manager.values())))
        for model in (*FACTS, *IDENTITIES)
    ]


def test_undo_batch_leaves_nothing_of_a_first_batch(tmp_path: Path) -> None:
    make_area("甲街道")
    before = ledger()
    batch = committed(district_lists(tmp_path, "六月.xlsx", is_later=False))
    undo_batch(batch, by=office())
    assert ledger() == before
    assert batch.state == BatchState.UNDONE
    assert AuditEntry.objects.filter(action="intake.undo").count() == 1


@pytest.mark.parametrize("as_of", [date(2025, 6, 30), JULY])
def test_undo_batch_brings_back_what_it_ended_and_replaced(tmp_path: Path, as_of: date) -> None:
    make_area("甲街道")
    committed(district_lists(tmp_path, "六月.xlsx", is_later=False))
    before = ledger()
    batch = committed(district_lists(tmp_path, "七月.xlsx", is_later=True), as_of=as_of)
    assert ledger() != before
    undo_batch(batch, by=office())
    assert ledger() == before
    assert not DisplacedPack.objects.exists()


def test_undo_batch_names_organisations_changed_since(tmp_path: Path) -> None:
    make_area("甲街道")
    first = committed(district_lists(tmp_path, "六月.xlsx", is_later=False))
    committed(district_lists(tmp_path, "七月.xlsx", is_later=True), as_of=JULY)
    before = ledger()
    with pytest.raises(NotUndoable, match="测试一有限公司"):
        undo_batch(first, by=office())
    assert ledger() == before


def test_undo_batch_of_the_later_one_opens_the_way_for_the_earlier(tmp_path: Path) -> None:
    make_area("甲街道")
    before = ledger()
    first = committed(district_lists(tmp_path, "六月.xlsx", is_later=False))
    second = committed(district_lists(tmp_path, "七月.xlsx", is_later=True), as_of=JULY)
    undo_batch(second, by=office())
    undo_batch(first, by=office())
    assert ledger() == before


def test_undo_batch_refuses_where_others_refer_to_what_it_created(tmp_path: Path) -> None:
    make_area("甲街道")
    header = FIRM_HEADER
    row = ["测试一有限公司", FIRM, "存续", "甲街道", 1, None]
    batch = committed(write_list(tmp_path, "一.xlsx", header, row))
    assert batch.provenance is not None
    organisation = FACTS[-1]._base_manager.get().organisation  # type: ignore[attr-defined]
    make_employment(make_person(), organisation)
    with pytest.raises(NotUndoable, match="测试一有限公司"):
        undo_batch(batch, by=office())


def test_undo_batch_refuses_a_batch_that_was_never_written(tmp_path: Path) -> None:
    make_area("甲街道")
    row = ["测试一有限公司", FIRM, "存续", "甲街道", 1, None]
    batch = staged(write_list(tmp_path, "一.xlsx", FIRM_HEADER, row))
    with pytest.raises(NotUndoable, match="待确认"):
        undo_batch(batch, by=office())


def test_undo_batch_of_somebody_else_is_for_the_district(tmp_path: Path) -> None:
    street = make_area("甲街道")
    row = ["测试一有限公司", FIRM, "存续", "甲街道", 1, None]
    batch = committed(write_list(tmp_path, "一.xlsx", FIRM_HEADER, row))
    batch.created_by_id = None
    officer = officer_of(street)
    other = type(officer)(user_id=7, username="o", name="干事", held=officer.held)
    with pytest.raises(NotUndoable, match="别人导入"):
        undo_batch(batch, by=other)
