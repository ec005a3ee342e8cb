"""The `liangxin` command."""

from liangxin.config.cli.commands import main

__all__ = ["main"]
