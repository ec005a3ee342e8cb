"""Who computes the tiles of a large plan: this process, processes of this machine, or Dask workers."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context

from liangxin.config.cli.wording import Refused
from liangxin.config.lifeline import end_with_starter
from liangxin.optimize.grouping.warming import warm_up
from liangxin.optimize.team import Team

MOST_WORKERS = 256


@contextmanager
def hired_team(*, workers: int, scheduler: str | None) -> Iterator[Team]:
    """Lend a team for as long as it is needed. Raises Refused where it cannot be hired."""
    if scheduler and workers != 1:
        raise Refused("--workers 和 --scheduler 只能用一个：用 Dask 时由它的节点数决定。")
    if not 1 <= workers <= MOST_WORKERS:
        raise Refused(f"--workers 应在 1 到 {MOST_WORKERS} 之间，现在是 {workers}。")
    if scheduler:
        with import_module("liangxin.config.cli.dask_team").connected(scheduler) as hire:
            yield Team(hire)
        return
    team = Team(None if workers == 1 else lambda: _processes(workers))
    try:
        yield team
    finally:
        team.dismiss()


def _processes(count: int) -> Executor:
    # Started anew, not forked: a fork of a process with threads may hang on a lock that nobody gives back.
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """Let a worker end with the plan, compute on one core, and compile before its first piece."""
    end_with_starter()
    os.environ["OMP_NUM_THREADS"] = "1"
    warm_up()
