"""One measured step in a process of its own, stopped when it takes more than it may."""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

MB = 1024 * 1024
OUT_OF_MEMORY = ("MemoryError", "bad_alloc", "annot allocate memory", "Unable to allocate")
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True)
class Outcome:
    """How a step ended: what it answered, or why it did not; CPU and peak memory of its process."""

    answer: dict[str, Any] | None  # the last line it printed, JSON; {} where none
    said: str  # empty where it answered
    cpu_s: float
    peak_mb: float


def measured(command: list[str], *, cpu_s: int = 3600, memory_mb: int = 0) -> Outcome:
    """Run a step within CPU seconds and, unless 0, megabytes of address space; one thread in libraries.

    The caller should be small: a process counts what its parent held when it was begun.
    """

    def limit_itself() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 5))
        if memory_mb:
            resource.setrlimit(resource.RLIMIT_AS, (memory_mb * MB, memory_mb * MB))

    environment = {**os.environ, **dict.fromkeys(ONE_THREAD, "1"), "PYTHONPATH": ""}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        step = subprocess.Popen(
            command, stdout=output, stderr=errors, env=environment, preexec_fn=limit_itself
        )
        _, status, used = os.wait4(step.pid, 0)
        step.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        text, wrong = output.read().decode(), errors.read().decode(errors="replace")
    peak_mb = used.ru_maxrss / (MB if sys.platform == "darwin" else 1024)
    spent_s = used.ru_utime + used.ru_stime
    said = _why(step.returncode, wrong, cpu_s=cpu_s, memory_mb=memory_mb)
    answer = None if said else json.loads(text.splitlines()[-1]) if text else {}
    return Outcome(answer, said, spent_s, peak_mb)


def _why(code: int, wrong: str, *, cpu_s: int, memory_mb: int) -> str:
    if code == 0:
        return ""
    if code == -signal.SIGXCPU:
        return f"stopped at the limit of {cpu_s} CPU s"
    if memory_mb and any(sign in wrong for sign in OUT_OF_MEMORY):
        return f"stopped at the limit of {memory_mb / 1024:.0f} GB"
    return f"failed ({code}): {wrong.strip()[-400:]}"


def spent_cpu_s() -> float:
    """CPU seconds of this process and of the children it has waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def peak_mb() -> float:
    """The most memory that this process has held so far, or one of its children."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    most = max(resource.getrusage(who).ru_maxrss for who in whose)
    return most / (MB if sys.platform == "darwin" else 1024)
