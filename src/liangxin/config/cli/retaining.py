"""`liangxin retention run`: what may no longer be kept goes, counts stay."""

import click
from django.utils import timezone

from liangxin.config.cli.clearing import clear_expired
from liangxin.config.cli.readiness import refuse_unmigrated, refuse_wrong_keys
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.queries.retention import due_persons, retention_years


def retention_command(*, dry_run: bool) -> None:
    """Do today's clearing now, or only tell how many persons it would erase."""
    refuse_unmigrated()
    refuse_wrong_keys()
    today = timezone.localdate()
    years = retention_years(at=today)
    if dry_run:
        due = due_persons(SYSTEM, at=today).count()
        click.echo(f"保存期 {years} 年，到期待清除 {due} 人。没有改动。")
        return
    cleared = clear_expired()
    click.echo(
        f"保存期 {years} 年：清除 {cleared.persons} 人的姓名和号码，"
        f"删除到期文件 {cleared.files} 个，清除 {cleared.batches} 批名单的明细。"
    )
