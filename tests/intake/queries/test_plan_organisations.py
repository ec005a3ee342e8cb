"""A sheet named after a street tells the street of its firms where no column does."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from liangxin.intake.actions import commit_batch, stage_files
from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.models import OrganisationVersion
from tests.factories.registry import make_area

pytestmark = pytest.mark.django_db


def committed(folder: Path, sheets: dict[str, list[list[Any]]]) -> list[tuple[str, str | None]]:
    """Import a workbook of these sheets; the firms of the ledger with their streets."""
    for name in ("示例东街道", "示例西街道"):
        make_area(name)
    book = Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(folder / "企业.xlsx")
    batch = stage_files(
        [folder / "企业.xlsx"],
        by=SYSTEM,
        source="示例",
        as_of=date(2026, 11, 3),
        progress=Progress(),
    )
    commit_batch(batch, by=SYSTEM, progress=Progress())
    return list(OrganisationVersion.objects.values_list("name", "street__name").order_by("id"))


def test_sheet_named_after_a_street_tells_the_street(tmp_path: Path) -> None:
    header = ["企业名称", "从业人数"]

    firms = committed(
        tmp_path,
        {
            "示例东街道": [header, ["示例甲公司", 1]],
            "示例西": [header, ["示例甲公司", 2]],
            "其他": [header, ["示例乙公司", 3]],
        },
    )

    assert firms == [
        ("示例甲公司", "示例东街道"),
        ("示例甲公司", "示例西街道"),
        ("示例乙公司", None),
    ]


def test_column_of_streets_goes_before_the_name_of_the_sheet(tmp_path: Path) -> None:
    rows = [["企业名称", "所属街道"], ["示例甲公司", "示例西街道"], ["示例乙公司", None]]

    firms = committed(tmp_path, {"示例东街道": rows})

    assert firms == [("示例甲公司", "示例西街道"), ("示例乙公司", None)]
