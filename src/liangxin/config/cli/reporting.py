"""`liangxin coverage`: both rates at the command line."""

import json
from datetime import datetime
from typing import Any

import click
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from liangxin.coverage.reports import coverage_report
from liangxin.kernel.viewer import SYSTEM


def coverage_command(*, at: datetime | None, by: str | None, base: str, as_json: bool) -> None:
    """Print the coverage table of a day."""
    day = at.date() if at else timezone.localdate()
    try:
        report = coverage_report(SYSTEM, at=day, by=by, base=base)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        Console().print(coverage_grid(report))


def coverage_grid(report: dict[str, Any]) -> Table:
    """The report as a table for the terminal; the last row is the total of the same query."""
    grid = Table(title=f"两个覆盖 · {report['at']} · 基数：{report['base_title']}")
    for title in ("", "基数", "单独", "联合", "组织覆盖率", "工作覆盖", "工作覆盖率", "未覆盖"):
        grid.add_column(title, justify="left" if not title else "right")
    for row in [*report["rows"], report["total"]]:
        grid.add_row(
            row["title"],
            *(str(row[name]) for name in ("base", "single", "joint")),
            percent(row["organisation_rate"]),
            str(row["work"]),
            percent(row["work_rate"]),
            str(row["uncovered"]),
        )
    return grid


def percent(share: float | None) -> str:
    """A share as the office writes it; a dash where there is no denominator."""
    return "—" if share is None else f"{share:.1%}"
