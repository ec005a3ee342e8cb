"""Files become a batch whatever they hold; each says plainly what is the matter with it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from liangxin.intake.actions import NotStageable, discard_batch, forget_expired, read_batch
from liangxin.intake.models import Batch, RowPack, StagedRow
from liangxin.intake.queries import batch_report
from liangxin.intake.terms import BatchState
from liangxin.kernel.jobs import Progress
from liangxin.kernel.permissions import NotAllowed
from liangxin.registry.models import Organisation, Person, Provenance, Site
from tests.factories.intake import (
    FIRM_HEADER,
    MEMBER_HEADER,
    committed,
    counts,
    staged,
    write_list,
    write_lists,
)
from tests.factories.registry import make_area, make_organisation, next_id_number, next_uscc
from tests.factories.viewers import administrator, office

pytestmark = pytest.mark.django_db
FIRM = ["测试一有限公司", next_uscc(), "存续", "甲街道", 12, "2015-03-05"]


def test_stage_files_leaves_the_ledger_alone(tmp_path: Path) -> None:
    make_area("甲街道")
    batch = staged(write_list(tmp_path, "企业.xlsx", FIRM_HEADER, FIRM))
    assert batch.state == BatchState.DRY
    assert counts(batch) == {"new": 1}
    for model in (Organisation, Person, Provenance, Site):
        assert not model.objects.exists()


def test_stage_files_reads_the_others_where_one_file_is_broken(tmp_path: Path) -> None:
    make_area("甲街道")
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"%PDF-1.7 nothing")
    batch = staged(broken, write_list(tmp_path, "企业.xlsx", FIRM_HEADER, FIRM))
    files = {file["file"]: file for file in batch_report(batch)["files"]}
    assert "PDF" in files["坏.xlsx"]["error"]
    assert files["企业.xlsx"]["sheets"][0]["counts"]["new"] == 1


def test_stage_files_fails_where_no_file_can_be_read(tmp_path: Path) -> None:
    broken = tmp_path / "空.xlsx"
    broken.write_bytes(b"")
    assert staged(broken).state == BatchState.FAILED


def test_stage_files_tells_an_unknown_sheet_from_a_list(tmp_path: Path) -> None:
    make_area("甲街道")
    sheets = {"说明": [["填表须知"], ["请如实填写"]], "企业": [FIRM_HEADER, FIRM]}
    batch = staged(write_lists(tmp_path, "两张.xlsx", sheets))
    unknown, firms = batch_report(batch)["files"][0]["sheets"]
    assert unknown["kind"] == ""
    assert unknown["problems"]
    assert firms["kind"] == "enterprises"


def test_stage_files_says_that_a_file_was_committed_before(tmp_path: Path) -> None:
    make_area("甲街道")
    path = write_list(tmp_path, "企业.xlsx", FIRM_HEADER, FIRM)
    first = committed(path)
    again = staged(path)
    assert f"第{first.pk}批" in batch_report(again)["files"][0]["notice"]


@pytest.mark.parametrize(
    ("source", "as_of", "words"),
    [("  ", date(2025, 1, 1), "来源"), ("市监局", date.max, "不能晚于今天")],
)
def test_stage_files_refuses_bad_terms(
    tmp_path: Path, source: str, as_of: date, words: str
) -> None:
    path = write_list(tmp_path, "企业.xlsx", FIRM_HEADER, FIRM)
    with pytest.raises(NotStageable, match=words):
        staged(path, source=source, as_of=as_of)


def test_stage_files_is_not_for_the_administrator(tmp_path: Path) -> None:
    path = write_list(tmp_path, "企业.xlsx", FIRM_HEADER, FIRM)
    with pytest.raises(NotAllowed):
        staged(path, by=administrator())


def test_read_batch_again_gives_the_same(tmp_path: Path) -> None:
    make_area("甲街道")
    batch = staged(write_list(tmp_path, "企业.xlsx", FIRM_HEADER, FIRM, ["", *FIRM[1:]]))
    before = batch_report(batch)
    read_batch(batch, by=office(), progress=Progress())
    assert batch_report(batch) == before


def test_staged_rows_hold_no_plain_identity_numbers(tmp_path: Path) -> None:
    firm = make_organisation(name="测试一有限公司")
    good, bad = next_id_number(), next_id_number()[:-2]
    row = ["张某", good, firm.name, "正式党员", "2010-07-01", None, None, "19900001234"]
    wrong = ["李某", bad, *row[2:]]
    staged(write_list(tmp_path, "党员.xlsx", MEMBER_HEADER, row, wrong))
    stored = [repr(list(model.objects.values())) for model in (RowPack, StagedRow)]
    assert all(stored)
    for secret in (good, bad, "19900001234"):
        assert all(secret not in text for text in stored)


def test_discard_batch_forgets_the_rows(tmp_path: Path) -> None:
    make_area("甲街道")
    batch = staged(write_list(tmp_path, "企业.xlsx", FIRM_HEADER, FIRM))
    discard_batch(batch, by=office())
    assert batch.state == BatchState.DISCARDED
    assert not RowPack.objects.exists()


def test_forget_expired_lets_go_after_thirty_days(tmp_path: Path) -> None:
    make_area("甲街道")
    batch = staged(write_list(tmp_path, "企业.xlsx", FIRM_HEADER, FIRM))
    today = timezone.localdate()
    assert forget_expired(today=today + timedelta(days=30)) == 0
    assert forget_expired(today=today + timedelta(days=31)) == 1
    assert Batch.objects.get(pk=batch.pk).state == BatchState.DISCARDED
    assert not RowPack.objects.exists()
