"""A throw-away PostgreSQL for tests: `python -m liangxin.config.postgres_launcher COMMAND…`.

The command finds its address in LIANGXIN_DATABASE_URL; the server and its data are gone when it ends.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

INSTALLED = Path("/usr/lib/postgresql")
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 15.0
# What a test database may lose in a power cut is not worth waiting for.
UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresUnavailable(RuntimeError):
    """No PostgreSQL could be started; the text says why."""


@dataclass(frozen=True)
class Account:
    """The unprivileged user the server runs as; None means the user we are."""

    uid: int | None
    gid: int | None


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """Yield the address of an empty cluster of our own, open to its password alone, and remove it afterwards."""
    programs = newest_programs()
    account = unprivileged_account()
    with data_folder(account) as folder:
        password = secrets.token_hex(16)
        initialise(programs, folder=folder, account=account, password=password)
        port = free_port()
        server = start_server(programs, folder=folder, account=account, port=port)
        try:
            wait_until_ready(programs, server=server, port=port, log=folder / "log")
            yield f"postgres://liangxin:{password}@127.0.0.1:{port}/postgres"
        finally:
            stop_server(server)


def newest_programs(installed: Path = INSTALLED) -> Path:
    """Return the bin folder of the newest PostgreSQL of the system."""
    found = [path.parent for path in installed.glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    if found:
        return max(found, key=lambda path: float(path.parent.name))
    if on_path:
        return Path(on_path).parent
    raise PostgresUnavailable("没有找到 PostgreSQL，请安装软件包 postgresql。")


def unprivileged_account() -> Account:
    """Return whom to run the server as: initdb refuses root."""
    if os.geteuid() != 0:
        return Account(uid=None, gid=None)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(uid=entry.pw_uid, gid=entry.pw_gid)
    raise PostgresUnavailable("以 root 运行时需要系统用户 postgres 或 nobody。")


@contextmanager
def data_folder(account: Account) -> Iterator[Path]:
    """Yield a folder that belongs to the account and that it can reach, and remove it afterwards."""
    # Root's own temporary folder may be closed to others.
    parent = None if account.uid is None else "/tmp"
    folder = Path(tempfile.mkdtemp(prefix="liangxin-postgres-", dir=parent))
    try:
        if account.uid is not None and account.gid is not None:
            os.chown(folder, account.uid, account.gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def initialise(programs: Path, *, folder: Path, account: Account, password: str) -> None:
    """Make an empty cluster in `folder`/data whose only user is liangxin."""
    secret = folder / "password"
    secret.write_text(password, encoding="ascii")
    if account.uid is not None and account.gid is not None:
        os.chown(secret, account.uid, account.gid)
    secret.chmod(0o600)
    command = [str(programs / "initdb"), f"--pgdata={folder / 'data'}", "--username=liangxin"]
    command += ["--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8"]
    command += ["--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(
        command,
        cwd=folder,
        user=account.uid,
        group=account.gid,
        extra_groups=None if account.uid is None else [],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise PostgresUnavailable(f"initdb 失败：{done.stderr.strip()[-800:]}")


def start_server(
    programs: Path, *, folder: Path, account: Account, port: int
) -> subprocess.Popen[bytes]:
    """Start the server on 127.0.0.1 alone, without a socket file, writing to `folder`/log."""
    settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=", *UNSAFE_BUT_FAST)
    command = [str(programs / "postgres"), "-D", str(folder / "data"), "-p", str(port)]
    for setting in settings:
        command += ["-c", setting]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            user=account.uid,
            group=account.gid,
            extra_groups=None if account.uid is None else [],
            stdout=log,
            stderr=log,
            # Ctrl-C belongs to the tests first; the server is stopped by us when they have let go of it.
            start_new_session=True,
        )


def wait_until_ready(
    programs: Path, *, server: subprocess.Popen[bytes], port: int, log: Path
) -> None:
    """Return as soon as the server takes connections; PostgresUnavailable with its log when it does not."""
    ask = [str(programs / "pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={port}"]
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        if subprocess.run(ask, check=False).returncode == 0:
            return
        time.sleep(0.1)
    said = log.read_text(encoding="utf-8", errors="replace").strip()[-800:]
    raise PostgresUnavailable(f"PostgreSQL 没有启动：{said}")


def stop_server(server: subprocess.Popen[bytes]) -> None:
    """End the server and wait for it, cutting open connections."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(command: Sequence[str]) -> int:
    """Run the command with a PostgreSQL of its own and return its exit code."""
    signal.signal(signal.SIGTERM, _end)  # the default would leave the server running
    try:
        with temporary_postgres() as url:
            environment = {**os.environ, "LIANGXIN_DATABASE_URL": url}
            return subprocess.run(list(command), env=environment, check=False).returncode
    except PostgresUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 3


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
