"""`liangxin coverage`: both rates at the command line."""

import json
from datetime import datetime
from typing import Any

import click
from django.utils import timezone
from rich import box
from rich.console import Console
from rich.table import Table

from liangxin.config.cli.wording import Refused
from liangxin.coverage.queries import usual_base
from liangxin.coverage.reports import coverage_report
from liangxin.coverage.terms import Grouping, UnknownBase, parsed_base
from liangxin.kernel.viewer import SYSTEM

COUNTS = {
    "base": "基数",
    "single": "单独",
    "joint": "联合",
    "work": "工作覆盖",
    "uncovered": "未覆盖",
}
RATES = {"organisation_rate": "组织覆盖率", "work_rate": "工作覆盖率"}


def coverage_command(
    *, at: datetime | None, by: str | None, base: str | None, as_json: bool
) -> None:
    """Print the coverage table of a day."""
    day = at.date() if at else timezone.localdate()
    try:
        chosen = parsed_base(base) if base else usual_base(day)
    except UnknownBase as error:
        raise Refused(str(error)) from error
    report = coverage_report(
        SYSTEM,
        at=day,
        by=Grouping(by) if by else None,
        base=chosen,
    )
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        Console().print(coverage_grid(report))


def coverage_grid(report: dict[str, Any]) -> Table:
    """The report as a table for the terminal; the last row is the total of the same query."""
    title = f"两个覆盖 · {report['at']} · 基数：{report['base']['title']}"
    # Frames would cost the width that a window of 80 columns needs for the words.
    grid = Table(title=title, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    grid.add_column("")
    for title in (*COUNTS.values(), *RATES.values()):
        grid.add_column(title, justify="right")
    for row in report["rows"]:
        grid.add_row(*_cells(row))
    grid.add_section()
    grid.add_row(*_cells(report["total"]))
    return grid


def _cells(row: dict[str, Any]) -> list[str]:
    counts = [f"{row['counts'][name]:,}" for name in COUNTS]
    return [row["title"], *counts, *(percent(row[name]["value"]) for name in RATES)]


def percent(share: float | None) -> str:
    """A share as the office writes it; a dash where there is no denominator."""
    return "—" if share is None else f"{share:.1%}"
