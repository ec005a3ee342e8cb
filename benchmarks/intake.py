"""100,000 rows through intake on SQLite: dry run, commit, how long another writer waits, memory.

Targets: dry run 15 s, commit 60 s, another writer 2 s, memory 1 GB.
"""

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from multiprocessing.synchronize import Event
from pathlib import Path

FOLDER = tempfile.mkdtemp(prefix="liangxin-bench-")
os.environ["LIANGXIN_DATA_DIR"] = os.environ.get("LIANGXIN_BENCH_DIR", FOLDER)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangxin.config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402

from liangxin.intake.actions import commit_batch, stage_files, undo_batch  # noqa: E402
from liangxin.intake.models import Batch  # noqa: E402
from liangxin.kernel.audit import record  # noqa: E402
from liangxin.kernel.jobs import Progress  # noqa: E402
from liangxin.kernel.viewer import SYSTEM  # noqa: E402
from liangxin.registry.models import Area  # noqa: E402
from liangxin.registry.terms import AreaKind  # noqa: E402
from liangxin.standards.uscc import uscc_check_character  # noqa: E402
from liangxin.workbook.writing import TableSheet, write_xlsx  # noqa: E402

ROWS = int(os.environ.get("LIANGXIN_BENCH_ROWS", "100000"))
STREETS = [f"基准{letter}街道" for letter in "甲乙丙丁戊己庚辛"]
HEADERS = (
    "企业名称",
    "统一社会信用代码",
    "企业类型",
    "登记状态",
    "所属街道",
    "经营地址",
    "行业",
    "从业人数",
    "营业收入（万元）",
    "有固定场所",
    "有经营活动",
    "法定代表人",
    "联系电话",
    "成立日期",
    "经度",
    "纬度",
)


def main() -> None:
    """Measure three imports of the same firms and the undo of the last one."""
    os.environ["LIANGXIN_BENCH_DIR"] = os.environ["LIANGXIN_DATA_DIR"]
    call_command("migrate", verbosity=0, interactive=False)
    for number, name in enumerate(STREETS):
        Area.objects.create(code=f"9901009{number:05d}", name=name, kind=AreaKind.STREET)
    first, second = (_list(staff_more) for staff_more in (0, 1))
    measured("全部新增", first, as_of=date(2026, 1, 31))
    measured("次月全部变化", second, as_of=date(2026, 2, 28))
    batch = measured("同日全部更正", first, as_of=date(2026, 2, 28))
    measured("全部无变化", first, as_of=date(2026, 3, 31))
    with other_writer() as waits:
        start_s = time.monotonic()
        undo_batch(batch, by=SYSTEM)
        seconds = time.monotonic() - start_s
    print(f"撤销（更正的一批）{seconds:.1f} 秒，其他写入最长等待 {max(waits, default=0):.2f} 秒")


def measured(title: str, path: Path, *, as_of: date) -> Batch:
    """Import one list and print what it took."""
    start_s = time.monotonic()
    batch = stage_files([path], by=SYSTEM, source="基准测试", as_of=as_of, progress=Progress())
    staged_s = time.monotonic() - start_s
    with other_writer() as waits:
        start_s = time.monotonic()
        commit_batch(batch, by=SYSTEM, progress=Progress())
        committed_s = time.monotonic() - start_s
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{title}：{ROWS:,} 行，检查 {staged_s:.1f} 秒，写入 {committed_s:.1f} 秒，"
        f"其他写入最长等待 {max(waits, default=0):.2f} 秒，内存峰值 {memory_mb:.0f} MB",
        flush=True,
    )
    return batch


@contextmanager
def other_writer() -> Iterator[list[float]]:
    """Another process that writes all the while; its longest wait in seconds is there afterwards."""
    context = multiprocessing.get_context("spawn")
    stop, ready = context.Event(), context.Event()
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=write_all_the_while, args=(stop, ready, there))
    process.start()
    ready.wait(timeout=60)
    waits: list[float] = []
    try:
        yield waits
    finally:
        stop.set()
        waits.append(here.recv())
        process.join()


def write_all_the_while(
    stop: Event, ready: Event, answer: "multiprocessing.connection.Connection"
) -> None:
    """Write an audit entry twenty times a second; answer with the longest time one took."""
    longest_s = 0.0
    while not stop.is_set():
        start_s = time.monotonic()
        record("bench.write", by=SYSTEM, summary="其他写入")
        longest_s = max(longest_s, time.monotonic() - start_s)
        ready.set()
        time.sleep(0.05)
    answer.send(longest_s)


def _list(staff_more: int) -> Path:
    path = Path(os.environ["LIANGXIN_DATA_DIR"]) / f"list-{staff_more}.xlsx"
    rows = (_row(number, staff_more) for number in range(ROWS))
    write_xlsx(path, [TableSheet("企业名单", HEADERS, rows)])
    return path


def _row(number: int, staff_more: int) -> tuple[object, ...]:
    first17 = f"91990100{number:09d}"
    return (
        f"基准测试第{number}号有限公司",
        first17 + uscc_check_character(first17),
        "有限责任公司",
        "存续",
        STREETS[number % len(STREETS)],
        f"基准路{number % 5000}号",
        "5211",
        number % 300 + staff_more,
        round(number * 1.37, 2),
        "是",
        "是",
        f"法人{number % 997}",
        f"1990000{number % 10000:04d}",
        f"2015-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        113 + number % 1000 * 1e-5,
        23 + number % 777 * 1e-5,
    )


if __name__ == "__main__":
    main()
