"""`liangxin demo`: the whole main job on a synthetic district, then the site."""

import fcntl
import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from rich.console import Console

from liangxin.config.cli.acting import shown_progress
from liangxin.config.cli.demo_leaving import leaving_sentence, tell_leaving
from liangxin.config.cli.demo_plan import plan_sentences, tell_plan
from liangxin.config.cli.readiness import refuse_taken_port
from liangxin.config.cli.reporting import coverage_grid
from liangxin.config.cli.serving import serve_command
from liangxin.config.cli.wording import Refused
from liangxin.coverage.queries import usual_base
from liangxin.coverage.reports import coverage_report
from liangxin.coverage.terms import Grouping
from liangxin.demo.story import tell_story, told_summary
from liangxin.kernel.jobs import Progress
from liangxin.kernel.viewer import SYSTEM

MARK = "demo-district"
HOST = "127.0.0.1"


def demo_command(*, scale: int, seed: int, port: int, no_serve: bool, as_json: bool) -> None:
    """Tell the story unless it was told here before, print the summary, and serve."""
    if not no_serve:
        refuse_taken_port(HOST, port)
    with _alone(settings.DATA_DIR):
        summary = _told_here(scale=scale, seed=seed) or _tell(scale=scale, seed=seed)
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=1))
    else:
        _print(summary)
    if not summary["rejected_equals_spoilt"]:
        raise click.ClickException("退回的行与故意弄错的行不一致，见上。")
    if not no_serve:
        sys.stdout.flush()
        serve_command(host=HOST, port=port, no_worker=False)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder, so that a second demo does not clear it under the first."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f".{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(f"另一个演示正在准备 {folder}：请等它完成再运行。") from error
        yield


def _told_here(*, scale: int, seed: int) -> dict[str, Any] | None:
    """The summary of a story that was finished in this folder with this database."""
    summary = told_summary() if _mark(settings.DATA_DIR) == _database() else None
    if summary is None or "leaving" not in summary:  # an older version's story lacks the chapter
        return None
    if (summary["scale"], summary["seed"]) != (scale, seed):
        raise Refused(
            f"{settings.DATA_DIR} 里是规模 {summary['scale']}、随机种子 {summary['seed']} 的示范区："
            "请换一个 LIANGXIN_DATA_DIR，或删除这个文件夹。"
        )
    call_command("migrate", interactive=False, verbosity=0)
    return summary


def _tell(*, scale: int, seed: int) -> dict[str, Any]:
    _start_afresh(settings.DATA_DIR)
    start_s, today = time.monotonic(), timezone.localdate()
    console = Console(stderr=True)
    with shown_progress() as progress:
        summary = tell_story(
            seed=seed,
            scale=scale,
            today=today,
            coverage=lambda: coverage_report(
                SYSTEM, at=today, by=Grouping.STREET, base=usual_base(today)
            ),
            plan=lambda: tell_plan(today=today),
            leaving=lambda: tell_leaving(today=today),
            listener=lambda title: console.print(f"· {title}"),
            progress=Progress(listener=progress.listener),
        )
    console.print(f"示范区已就绪，用时 {time.monotonic() - start_s:.1f} 秒。")
    return summary


def _start_afresh(folder: Path) -> None:
    """Clear what an earlier story left that was cut short; never what is not the demo's."""
    mark = _mark(folder)
    if folder.exists() and any(folder.iterdir()) and mark is None:
        raise Refused(f"{folder} 里有别的数据，演示不会动它：请换一个 LIANGXIN_DATA_DIR。")
    if mark == _database():
        _clear_tables()
    elif not settings.ENV.is_own_sqlite and connection.introspection.table_names():
        raise Refused("这个数据库里有别的数据，演示不会动它：请给演示一个空的数据库。")
    connection.close()
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).write_text(_database(), encoding="utf-8")


def _clear_tables() -> None:
    # The server's own tables go too: a story that was cut short may have been made by older models.
    if settings.ENV.is_own_sqlite:
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")


def _mark(folder: Path) -> str | None:
    """The database that the demo of this folder was told into; None where no demo was begun."""
    path = folder / MARK
    return path.read_text(encoding="utf-8") if path.exists() else None


def _database() -> str:
    """Which database this is, without its password."""
    given = connection.settings_dict
    return f"{connection.vendor} {given['HOST']}:{given['PORT']}/{given['NAME']}"


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
    for sentence in plan_sentences(summary["plan"]):
        console.print(sentence)
    console.print(leaving_sentence(summary["leaving"]))
