"""`liangxin keys`: which key seals what, sealing anew, and retiring an old key."""

import json

import click
from django.utils import timezone

from liangxin.config.cli.acting import shown_progress
from liangxin.config.cli.readiness import refuse_unmigrated, refuse_wrong_keys
from liangxin.config.cli.wording import Refused
from liangxin.kernel.audit import record
from liangxin.kernel.chain import HEAD
from liangxin.kernel.encryption import key_ids, oldest_key_id
from liangxin.kernel.models import AuditHead
from liangxin.kernel.rekeying import keys_in_use, reseal_everything
from liangxin.kernel.retiring import CannotRetire, Retired, retire_key
from liangxin.kernel.viewer import SYSTEM

EXIT_UNOPENED = 1


def status_command(*, as_json: bool) -> int:
    """Tell how much carries which key; 1 where something carries a key that is not at hand."""
    refuse_unmigrated()
    with shown_progress() as progress:
        used = keys_in_use(on_step=progress.step)
    head = AuditHead.objects.filter(pk=HEAD).first()
    derived = head.key_id if head else oldest_key_id()
    unknown = {key for counted in used.values() for key in counted} - set(key_ids())
    if as_json:
        told = {"keys": key_ids(), "derived_from": derived, "used": used}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        click.echo(f"密钥（最新的在前）：{'、'.join(key_ids())}")
        click.echo(f"身份证索引和操作记录校验码由密钥“{derived}”生成。")
        for place, counted in used.items():
            click.echo(f"  {place}：{'、'.join(f'{key} {n}' for key, n in counted.items())}")
        for key in sorted(unknown):
            click.echo(f"没有密钥“{key}”，用它加密的内容打不开：请把它加回 LIANGXIN_FIELD_KEYS。")
    return EXIT_UNOPENED if unknown or derived not in key_ids() else 0


def rotate_command() -> int:
    """Seal everything under the newest key; 1 where something could not be opened."""
    refuse_unmigrated()
    refuse_wrong_keys()
    with shown_progress() as progress:
        done = reseal_everything(on_step=progress.step)
    newest = key_ids()[0]
    if done.resealed:
        record(
            "keys.rotate",
            by=SYSTEM,
            summary=f"改用密钥“{newest}”加密 {done.resealed} 处",
            details={"resealed": done.resealed, "unopened": done.unopened.total()},
            changes_ledger=False,
        )
    click.echo(f"改用密钥“{newest}”加密 {done.resealed} 处，原已使用 {done.kept} 处。")
    for place, count in done.unopened.items():
        click.echo(f"打不开，保持原样：{place} {count} 处。请把原来的密钥加回来再运行。", err=True)
    return EXIT_UNOPENED if done.unopened else 0


def retire_command(*, key_id: str, despite_faults: bool) -> None:
    """Make nothing depend on a key any more, so that it can be taken out of the settings."""
    refuse_unmigrated()
    refuse_wrong_keys()
    try:
        with shown_progress() as progress:
            done = retire_key(
                key_id,
                now=timezone.now(),
                despite_faults=despite_faults,
                on_step=progress.step,
            )
    except CannotRetire as error:
        raise Refused(str(error)) from error
    _tell(key_id, done)


def _tell(key_id: str, done: Retired) -> None:
    click.echo(
        f"密钥“{key_id}”已不再使用：重算身份证索引 {done.indexes} 个，操作记录校验码已重算。"
    )
    if done.before and done.after and done.before != done.after:
        click.echo(f"原校验点：{done.before.code}")
        click.echo(f"新校验点：{done.after.code}")
        click.echo("请把两个校验点都抄在服务器以外的地方；以前抄下的不再适用。")
    click.echo(
        f"现在从 LIANGXIN_FIELD_KEYS 去掉“{key_id}”，再重新启动网站和后台任务；"
        "在此之前办理的事项会被拒绝。以前的备份仍要用旧密钥打开，请另行保管或销毁。"
    )
