"""Whether the process that left something behind still runs."""

import os


def is_running(process: str) -> bool:
    """Whether a process of this machine has the number; False for what is no number."""
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:  # it runs, under another account
        return True
    return True
