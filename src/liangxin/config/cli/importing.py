"""`liangxin import`: the same intake as the upload page, at the command line."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from liangxin.config.cli.acting import acting_viewer, shown_progress
from liangxin.config.cli.readiness import refuse_unready
from liangxin.config.cli.wording import Refused
from liangxin.intake.actions import commit_batch, stage_files, undo_batch
from liangxin.intake.models import Batch
from liangxin.intake.queries import batch_report
from liangxin.intake.terms import SET_APART, BatchState, Outcome

EXIT_REJECTED = 1
EXIT_UNUSABLE = 2
SHOWN_ROWS = 20
GOOD = ("new", "changed", "unchanged")
APART = {outcome.value: str(outcome.label) for outcome in SET_APART}
COUNTS = {outcome.value: str(outcome.label) for outcome in Outcome}


def import_command(
    *,
    files: tuple[Path, ...],
    source: str,
    as_of: datetime | None,
    username: str,
    commit: bool,
    as_json: bool,
) -> None:
    """Check files, write them when asked, or undo a batch; exits with the code of the result."""
    if str(files[0]) == "undo" and not files[0].exists():
        undo_command(files[1:], username=username, as_json=as_json)
        return
    for path in files:
        refuse_unreadable(path)
    refuse_unready()
    report = _import(files, source=source, as_of=as_of, username=username, commit=commit)
    click.echo(json.dumps(report, ensure_ascii=False, indent=1) if as_json else _in_words(report))
    raise SystemExit(_exit_code(report))


def refuse_unreadable(path: Path) -> None:
    """Raise Refused for what is not a file that can be read, before anything is begun."""
    if path.is_dir():
        raise Refused(f"“{path}”是文件夹：请写出其中的文件，如 {path}/*.xlsx。")
    if not path.is_file():
        raise Refused(f"找不到文件“{path}”：请检查路径和文件名。")
    if not os.access(path, os.R_OK):
        raise Refused(f"没有权限读取“{path}”：请修改它的权限，或换一个账号运行。")


def _import(
    files: tuple[Path, ...], *, source: str, as_of: datetime | None, username: str, commit: bool
) -> dict[str, Any]:
    by = acting_viewer(username)
    day = as_of.date() if as_of else timezone.localdate()
    with shown_progress() as progress:
        batch = stage_files(list(files), by=by, source=source, as_of=day, progress=progress)
        if commit and any(batch.counts.get(outcome) for outcome in GOOD):
            commit_batch(batch, by=by, progress=progress)
    return batch_report(batch)


def undo_command(numbers: tuple[Path, ...], *, username: str, as_json: bool) -> None:
    """Undo committed batches by number."""
    if not numbers or not all(str(number).isdigit() for number in numbers):
        raise Refused("用法：liangxin import undo 批次号")
    by = acting_viewer(username)
    for number in numbers:
        batch = Batch.objects.filter(pk=int(str(number))).first()
        if batch is None:
            raise Refused(f"没有第 {number} 批：批次号写在导入的结果里，也在“导入”页面上。")
        undo_batch(batch, by=by)
        click.echo(json.dumps({"undone": batch.pk}) if as_json else f"已撤销第 {batch.pk} 批。")


def _exit_code(report: dict[str, Any]) -> int:
    if any(file["error"] for file in report["files"]) or not _adds_up(report, GOOD):
        return EXIT_UNUSABLE
    return EXIT_REJECTED if _adds_up(report, tuple(APART)) else 0


def _adds_up(report: dict[str, Any], outcomes: tuple[str, ...]) -> int:
    return sum(int(report["counts"].get(outcome, 0)) for outcome in outcomes)


def _in_words(report: dict[str, Any]) -> str:
    lines = [f"第 {report['batch']} 批 · {report['state_title']} · 数据截至 {report['as_of']}"]
    for file in report["files"]:
        lines.append(f"\n{file['file']}")
        lines += [f"  {said}" for said in (file["error"], file["notice"]) if said]
        for sheet in file["sheets"]:
            lines.extend(_sheet_in_words(sheet))
    return "\n".join([*lines, "", _closing(report)])


def _closing(report: dict[str, Any]) -> str:
    if report["state"] == BatchState.COMMITTED:
        return f"已写入台账。如需撤销：liangxin import undo {report['batch']}"
    if not _adds_up(report, GOOD):
        return "没有可以写入的行，台账没有改动。"
    return "以上只是检查，台账没有改动。加 --commit 写入台账。"


def _sheet_in_words(sheet: dict[str, Any]) -> list[str]:
    counted = [
        f"{title} {sheet['counts'][code]:,}"
        for code, title in COUNTS.items()
        if sheet["counts"][code]
    ]
    kind = sheet["kind_title"] or "认不出是哪种名单"
    lines = [f"  {sheet['sheet']}：{kind}  {'，'.join(counted)}"]
    lines += [f"    {problem}" for problem in sheet["problems"]]
    for outcome, title in APART.items():
        lines += _rows_in_words(sheet[outcome], title=title)
    return lines


def _rows_in_words(rows: list[dict[str, Any]], *, title: str) -> list[str]:
    lines = [
        f"    {title} 第 {row['row']} 行 {_place(fault)}{fault['reason']}。{fault['mend']}"
        for row in rows[:SHOWN_ROWS]
        for fault in row["faults"]
    ]
    if len(rows) > SHOWN_ROWS:
        lines.append(f"    …… {title}共 {len(rows):,} 行，加 --json 可看全部。")
    return lines


def _place(fault: dict[str, Any]) -> str:
    return f"{fault['letter']} 列“{fault['value']}”：" if fault["letter"] else ""
