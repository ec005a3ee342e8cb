"""How long it takes to put the largest street into another, beside bare SQL that writes the same rows.

With 200,000 organisations, on SQLite and on PostgreSQL; each database is fresh, in a process of its own.
LIANGXIN_BENCH_SCALES sets another size than 10.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SCALE = os.environ.get("LIANGXIN_BENCH_SCALES", "10").split(",")[-1]


def main() -> int:
    """Run both databases; the exit code is 1 where the ledger was not as before after the undo."""
    launcher = [sys.executable, "-m", "liangxin.config.postgres_launcher"]
    return max(_run(before) for before in ([], launcher))


def _run(before: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="liangxin-bench-") as folder:
        environment = {
            **os.environ,
            "LIANGXIN_MODE": "demo",
            "LIANGXIN_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "liangxin.config.settings",
        }
        command = [*before, sys.executable, str(HERE / "_street_merge.py"), SCALE]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
