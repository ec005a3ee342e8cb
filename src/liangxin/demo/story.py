"""The demo's story: a district is made up, written out as lists, and taken in like anybody's lists."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from liangxin.demo.district import make_district
from liangxin.demo.files import Written, write_lists
from liangxin.demo.logins import make_demo_logins
from liangxin.intake.actions import commit_batch, stage_files
from liangxin.intake.models import Batch
from liangxin.intake.queries import batch_report
from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import SETUP, SYSTEM
from liangxin.registry.actions.areas import import_areas

SOURCE = "示范区各部门名单（虚构）"
SUMMARY_FILE = "demo-summary.json"
LISTS_FOLDER = "lists"
Steps = dict[str, float]


@dataclass
class Stopwatch:
    """Seconds per step of the story, in order; tells the listener when a step begins."""

    listener: Callable[[str], None]
    seconds: Steps = field(default_factory=dict)

    def time(self, title: str, work: Callable[[], Any]) -> Any:
        """Do one step and remember how long it took."""
        self.listener(title)
        start_s = time.monotonic()
        result = work()
        self.seconds[title] = round(time.monotonic() - start_s, 1)
        return result


def tell_story(
    *,
    seed: int,
    scale: int,
    today: date,
    coverage: Callable[[], dict[str, Any]],
    plan: Callable[[], dict[str, Any]],
    leaving: Callable[[], dict[str, Any]],
    listener: Callable[[str], None],
    progress: Progress,
) -> dict[str, Any]:
    """Build the demo district in this deployment's database and return its summary.

    `coverage` computes both rates once the ledger is filled, `plan` makes the proposal, and `leaving` lets
    firms close after all the figures of the summary were told.
    The summary file is written last: without it the story was cut short and must be told anew.
    """
    watch = Stopwatch(listener)
    watch.time("建立数据库", lambda: call_command("migrate", interactive=False, verbosity=0))
    district = watch.time("生成示范区", lambda: make_district(seed=seed, scale=scale, today=today))
    folder = settings.DATA_DIR / LISTS_FOLDER
    written = watch.time("写出各部门名单", lambda: write_lists(district, folder, seed=seed))
    areas = json.loads(written.streets.read_text(encoding="utf-8"))
    import_areas(areas, by=SETUP)
    batch = watch.time("读取并检查名单", lambda: _staged(written, today=today, progress=progress))
    watch.time("写入台账", lambda: commit_batch(batch, by=SYSTEM, progress=progress))
    watch.time("建立演示账号", lambda: make_demo_logins(today=today))
    figures = watch.time("计算覆盖率", coverage)
    summary = _summary(batch, written, coverage=figures, seed=seed, scale=scale)
    summary["plan"] = watch.time("测算联建方案", plan)
    summary["leaving"] = watch.time("登记单位注销", leaving)
    summary["seconds"] = watch.seconds
    path = summary_path()
    path.write_text(json.dumps(summary, ensure_ascii=False, indent=1), encoding="utf-8")
    return summary


def summary_path() -> Path:
    """Where the summary of a finished story lies."""
    return Path(settings.DATA_DIR) / SUMMARY_FILE


def told_summary() -> dict[str, Any] | None:
    """The summary of the story told here before; None where there is none."""
    if not summary_path().exists():
        return None
    summary: dict[str, Any] = json.loads(summary_path().read_text(encoding="utf-8"))
    return summary


def _staged(written: Written, *, today: date, progress: Progress) -> Batch:
    return stage_files(
        list(written.files),
        by=SYSTEM,
        source=SOURCE,
        as_of=today,
        progress=progress,
        is_synthetic=True,
    )


def _summary(
    batch: Batch, written: Written, *, coverage: dict[str, Any], seed: int, scale: int
) -> dict[str, Any]:
    report = batch_report(batch)
    spoilt = {(item.file, item.sheet, item.row) for item in written.spoilt}
    refused = refused_rows(report)
    return {
        "seed": seed,
        "scale": scale,
        "files": len(written.files),
        "expected": written.expected,
        "counts": report["counts"],
        "kinds_of_dirt": len({item.dirt for item in written.spoilt}),
        "spoilt_rows": len(spoilt),
        "rejected_rows": len(refused),
        "rejected_equals_spoilt": refused == spoilt,
        "missed": sorted(spoilt - refused)[:20],
        "refused_in_error": sorted(refused - spoilt)[:20],
        "coverage": coverage,
    }


def refused_rows(report: dict[str, Any]) -> set[tuple[str, str, int]]:
    """File, sheet ('' in a CSV file) and row number of every row that was not taken."""
    return {
        (file["file"], "" if file["file"].endswith(".csv") else sheet["sheet"], row["row"])
        for file in report["files"]
        for sheet in file["sheets"]
        for outcome in ("rejected", "older", "out_of_scope")
        for row in sheet[outcome]
    }
