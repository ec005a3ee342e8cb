"""`liangxin demo`: the whole main job on a synthetic district, then the site."""

import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.utils import timezone
from rich.console import Console

from liangxin.config.cli.acting import shown_progress
from liangxin.config.cli.reporting import coverage_grid
from liangxin.config.cli.serving import refuse_taken_port, serve_command
from liangxin.coverage.reports import coverage_report
from liangxin.coverage.terms import Base, Grouping
from liangxin.demo.story import tell_story, told_summary
from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import SYSTEM

MARK = "demo-district"
HOST = "127.0.0.1"


def demo_command(*, scale: int, seed: int, port: int, no_serve: bool, as_json: bool) -> None:
    """Tell the story unless it was told here before, print the summary, and serve."""
    if not no_serve:
        refuse_taken_port(HOST, port)
    summary = told_summary() or _tell(scale=scale, seed=seed)
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=1))
    else:
        _print(summary)
    if not summary["rejected_equals_spoilt"]:
        raise click.ClickException("退回的行与故意弄错的行不一致，见上。")
    if not no_serve:
        sys.stdout.flush()
        serve_command(host=HOST, port=port, no_worker=False)


def _tell(*, scale: int, seed: int) -> dict[str, Any]:
    _start_afresh(settings.DATA_DIR)
    start_s, today = time.monotonic(), timezone.localdate()
    console = Console(stderr=True)
    with shown_progress() as progress:
        summary = tell_story(
            seed=seed,
            scale=scale,
            today=today,
            coverage=lambda: coverage_report(SYSTEM, at=today, by=Grouping.STREET, base=Base()),
            listener=lambda title: console.print(f"· {title}"),
            progress=Progress(listener=progress.listener),
        )
    console.print(f"示范区已就绪，用时 {time.monotonic() - start_s:.1f} 秒。")
    return summary


def _start_afresh(folder: Path) -> None:
    """Clear what an earlier story left that was cut short; never a folder that is not the demo's."""
    mark = folder / MARK
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise click.ClickException(
            f"{folder} 里有别的数据，演示不会动它：请换一个 LIANGXIN_DATA_DIR。"
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    mark.write_text("演示数据，全部为虚构。\n", encoding="utf-8")


def _print(summary: dict[str, Any]) -> None:
    console = Console()
    counts = summary["counts"]
    console.print(coverage_grid(summary["coverage"]))
    console.print(
        f"{summary['files']} 个名单文件（全部虚构）：写入 {counts['new']:,} 行，"
        f"退回 {summary['rejected_rows']:,} 行；故意弄错 {summary['spoilt_rows']:,} 行"
        f"（{summary['kinds_of_dirt']} 种），"
        + ("与退回的行完全一致。" if summary["rejected_equals_spoilt"] else "不一致：")
    )
    for name in ("missed", "refused_in_error"):
        for item in summary[name]:
            console.print(f"  {name}: {item}")
    steps = "，".join(f"{title} {seconds:.1f} 秒" for title, seconds in summary["seconds"].items())
    console.print(f"用时：{steps}")
