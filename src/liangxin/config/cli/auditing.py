"""`liangxin audit verify` and `liangxin audit anchor`, for the operator."""

import json
from dataclasses import asdict

import click
from django.utils import timezone

from liangxin.config.cli.acting import shown_progress
from liangxin.config.cli.readiness import refuse_unmigrated, refuse_wrong_keys
from liangxin.config.cli.wording import Refused
from liangxin.kernel.anchors import Anchor, BadAnchor, head_anchor, keep_anchor, noted_anchor
from liangxin.kernel.chain_check import Fault, Verification, verified_chain

EXIT_FAULTS = 1


def verify_command(*, as_json: bool, noted: tuple[str, ...]) -> int:
    """Look through the audit chain; 0 where it is whole, 1 where something is wrong."""
    refuse_unmigrated()
    refuse_wrong_keys()
    anchors = tuple(_noted(code) for code in noted)
    with shown_progress() as progress:
        found = verified_chain(
            noted=anchors, on_step=lambda done, total: progress.step(done, total, "核对")
        )
    click.echo(_as_json(found) if as_json else _in_words(found))
    return 0 if found.is_whole else EXIT_FAULTS


def anchor_command() -> None:
    """Keep the chain's end in the file of anchors and print it to be noted down elsewhere."""
    refuse_unmigrated()
    refuse_wrong_keys()
    anchor = keep_anchor(now=timezone.now())
    if anchor is None:
        raise Refused("还没有操作记录，没有可留存的校验点。")
    click.echo(anchor.code)
    click.echo(
        f"截至 {anchor.at} 共 {anchor.number} 条。请把上面一行抄在服务器以外的地方，"
        "以后用 liangxin audit verify --noted 核对。",
        err=True,
    )


def _noted(code: str) -> Anchor:
    try:
        return noted_anchor(code)
    except BadAnchor as error:
        raise Refused(str(error)) from error


def _in_words(found: Verification) -> str:
    end = head_anchor(now=timezone.now())
    if found.is_whole:
        last = f"\n末条：{end.code}" if end else ""
        return f"操作记录完整：共 {found.entries} 条，{found.anchors} 个校验点相符。{last}"
    lines = [f"操作记录有 {found.fault_count} 处问题（共 {found.entries} 条）："]
    lines += [_line(fault) for fault in found.faults]
    if found.fault_count > len(found.faults):
        lines.append(f"……其余 {found.fault_count - len(found.faults)} 处没有列出。")
    return "\n".join(lines)


def _line(fault: Fault) -> str:
    if fault.number is None:
        return f"  {fault.words}"
    at = timezone.localtime(fault.at).strftime("%Y-%m-%d %H:%M:%S") if fault.at else ""
    return f"  第 {fault.number} 条（{at}，{fault.summary}）：{fault.words}"


def _as_json(found: Verification) -> str:
    told = asdict(found) | {"is_whole": found.is_whole}
    return json.dumps(told, ensure_ascii=False, indent=1, default=str)
