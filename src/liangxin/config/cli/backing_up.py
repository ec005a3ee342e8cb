"""`liangxin backup` and `liangxin restore`, for the operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.utils import timezone

from liangxin.config.backups.manifest import Manifest, UnknownManifest
from liangxin.config.backups.refusals import (
    DamagedCopy,
    DatabaseInUse,
    NotEmpty,
    ProgramMissing,
    WrongEngine,
)
from liangxin.config.backups.restoring import restore_backup
from liangxin.config.backups.sealed_stream import NotABackup, TamperedBackup
from liangxin.config.backups.taking import forget_old_backups, take_backup, verify_backup
from liangxin.config.cli.readiness import refuse_unmigrated, refuse_wrong_keys
from liangxin.config.cli.wording import Refused
from liangxin.kernel.encryption import WrongKey
from liangxin.kernel.viewer import SYSTEM

MEGABYTE = 1 << 20
REFUSALS = (
    DamagedCopy,
    DatabaseInUse,
    NotABackup,
    NotEmpty,
    ProgramMissing,
    TamperedBackup,
    UnknownManifest,
    WrongEngine,
)


@contextmanager
def _in_words(backup: Path | None = None) -> Iterator[None]:
    try:
        yield
    except REFUSALS as error:
        named = f"{backup}：" if isinstance(error, TamperedBackup | NotABackup) else ""
        raise Refused(f"{named}{str(error).rstrip('。')}。") from error
    except WrongKey as error:
        raise Refused(
            "备份文件解不开：请使用备份时的 LIANGXIN_FIELD_KEYS（更换过密钥的，把旧密钥排在后面），"
            "或文件已被改动。"
        ) from error


def backup_command(*, folder: Path, no_verify: bool, keep: int) -> None:
    """Take a backup, restore it for a trial, and forget the oldest ones."""
    refuse_unmigrated()
    refuse_wrong_keys()
    with _in_words():
        made = take_backup(
            folder,
            by=SYSTEM,
            now=timezone.localtime(),
            is_verified=not no_verify,
            on_step=_say,
        )
    state = "没有试恢复" if no_verify else "已试恢复核对"
    click.echo(f"备份完成：{made}（{made.stat().st_size / MEGABYTE:.1f} MB，{state}）。")
    for gone in forget_old_backups(folder, keep=keep):
        click.echo(f"已删除旧备份：{gone.name}")
    click.echo("备份里没有密钥：请把 LIANGXIN_FIELD_KEYS 另外保存，缺了它备份打不开。")


def restore_command(*, backup_file: Path, check: bool, replace: bool) -> None:
    """Replace what the deployment holds by a backup, or only say whether the backup is sound."""
    if not backup_file.is_file():
        raise Refused(f"没有这个备份文件：{backup_file}。请检查路径。")
    if check:
        _check(backup_file)
        return
    with _in_words(backup_file):
        manifest = restore_backup(
            backup_file, by=SYSTEM, now=timezone.localtime(), may_replace=replace, on_step=_say
        )
    click.echo(f"已恢复到 {_taken(manifest)} 的备份。可以启动网站了。")


def _check(backup: Path) -> None:
    with _in_words(backup):
        manifest = verify_backup(backup)
    click.echo(
        f"备份完好：{_taken(manifest)} 备份，"
        f"{len(manifest.tables)} 张表、{len(manifest.files)} 个文件，试恢复一致。"
    )


def _taken(manifest: Manifest) -> str:
    return manifest.taken_at[:19].replace("T", " ")


def _say(step: str) -> None:
    click.echo(f"{step}…")
