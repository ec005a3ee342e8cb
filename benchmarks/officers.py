"""How long pages take while 50 officers work at once, on SQLite and on PostgreSQL.

The real server answers (`liangxin serve`, production mode, as many web workers as it starts by itself),
over a fresh ledger of 200,000 organisations. The officers' requests come from the same machine. Limit:
p95 of all requests within 500 ms, no error. LIANGXIN_BENCH_SCALES sets another size than 10.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SCALE = os.environ.get("LIANGXIN_BENCH_SCALES", "10").split(",")[-1]
# Known openly: what they would protect is made up and gone when the measurement ends.
SECRETS = {
    "LIANGXIN_SECRET_KEY": "a key for a stopwatch, gone with its folder",
    "LIANGXIN_FIELD_KEYS": "bench:a key for a stopwatch that is gone with its folder",
}


def main() -> int:
    """Run both databases; the exit code is 1 where a limit was missed."""
    launcher = [sys.executable, "-m", "liangxin.config.postgres_launcher"]
    missed = [before for before in ([], launcher) if not _holds(before)]
    return 1 if missed else 0


def _holds(before: list[str]) -> bool:
    with tempfile.TemporaryDirectory(prefix="liangxin-bench-") as folder:
        environment = {
            **os.environ,
            **SECRETS,
            "LIANGXIN_MODE": "production",
            "LIANGXIN_HTTPS": "no",
            "LIANGXIN_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "liangxin.config.settings",
        }
        command = [*before, sys.executable, str(HERE / "_office_hours.py"), SCALE]
        return subprocess.run(command, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
