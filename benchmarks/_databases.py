"""Runs a measurement on SQLite and on PostgreSQL, each fresh and in a process of its own.

PostgreSQL is a temporary one. LIANGXIN_BENCH_SCALES sets another size of the district than 10.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
SCALE = os.environ.get("LIANGXIN_BENCH_SCALES", "10").split(",")[-1]
DEMO = {"LIANGXIN_MODE": "demo"}


def run_on_both(script: str, *arguments: str, settings: Mapping[str, str] = DEMO) -> int:
    """Run a script of this folder on both; 1 where either ended with a fault or a missed limit."""
    launcher = [sys.executable, "-m", "liangxin.config.postgres_launcher"]
    ends = [_run(before, script, arguments, settings) for before in ([], launcher)]
    return 1 if any(ends) else 0


def _run(
    before: list[str], script: str, arguments: tuple[str, ...], settings: Mapping[str, str]
) -> int:
    with tempfile.TemporaryDirectory(prefix="liangxin-bench-") as folder:
        environment = {
            **os.environ,
            **settings,
            "LIANGXIN_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "liangxin.config.settings",
        }
        command = [*before, sys.executable, str(HERE / script), *arguments]
        return subprocess.run(command, env=environment, check=False).returncode
