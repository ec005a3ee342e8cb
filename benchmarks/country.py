"""A country of counties planned end to end: Parquet in, joint branches, Parquet out.

Usual run: 1,000,000 enterprises (a fifth of them units with one or two members) in 49 counties, family U and
family T, by two processes. Printed: seconds of reading, planning and all, CPU seconds and the largest
memory of all processes together, objective, bound and gap; then what 50,000,000 would take on paper,
in proportion.

    --enterprises 1000000   --families U,T   --seed 1   --workers 2
    --same   the same plan by 1, 2 and 8 processes and by two Dask workers, compared file by file
"""

import argparse
import filecmp
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl
import psutil

from _grouping.instances import FAMILIES, ONE_MEMBER_SHARE

UNIT_SHARE = 0.2
COUNTIES_IN_A_ROW = 7
COUNTRY = 50_000_000
SAMPLE_S = 0.25
PROGRAM = Path(sys.executable).with_name("liangxin")
LINE = "{:>6} {:>8} {:>9} {:>8} {:>8} {:>8} {:>9} {:>12} {:>12} {:>7} {:>7}"
HEADER = (
    "family",
    "workers",
    "units",
    "read s",
    "plan s",
    "all s",
    "CPU s",
    "objective",
    "bound",
    "gap",
    "peak MB",
)


def main() -> int:
    """Measure what is asked; the exit code is 1 where two plans differ."""
    asked = _arguments()
    print(LINE.format(*HEADER))
    is_good = True
    with tempfile.TemporaryDirectory(prefix="liangxin-country-") as name:
        for family in asked.families.split(","):
            folder = Path(name) / family
            write_country(
                folder / "in", family=family, enterprises=asked.enterprises, seed=asked.seed
            )
            runs = _runs(asked)
            for run in runs:
                _measure(folder, family, run, enterprises=asked.enterprises)
            is_good &= all(_same(folder / runs[0], folder / run) for run in runs[1:])
    return 0 if is_good else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench country")
    parser.add_argument("--enterprises", type=int, default=1_000_000)
    parser.add_argument("--families", default="U,T")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--same", action="store_true")
    return parser.parse_args()


def _runs(asked: argparse.Namespace) -> list[str]:
    return ["1", "2", "8", "dask"] if asked.same else [str(asked.workers)]


def write_country(folder: Path, *, family: str, enterprises: int, seed: int) -> None:
    """Write the counties of a fresh country; a county is a square of it."""
    random = np.random.default_rng([enterprises, seed, ord(family)])
    size = round(enterprises * UNIT_SHARE)
    place, site, street, industry = FAMILIES[family](random, size)
    twin = np.concatenate([np.arange(size), random.integers(0, size, enterprises - size)])
    members = np.where(random.random(size) < ONE_MEMBER_SHARE, 1, 2)
    side_m = float(place.max()) + 1.0
    square = np.minimum(place[twin] // (side_m / COUNTIES_IN_A_ROW), COUNTIES_IN_A_ROW - 1)
    frame = pl.DataFrame(
        {
            "county": (100_000 + square[:, 0] * 100 + square[:, 1]).astype(np.int64).astype(str),
            "unit_id": np.char.add("U", np.arange(enterprises).astype(str)),
            "members": np.concatenate([members, np.zeros(enterprises - size, np.int64)]),
            "x_m": place[twin, 0].round(1),
            "y_m": place[twin, 1].round(1),
            "site_id": np.char.add("B", site[twin].astype(str)),
            "street_id": np.char.add("S", street[twin].astype(str)),
            "industry": np.char.add("I", industry[twin].astype(str)),
        }
    )
    for (county,), part in frame.partition_by("county", as_dict=True, include_key=False).items():
        (folder / f"county={county}").mkdir(parents=True)
        part.write_parquet(folder / f"county={county}" / "part-0.parquet")


def _measure(folder: Path, family: str, run: str, *, enterprises: int) -> None:
    out = folder / run
    with _crew(run) as options:
        process = psutil.Popen(
            [str(PROGRAM), "plan", "country", str(folder / "in"), "--out", str(out), *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        started_s, peak_b, cpu_s = time.perf_counter(), 0, {}
        while process.poll() is None:
            peak_b = max(peak_b, _sample(process, cpu_s))
            time.sleep(SAMPLE_S)
        seconds = time.perf_counter() - started_s
        said = process.communicate()[0]
    told = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    print(
        LINE.format(
            family,
            run,
            f"{sum(county['units'] for county in told['counties'].values()):,}",
            *(f"{part:.1f}" for part in _parts(said)),
            f"{seconds:.1f}",
            f"{sum(cpu_s.values()):.0f}",
            f"{told['objective']:,.0f}",
            f"{told['bound']:,.0f}",
            f"{told['gap']:.2%}",
            f"{peak_b / 1e6:,.0f}",
        ),
        flush=True,
    )
    if enterprises < COUNTRY and run != "dask":
        times = COUNTRY / enterprises
        print(
            f"       on paper, {COUNTRY:,} enterprises: {times * sum(cpu_s.values()) / 3600:.1f} CPU hours, "
            f"{times * peak_b / 1e9:.0f} GB if read at once",
            flush=True,
        )


def _parts(said: str) -> tuple[float, float]:
    """The seconds of reading and of planning, from what the command says."""
    words = said.split("用时：", 1)[1].split()
    return float(words[1]), float(words[3])


def _sample(process: psutil.Process, cpu_s: dict[int, float]) -> int:
    """Note the CPU seconds of each process of the tree; return their memory together, in bytes."""
    total = 0
    try:
        for one in (process, *process.children(recursive=True)):
            times = one.cpu_times()
            cpu_s[one.pid] = times.user + times.system
            total += one.memory_info().rss
    except psutil.Error:
        return total
    return total


@contextmanager
def _crew(run: str) -> Iterator[list[str]]:
    """Options of the run; for Dask a scheduler and two workers stand while it lasts."""
    if run != "dask":
        yield ["--workers", run]
        return
    dask, address = str(Path(sys.executable).with_name("dask")), "tcp://127.0.0.1:18786"
    started = [
        [dask, "scheduler", "--host", "127.0.0.1", "--port", "18786", "--no-dashboard"],
        *[[dask, "worker", address, "--nthreads", "1", "--no-dashboard"]] * 2,
    ]
    processes = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for command in started]
    try:
        time.sleep(10)
        yield ["--scheduler", address]
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(30)


def _same(first: Path, second: Path) -> bool:
    """Whether two plans are the same, file by file."""
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    differing = [
        str(file) for file in files if not filecmp.cmp(first / file, second / file, shallow=False)
    ]
    count = sum(path.is_file() for path in second.rglob("*"))
    is_same = not differing and len(files) == count
    print(
        f"{first.name} and {second.name}: {'the same, ' if is_same else 'DIFFERENT, '}{count} files"
    )
    return is_same


if __name__ == "__main__":
    sys.exit(main())
