"""Run every check in order and sum up: `python3 run.py test`, or the quick part with `check`.

All steps run even when one fails; the exit code is 1 if any failed.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)\b")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SETTINGS = "--settings=liangxin.config.settings"
PYTEST = ("python", "-m", "pytest")
POSTGRES = ("python", "-m", "liangxin.config.postgres_launcher", str(BIN / "python"))


@dataclass(frozen=True)
class Step:
    """One check: its title, its command within .venv/bin, whether it belongs to the quick part."""

    title: str
    command: Sequence[str]
    is_quick: bool = True


@dataclass(frozen=True)
class Result:
    """What a step came to; `counts` are pytest's."""

    step: Step
    code: int
    seconds: float
    counts: Counter[str]


STEPS = (
    Step("代码检查 ruff check", ("ruff", "check", ".")),
    Step("代码格式 ruff format", ("ruff", "format", "--check", ".")),
    Step("类型 mypy --strict", ("mypy", "--strict")),
    Step("依赖方向 lint-imports", ("lint-imports",)),
    Step("数据库迁移齐全", ("django-admin", "makemigrations", "--check", "--dry-run", SETTINGS)),
    Step("测试 SQLite", (*PYTEST, "-m", "not journey", "-n", "auto")),
    Step("测试 PostgreSQL", (*POSTGRES, *PYTEST[1:], "-m", "not journey", "-n", "auto"), False),
    # Each file builds districts of its own: a file stays with one worker.
    Step("浏览器旅程", (*PYTEST, "-m", "journey", "-n", "auto", "--dist", "loadfile"), False),
)


def main(arguments: Sequence[str]) -> int:
    """Run the steps of the verb, print the table and return the exit code."""
    steps = [step for step in STEPS if arguments[:1] == ["test"] or step.is_quick]
    with tempfile.TemporaryDirectory(prefix="liangxin-test-") as folder:
        results = [run_step(step, environment=test_environment(folder)) for step in steps]
    print(table(results))
    print(closing_line(results))
    return int(any(result.code for result in results))


def test_environment(folder: str) -> dict[str, str]:
    """Return the environment of a test run: nothing of the developer's own data is touched."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIANGXIN_")}
    # Where Python is told to leave no bytecode behind, some five hundred programs of the tests would each
    # compile Django again, which takes longer than all that they do: they keep it in the run's own folder.
    if kept.pop("PYTHONDONTWRITEBYTECODE", ""):
        kept["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
    own = {"LIANGXIN_MODE": "test", "LIANGXIN_DATA_DIR": folder, "PYTHONUNBUFFERED": "1"}
    return {**kept, **own}


def run_step(step: Step, *, environment: dict[str, str]) -> Result:
    """Run one step, showing its output as it comes."""
    print(f"\n── {step.title}", flush=True)
    start = time.monotonic()
    command = [str(BIN / step.command[0]), *step.command[1:]]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    counts: Counter[str] = Counter()
    for line in process.stdout or ():
        print(line, end="", flush=True)
        counts = closing_counts(line) or counts
    return Result(step, process.wait(), time.monotonic() - start, counts)


def closing_counts(line: str) -> Counter[str]:
    """Return pytest's counts when the line is its closing line; nothing otherwise."""
    if not re.search(r" in [\d.]+s", line):
        return Counter()
    found = COUNT.findall(COLOUR.sub("", line))
    return Counter({word.removesuffix("s"): int(number) for number, word in found})


def table(results: Sequence[Result]) -> str:
    """Return a plain table of outcomes and times."""
    rows = [f"\n{padded('步骤', 24)}{padded('结果', 8)}用时"]
    for result in results:
        outcome = "未通过" if result.code else "通过"
        tests = "，".join(f"{number} {word}" for word, number in result.counts.items())
        time_taken = f"{result.seconds:6.1f} 秒"
        rows.append(f"{padded(result.step.title, 24)}{padded(outcome, 8)}{time_taken}  {tests}")
    return "\n".join(rows)


def padded(text: str, width: int) -> str:
    """Fill up with blanks, a Chinese character counting two columns."""
    taken = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * max(1, width - taken)


def closing_line(results: Sequence[Result]) -> str:
    """Return the sum of all tests; a step that failed without a failed test counts as one failure."""
    total: Counter[str] = Counter()
    for result in results:
        total += result.counts
        if result.code and not result.counts["failed"] + result.counts["error"]:
            total["failed"] += 1
    seconds = sum(result.seconds for result in results)
    failed = total["failed"] + total["error"]
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    return f"{total['passed']} passed, {failed} failed{skipped} in {seconds:.1f}s"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
