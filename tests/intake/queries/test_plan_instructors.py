"""Instructors without ID numbers are never written over one another."""

from datetime import date
from pathlib import Path

import pytest

from liangxin.intake.actions import commit_batch, stage_files
from liangxin.intake.queries import batch_report
from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.models import Posting
from tests.factories.registry import make_organisation
from tests.workbook.making import saved_xlsx

pytestmark = pytest.mark.django_db

HEADER = ("姓名", "联系电话", "类别", "派出单位", "联系单位")


def test_namesakes_of_one_unit_without_id_numbers_are_refused(tmp_path: Path) -> None:
    for name in ("示例甲公司", "示例乙公司"):
        make_organisation(name=name)
    rows = [
        HEADER,
        ("示例指甲", "12000000001", "指导员", "示例区委办", "示例甲公司"),
        ("示例指甲", "12000000002", "指导员", "示例区委办", "示例乙公司"),
    ]
    path = saved_xlsx(tmp_path / "指导员.xlsx", rows)

    batch = stage_files(
        [path], by=SYSTEM, source="示例", as_of=date(2026, 11, 3), progress=Progress()
    )

    (sheet,) = batch_report(batch)["files"][0]["sheets"]
    (rejected,) = sheet["rejected"]
    assert (rejected["row"], [fault["reason"] for fault in rejected["faults"]]) == (
        3,
        ["与第2行同名、同一派出单位，电话不同，分不清是不是一个人"],
    )
    commit_batch(batch, by=SYSTEM, progress=Progress())
    assert [posting.organisation.versions.get().name for posting in Posting.objects.all()] == [
        "示例甲公司"
    ]


def test_namesakes_of_different_units_are_two_persons(tmp_path: Path) -> None:
    for name in ("示例甲公司", "示例乙公司"):
        make_organisation(name=name)
    rows = [
        HEADER,
        ("示例指甲", "12000000001", "指导员", "示例区委办", "示例甲公司"),
        ("示例指甲", "12000000002", "指导员", "示例税务所", "示例乙公司"),
    ]
    path = saved_xlsx(tmp_path / "指导员.xlsx", rows)

    batch = stage_files(
        [path], by=SYSTEM, source="示例", as_of=date(2026, 11, 3), progress=Progress()
    )
    commit_batch(batch, by=SYSTEM, progress=Progress())

    assert Posting.objects.values("person").distinct().count() == 2
