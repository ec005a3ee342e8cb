"""`liangxin import`: the same intake as the upload page, at the command line."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from liangxin.config.cli.acting import acting_viewer, shown_progress
from liangxin.intake.actions import commit_batch, stage_files, undo_batch
from liangxin.intake.models import Batch
from liangxin.intake.queries import batch_report
from liangxin.kernel.jobs import JobRefused

EXIT_REJECTED = 1
EXIT_UNUSABLE = 2
SHOWN_FAULTS = 20
COUNTS = {
    "new": "新增",
    "changed": "变更",
    "unchanged": "不变",
    "rejected": "退回",
    "older": "比台账旧",
    "out_of_scope": "不在范围",
}


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
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise click.ClickException(f"找不到文件：{'、'.join(missing)}")
    report = _import(files, source=source, as_of=as_of, username=username, commit=commit)
    click.echo(json.dumps(report, ensure_ascii=False, indent=1) if as_json else _in_words(report))
    raise SystemExit(_exit_code(report))


def _import(
    files: tuple[Path, ...], *, source: str, as_of: datetime | None, username: str, commit: bool
) -> dict[str, Any]:
    by = acting_viewer(username)
    day = as_of.date() if as_of else timezone.localdate()
    try:
        with shown_progress() as progress:
            batch = stage_files(list(files), by=by, source=source, as_of=day, progress=progress)
            if commit:
                commit_batch(batch, by=by, progress=progress)
    except JobRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    batch.refresh_from_db()
    return batch_report(batch)


def undo_command(numbers: tuple[Path, ...], *, username: str, as_json: bool) -> None:
    """Undo committed batches by number."""
    if not numbers or not all(str(number).isdigit() for number in numbers):
        raise click.ClickException("用法：liangxin import undo 批次号")
    for number in numbers:
        batch = Batch.objects.filter(pk=int(str(number))).first()
        if batch is None:
            raise click.ClickException(f"没有第 {number} 批。")
        try:
            undo_batch(batch, by=acting_viewer(username))
        except JobRefused as refusal:
            raise click.ClickException(str(refusal)) from refusal
        click.echo(json.dumps({"undone": batch.pk}) if as_json else f"已撤销第 {batch.pk} 批。")


def _exit_code(report: dict[str, Any]) -> int:
    sheets = [sheet for file in report["files"] for sheet in file["sheets"]]
    if any(file.get("error") for file in report["files"]) or not any(
        sheet["kind"] for sheet in sheets
    ):
        return EXIT_UNUSABLE
    return EXIT_REJECTED if any(sheet["counts"]["rejected"] for sheet in sheets) else 0


def _in_words(report: dict[str, Any]) -> str:
    lines = [f"第 {report['batch']} 批 · {report['state_title']} · 数据截至 {report['as_of']}"]
    for file in report["files"]:
        lines.append(f"\n{file['file']}")
        if file.get("error"):
            lines.append(f"  读不了：{file['error']}")
        for sheet in file["sheets"]:
            lines.extend(_sheet_in_words(sheet))
    if report["state"] == "dry":
        lines.append("\n以上只是检查，台账没有改动。加 --commit 写入台账。")
    return "\n".join(lines)


def _sheet_in_words(sheet: dict[str, Any]) -> list[str]:
    counts = "，".join(
        f"{title} {sheet['counts'][code]}"
        for code, title in COUNTS.items()
        if sheet["counts"][code]
    )
    lines = [f"  {sheet['sheet']}：{sheet['kind_title'] or '认不出是哪种名单'}  {counts}"]
    lines += [f"    {problem}" for problem in sheet["problems"]]
    for row in sheet["rejected"][:SHOWN_FAULTS]:
        lines += [
            f"    第 {row['row']} 行 {fault['letter']} 列“{fault['value']}”：{fault['reason']}"
            f" {fault['mend']}"
            for fault in row["faults"]
        ]
    if len(sheet["rejected"]) > SHOWN_FAULTS:
        lines.append(f"    …… 共退回 {len(sheet['rejected'])} 行，加 --json 可看全部。")
    return lines
