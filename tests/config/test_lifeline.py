"""A process that asks for it is gone when the one that started it was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.programs import children, command_line, until

TEAM = """
import time
from liangxin.config.cli.plan_team import hired_team

if __name__ == "__main__":
    with hired_team(workers=2, scheduler=None) as team:
        team.run(time.sleep, [0.0, 0.0], on_done=lambda count: count == 2 and print("ready", flush=True))
        time.sleep(600)
"""
ORPHAN = """
import sys
from liangxin.config.lifeline import end_with
end_with(int(sys.argv[1]))
print("still here")
"""
STARTER = """
import os, subprocess, time
from functools import partial
from liangxin.config.lifeline import end_with
child = subprocess.Popen(["sleep", "600"], preexec_fn=partial(end_with, os.getpid()))
print(child.pid, flush=True)
time.sleep(600)
"""


def test_workers_of_a_plan_end_when_it_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "team.py"
    program.write_text(TEAM, encoding="utf-8")
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE) as plan:
        assert plan.stdout is not None
        assert plan.stdout.readline() == b"ready\n"
        workers = children(plan.pid)
        plan.kill()
        plan.wait()

    assert len(workers) >= 2
    until(lambda: not any(command_line(pid) for pid in workers))


@pytest.mark.parametrize(("is_ours", "told"), [(True, "still here\n"), (False, "")])
def test_one_whose_starter_is_gone_already_ends_at_once(*, is_ours: bool, told: str) -> None:
    starter = os.getpid() if is_ours else 2**22 + 1  # above any process number
    done = subprocess.run(
        [sys.executable, "-c", ORPHAN, str(starter)], capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.returncode) == (told, 0 if is_ours else 1)


def test_one_that_hears_no_signal_is_ended_too() -> None:
    with subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        child = int(starter.stdout.readline())
        os.kill(child, signal.SIGSTOP)
        starter.kill()
        starter.wait()

    until(lambda: not command_line(child))
