"""`liangxin bench`: runs the measurements of benchmarks/, each in a process of its own."""

import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import click

from liangxin.config.cli.wording import Refused

BENCHMARKS = Path("benchmarks")


def bench_command(*, arguments: tuple[str, ...]) -> None:
    """Run the named measurements, or all; their figures go to the output as they come.

    What follows the name of a single measurement, from the first option on, is handed to it.
    """
    names = tuple(takewhile(lambda argument: not argument.startswith("-"), arguments))
    options = arguments[len(names) :]
    if options and len(names) != 1:
        raise Refused("选项只能跟在一项测量的名称后面，例如：bench grouping --no-peers。")
    scripts = {path.stem: path for path in sorted(BENCHMARKS.glob("[a-z]*.py"))}
    if not scripts:
        raise Refused("请在源码目录中运行：这里没有 benchmarks/。")
    unknown = [name for name in names if name not in scripts]
    if unknown:
        raise Refused(f"没有这项测量：{'、'.join(unknown)}；可选：{'、'.join(scripts)}。")
    failed = [name for name in names or scripts if not _passes(scripts[name], options)]
    if failed:
        raise Refused(f"没有测完，或有数字超出了限度：{'、'.join(failed)}")


def _passes(script: Path, options: tuple[str, ...]) -> bool:
    click.echo(f"\n== {script.stem}", err=True)
    command = [sys.executable, str(script), *options]
    return subprocess.run(command, check=False).returncode == 0
