"""From the command line into Django; whatever goes wrong there comes back as one sentence."""

import os
from importlib import import_module
from typing import Any

import click
import django

from liangxin.config.cli.wording import Refused
from liangxin.config.env import BadEnvironment


def run(module: str, function: str, *, arguments: dict[str, Any]) -> Any:
    """Set Django up and call the function of the module. Raises Refused, never anything else."""
    _set_up()
    failures = import_module("liangxin.config.cli.failures")
    try:
        return getattr(import_module(module), function)(**arguments)
    except (click.ClickException, click.Abort):
        raise
    except Exception as error:
        raise failures.refusal(error) from error


def _set_up() -> None:
    # Names of members stand in the database file: other accounts of the machine may not read it.
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangxin.config.settings")
    try:
        django.setup()
    except BadEnvironment as error:
        raise Refused(str(error)) from error
