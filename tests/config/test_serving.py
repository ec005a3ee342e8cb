"""A site that is served for real: refusals, a dead worker, a dead supervisor."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from liangxin.config.env import KEPT_DIR
from tests.config.programs import children, command_line, free_port, liangxin, serving, until

WORKER = "main() worker"
SECRETS = {
    "LIANGXIN_MODE": "production",
    "LIANGXIN_SECRET_KEY": "s" * 40,
    "LIANGXIN_FIELD_KEYS": "k1:" + "f" * 40,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an empty, migrated deployment."""
    folder = tmp_path_factory.mktemp("served") / "data"
    assert liangxin("migrate", folder=folder).returncode == 0
    return folder


def test_serve_refuses_a_taken_port(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = liangxin("serve", "--port", str(port), folder=folder)

    assert done.returncode == 2
    assert done.stderr == (
        f"错误：端口 {port} 已被占用：先停止占用它的程序，或加 --port 换一个端口。\n"
    )


def test_serve_refuses_an_address_of_another_machine(folder: Path) -> None:
    done = liangxin("serve", "--host", "192.0.2.1", "--port", str(free_port()), folder=folder)

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "请写本机的 IP 地址" in done.stderr


def test_serve_and_worker_refuse_a_database_that_is_not_there(tmp_path: Path) -> None:
    for arguments in (["serve", "--port", str(free_port())], ["worker", "--once"], ["coverage"]):
        done = liangxin(*arguments, folder=tmp_path)

        assert done.returncode == 2
        assert done.stderr == "错误：数据库还没有建立或需要升级：请先运行 liangxin migrate。\n"


def test_command_refuses_bad_settings_without_a_traceback(tmp_path: Path) -> None:
    done = liangxin("coverage", folder=tmp_path, LIANGXIN_MODE="debug")

    assert done.returncode == 2
    assert done.stderr == "错误：LIANGXIN_MODE 只能是 demo、test、production，现在是“debug”。\n"


def test_command_says_that_postgres_does_not_answer(tmp_path: Path) -> None:
    url = f"postgresql://u:p@127.0.0.1:{free_port()}/x"
    done = liangxin("migrate", folder=tmp_path, LIANGXIN_DATABASE_URL=url)

    assert done.returncode == 2
    assert done.stderr.startswith("错误：连不上 PostgreSQL：")
    assert done.stderr.count("\n") == 1


def test_worker_refuses_other_keys_than_those_that_sealed(folder: Path) -> None:
    done = liangxin("worker", "--once", folder=folder, LIANGXIN_FIELD_KEYS="k1:" + "x" * 40)

    assert done.returncode == 2
    assert "请使用原来的 LIANGXIN_FIELD_KEYS。" in done.stderr


def test_worker_once_ends_when_nothing_waits(folder: Path) -> None:
    assert liangxin("worker", "--once", folder=folder).returncode == 0


def test_demo_refuses_production_and_folders_with_other_data(tmp_path: Path) -> None:
    (tmp_path / "账本.txt").write_text("不要动", encoding="utf-8")
    foreign = liangxin("demo", "--no-serve", folder=tmp_path)
    production = liangxin("demo", "--no-serve", folder=tmp_path / "new", **SECRETS)

    assert (foreign.returncode, production.returncode) == (2, 2)
    assert "里有别的数据，演示不会动它" in foreign.stderr
    assert "这里是生产模式，演示不会动它" in production.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["账本.txt"]


def test_the_address_is_told_once_it_can_be_opened(folder: Path) -> None:
    port = free_port()
    with serving(folder, port=port, is_waited_for=False, stderr=subprocess.PIPE) as server:
        assert server.stderr is not None
        told = [server.stderr.readline().decode() for _ in range(2)]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=30) as page:
            status = page.status

    assert told[0] == "网站正在启动，请稍候。\n"
    assert told[1].startswith(f"网站：http://127.0.0.1:{port}")
    assert status == 200


def test_serve_starts_a_dead_worker_again_and_stops_whole(folder: Path) -> None:
    port = free_port()
    with serving(folder, port=port) as server:
        (worker,) = children(server.pid, running=WORKER)
        wards = children(server.pid)
        time.sleep(5)  # a worker that dies younger is not started again at once
        os.kill(worker, signal.SIGKILL)
        until(lambda: children(server.pid, running=WORKER) not in ([], [worker]))

    assert server.returncode == 0
    assert [pid for pid in wards if command_line(pid)] == []
    assert not is_taken(port)


def test_processes_of_a_server_share_a_folder_that_goes_with_it(folder: Path) -> None:
    with serving(folder, port=free_port()) as server:
        wards = children(server.pid)
        shared = {environment(pid)[KEPT_DIR] for pid in wards}
        (kept,) = map(Path, shared)
        was_private = kept.stat().st_mode & 0o077 == 0

    assert len(wards) >= 2
    assert was_private
    assert not kept.exists()


def test_killed_supervisor_leaves_nobody_on_the_port(folder: Path) -> None:
    port = free_port()
    with serving(folder, port=port) as server:
        wards = children(server.pid)
        family = [*wards, *(child for ward in wards for child in children(ward))]
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        until(lambda: not any(command_line(pid) for pid in family))

    assert len(family) >= 4
    until(lambda: not is_taken(port))  # a process gives up its files after its command line


def test_a_web_worker_that_hears_nothing_keeps_no_port_either(folder: Path) -> None:
    port = free_port()
    with serving(folder, port=port) as server:
        (web,) = children(server.pid, running="granian")
        deaf = children(web)[-1]
        os.kill(deaf, signal.SIGSTOP)
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        until(lambda: not command_line(web) and not command_line(deaf))

    until(lambda: not is_taken(port))


def environment(pid: int) -> dict[str, str]:
    """What a process was started with."""
    told = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return dict(one.split("=", 1) for one in told if "=" in one)


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_web_worker_has_its_pages_loaded_and_never_swept_again() -> None:
    told = "import gc, sys; import liangxin.config.wsgi; print('liangxin.config.urls' in sys.modules, gc.get_freeze_count())"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)

    is_loaded, frozen = done.stdout.split()
    assert is_loaded == "True"
    assert int(frozen) > 100_000
