"""The real program in processes of its own, on a data folder of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LIANGXIN = [sys.executable, "-c", "from liangxin.config.cli import main; main()"]
START_TIMEOUT_S = 60.0
COMMAND_TIMEOUT_S = 600.0  # against one that hangs: a busy machine may take minutes for a demo


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Nothing of the developer's own settings; the demo mode unless told otherwise."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIANGXIN_")}
    return {**kept, "LIANGXIN_DATA_DIR": str(folder), **settings}


def liangxin(*arguments: str, folder: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end."""
    return subprocess.run(
        [*LIANGXIN, *arguments],
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=COMMAND_TIMEOUT_S,
    )


@contextmanager
def serving(
    folder: Path,
    *,
    port: int,
    is_waited_for: bool = True,
    stderr: int | None = None,
    **settings: str,
) -> Iterator["subprocess.Popen[bytes]"]:
    """`liangxin serve` for as long as the block lasts; its process is the supervisor."""
    command = [*LIANGXIN, "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment(folder, **settings), stderr=stderr)
    try:
        if is_waited_for:
            wait_until_served(f"http://127.0.0.1:{port}/login/", server)
        yield server
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_until_served(url: str, server: "subprocess.Popen[bytes]") -> None:
    deadline_s = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline_s:
        assert server.poll() is None, "the server ended before it answered"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"{url} did not answer within {START_TIMEOUT_S} s")


def free_port() -> int:
    """A port of this machine that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int, *, running: str = "") -> list[int]:
    """The children of a process whose command line holds the word."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [int(child) for child in listed if running in command_line(int(child))]


def command_line(pid: int) -> str:
    """What a process was started with; '' once it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def until(is_so: Callable[[], bool], timeout_s: float = 20.0) -> None:
    """Wait for something that another process does."""
    deadline_s = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < deadline_s, "waited in vain"
        time.sleep(0.02)
