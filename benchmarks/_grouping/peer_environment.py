"""Bring .venv-peers, where the compared solvers stand, to requirements/peers.txt: `python peer_environment.py`.

Nothing else installs them. Uses the indexes that run.py uses; prints a line of JSON.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import run  # noqa: E402 - found once its folder is on the path

PEERS = ROOT / ".venv-peers"
LOCK = ROOT / "requirements" / "peers.txt"
STAMP = PEERS / "installed.txt"


def main() -> None:
    """Install unless this very lock is installed already."""
    python, mark = PEERS / "bin" / "python", run.fingerprint([LOCK])
    is_there = STAMP.exists() and STAMP.read_text(encoding="ascii") == mark
    if not (is_there and run.runs(str(python), "import numpy")):
        run.run_uv("venv", "--clear", "--python", sys.executable, str(PEERS))
        run.run_uv("pip", "install", "--python", str(python), "--require-hashes", "-r", str(LOCK))
        STAMP.write_text(mark, encoding="ascii")
    print(json.dumps({"lock": mark}))


if __name__ == "__main__":
    main()
