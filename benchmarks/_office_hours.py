"""Office hours: starts the server, lets the officers work, and prints what they waited; run by officers.py."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import median

from _office_visits import MIX, SAVE, Officer, Visit
from _speed import Speed

HERE = Path(__file__).parent
SEED = 1
THINK_S = (5.0, 15.0)
WARM_UP_S, MEASURED_S = 30.0, 120.0
LIMIT_MS = 500
START_S = 60.0
SPEEDS_TAKEN = 20
SERVE = "from liangxin.config.cli import main; main()"


def main(scale: str) -> int:
    """Print throughput, p50, p95 and errors per page; 1 where the limit was missed."""
    prepared = subprocess.run(
        [sys.executable, str(HERE / "_office_seats.py"), scale],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told = json.loads(prepared.stdout)
    speed = Speed()
    _take(speed)
    with _server() as port:
        visits, seconds = _office_hours(told["seats"], port)
    _take(speed)
    print(
        f"\n{told['database']}，{told['organisations']:,} 家单位，{len(told['seats'])} 名街道干事同时在线；"
        f"翻页前停 {THINK_S[0]:.0f} 到 {THINK_S[1]:.0f} 秒，预热 {WARM_UP_S:.0f} 秒，"
        f"测 {seconds:.0f} 秒，种子 {SEED}；请求与服务器在同一台机器上"
    )
    code = _printed(visits, seconds)
    print(f"  前后：{speed.in_words()}")
    return code


def _take(speed: Speed) -> None:
    """Before and after alone: meanwhile both cores are the officers' and the server's."""
    for _ in range(SPEEDS_TAKEN):
        speed.take()


@contextmanager
def _server() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-c", SERVE, "serve", "--port", str(port)]
    # Beside these scripts, one of them would pass for the package `coverage`.
    process = subprocess.Popen(command, cwd=HERE.parent)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit("网站没有启动。")


def _office_hours(seats: Sequence[dict[str, object]], port: int) -> tuple[list[Visit], float]:
    """Let everybody log in, work through the warm-up and the measured time; returns the measured visits."""
    officers = [
        Officer(seat, port, Random(f"{SEED}/{seat['username']}"), THINK_S) for seat in seats
    ]
    for officer in officers:
        officer.log_in()
    began_s = time.monotonic() + WARM_UP_S
    ends_s = began_s + MEASURED_S
    threads = [threading.Thread(target=one.work, args=(ends_s,)) for one in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    visits = [visit for one in officers for visit in one.visits if visit.asked_s >= began_s]
    return visits, MEASURED_S


def _printed(visits: Sequence[Visit], seconds: float) -> int:
    print("  页面：次数，毫秒 p50 / p95，出错")
    for name in (*MIX, SAVE):
        _line(name, [visit for visit in visits if visit.page == name])
    slow = _line("全部", visits) > LIMIT_MS
    faults = [visit for visit in visits if visit.fault]
    print(f"  每秒 {len(visits) / seconds:.1f} 次；限度：全部 p95 {LIMIT_MS} 毫秒，没有出错")
    for visit in faults[:10]:
        print(f"  出错：{visit.page}：{visit.fault}")
    return 1 if slow or faults or not visits else 0


def _line(name: str, visits: Sequence[Visit]) -> float:
    """Print one line and return its p95."""
    times = sorted(visit.took_ms for visit in visits)
    if not times:
        print(f"  {name}：没有请求")
        return 0.0
    p95 = times[max(0, -(-len(times) * 95 // 100) - 1)]
    errors = sum(bool(visit.fault) for visit in visits)
    mark = "  超过限度" if p95 > LIMIT_MS else ""
    print(
        f"  {name}：{len(times)} 次，{median(times):.0f} / {p95:.0f}，出错 {errors}{mark}",
        flush=True,
    )
    return p95


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
