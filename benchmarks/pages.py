"""How long every page of the menu takes at the server with 200,000 organisations, on SQLite and on PostgreSQL.

Each database is fresh, in a process of its own; PostgreSQL is a temporary one. Limits, warm, at p95: lists
200 ms, the board 500 ms, an organisation's page 100 ms. LIANGXIN_BENCH_SCALES sets another size than 10.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SCALE = os.environ.get("LIANGXIN_BENCH_SCALES", "10").split(",")[-1]


def main() -> int:
    """Run both databases; the exit code is 1 where a limit was missed."""
    launcher = [sys.executable, "-m", "liangxin.config.postgres_launcher"]
    missed = [before for before in ([], launcher) if not _holds(before)]
    return 1 if missed else 0


def _holds(before: list[str]) -> bool:
    with tempfile.TemporaryDirectory(prefix="liangxin-bench-") as folder:
        environment = {
            **os.environ,
            "LIANGXIN_MODE": "demo",
            "LIANGXIN_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "liangxin.config.settings",
        }
        command = [*before, sys.executable, str(HERE / "_menu_pages.py"), SCALE]
        return subprocess.run(command, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
