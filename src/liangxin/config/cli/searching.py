"""`liangxin search`: the search index, for the operator."""

import time

import click
from django.utils import timezone

from liangxin.config.cli.acting import shown_progress
from liangxin.config.cli.readiness import refuse_unready
from liangxin.registry.actions.searching import rebuild_search_index


def rebuild_command() -> None:
    """Build the search index anew, here and now."""
    refuse_unready()
    start_s = time.monotonic()
    with shown_progress() as progress:
        index = rebuild_search_index(at=timezone.localdate(), progress=progress)
    total = sum(index.sizes.values())
    click.echo(f"已编入 {total:,} 条，用时 {time.monotonic() - start_s:.1f} 秒。")
