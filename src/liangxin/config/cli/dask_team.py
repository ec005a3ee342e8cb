"""Dask workers as a team; imported only where a scheduler is named, because Dask takes a while to load."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib.metadata import version

from distributed import Client

from liangxin.config.cli.wording import Refused

PATIENCE_S = 10
RETRIES = 3  # of a piece whose worker was lost


@contextmanager
def connected(scheduler: str) -> Iterator[Callable[[], Executor]]:
    """Lend executors of the scheduler's workers. Raises Refused where there is no scheduler or worker."""
    try:
        client = Client(scheduler, timeout=PATIENCE_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise Refused(
            f"连不上 Dask 调度节点“{scheduler}”：请检查地址（形如 tcp://主机:8786），并确认它已启动、"
            f"版本与这里的 {version('distributed')} 相近。"
        ) from error
    with client:
        if not client.scheduler_info()["workers"]:
            raise Refused(f"Dask 调度节点“{scheduler}”没有计算节点：请先启动 dask worker。")
        yield lambda: client.get_executor(pure=False, retries=RETRIES)
