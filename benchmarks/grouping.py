"""How good and how quick plans of joint branches are, on published and on fresh instances.

`_grouping_plans.py` says what is measured and when it fails. LIANGXIN_BENCH_GROUPING names the instances
to run, such as `T300,U1000-2`; all by default.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from _grouping_instances import write_instance

HERE = Path(__file__).parent
PUBLISHED = HERE / "instances" / "grouping"
NAMES = ("T300", "U300", "T1000", "U1000", "T5000", "U5000")
FRESH = tuple((family, 1000, seed) for family in "TU" for seed in (1, 2, 3))


def main() -> int:
    """Measure the instances in a process of their own; its exit code is ours."""
    wanted = [name for name in os.environ.get("LIANGXIN_BENCH_GROUPING", "").split(",") if name]
    with tempfile.TemporaryDirectory(prefix="liangxin-bench-") as folder:
        files = [path for path in _files(Path(folder)) if not wanted or path.stem in wanted]
        # -P: this folder's coverage.py must not stand in for the package that numba looks for.
        command = [sys.executable, "-P", str(HERE / "_grouping_plans.py"), *map(str, files)]
        return subprocess.run(command, check=False).returncode


def _files(folder: Path) -> Iterator[Path]:
    yield from (PUBLISHED / f"{name}.csv" for name in NAMES)
    for family, size, seed in FRESH:
        path = folder / f"{family}{size}-{seed}.csv"
        write_instance(path, family=family, size=size, seed=seed)
        yield path


if __name__ == "__main__":
    sys.exit(main())
