"""How long the board, the coverage tables and the lists take at the server, and the map in a browser.

Each size runs over a fresh SQLite file in a process of its own. Limits: pages p95 200 ms at 20,000
organisations, 500 ms at 200,000; first paint of the map 2 s. PostgreSQL: set LIANGXIN_BENCH_DATABASE_URL
to an empty database and LIANGXIN_BENCH_SCALES to one scale.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SCALES = os.environ.get("LIANGXIN_BENCH_SCALES", "1,10").split(",")


def main() -> int:
    """Run every size; the exit code is 1 where a limit was missed."""
    missed = [scale for scale in SCALES if not _holds(scale)]
    return 1 if missed else 0


def _holds(scale: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="liangxin-bench-") as folder:
        environment = {
            **os.environ,
            "LIANGXIN_MODE": "demo",
            "LIANGXIN_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "liangxin.config.settings",
        }
        if url := os.environ.get("LIANGXIN_BENCH_DATABASE_URL"):
            environment["LIANGXIN_DATABASE_URL"] = url
        pages = [sys.executable, str(HERE / "_coverage_pages.py"), scale]
        holds = subprocess.run(pages, env=environment, check=False).returncode == 0
        if scale == "1":
            place = [sys.executable, str(HERE / "_map_paint.py")]
            holds &= subprocess.run(place, env=environment, check=False).returncode == 0
        return holds


if __name__ == "__main__":
    sys.exit(main())
