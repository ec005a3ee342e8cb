"""Lists as people upload them, and batches read from them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from liangxin.intake.actions import commit_batch, stage_files
from liangxin.intake.models import Batch
from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import Viewer
from tests.factories.viewers import office

AS_OF = date(2025, 6, 30)
Rows = Sequence[Sequence[object]]

SITE_HEADER = ("名称", "类型", "所属街道", "地址", "经度", "纬度", "坐标系")
FIRM_HEADER = ("企业名称", "统一社会信用代码", "登记状态", "所属街道", "从业人数", "成立日期")
PARTY_HEADER = ("党组织名称", "组织类别", "上级党组织", "所属街道", "成立日期", "涵盖单位", "书记")
MEMBER_HEADER = (
    "姓名",
    "身份证号",
    "工作单位",
    "人员类别",
    "入党日期",
    "转正日期",
    "组织关系所在党组织",
    "联系电话",
)
GUIDE_HEADER = ("姓名", "身份证号", "类别", "派出单位", "联系单位", "选派日期", "届满日期")
MASS_HEADER = ("单位名称", "统一社会信用代码", "工会", "团组织")


def write_list(folder: Path, name: str, *rows: Sequence[object]) -> Path:
    """A workbook of one sheet: the header, then the records."""
    return write_lists(folder, name, {Path(name).stem: rows})


def write_lists(folder: Path, name: str, sheets: dict[str, Rows]) -> Path:
    """A workbook of several sheets by their titles."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    path = folder / name
    book.save(path)
    return path


def staged(
    *paths: Path, by: Viewer | None = None, as_of: date = AS_OF, source: str = "测试来源"
) -> Batch:
    """The files read and planned, nothing committed."""
    return stage_files(
        list(paths), by=by or office(), source=source, as_of=as_of, progress=Progress()
    )


def committed(
    *paths: Path, by: Viewer | None = None, as_of: date = AS_OF, source: str = "测试来源"
) -> Batch:
    """The files read, planned and written into the ledger."""
    batch = staged(*paths, by=by, as_of=as_of, source=source)
    return commit_batch(batch, by=by or office(), progress=Progress())


def counts(batch: Batch) -> dict[str, int]:
    """The outcomes that occurred, with how many rows each."""
    batch.refresh_from_db()
    return {outcome: count for outcome, count in batch.counts.items() if count}
