"""Programs that go with the program that started them, however it goes."""

import ctypes
import os
import signal
from multiprocessing import parent_process

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)  # loaded here: between fork and exec nothing may be


def end_with(parent: int) -> None:
    """Have the kernel kill this process when the thread of `parent` (a process number) that started it ends.

    Killed, not asked to end: Python hears a signal only when its main thread wakes, and one that another
    thread receives does not wake it. The program would stay, with its port. Linux only.
    """
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # gone before we could ask
        os._exit(1)


def end_with_starter() -> None:
    """Let a process that `multiprocessing` started end with whoever started it; any other goes on as it is."""
    starter = parent_process()
    if starter is not None and starter.pid is not None:
        end_with(starter.pid)
