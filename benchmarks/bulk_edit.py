"""How long one change of 20,000 organisations takes: seen, made, undone; on SQLite and on PostgreSQL.

Each database is fresh, in a process of its own; PostgreSQL is a temporary one. No limit is set; the
numbers are printed.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run both databases; the exit code is 1 where one of them failed."""
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
        command = [*before, sys.executable, str(HERE / "_bulk_edits.py")]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
