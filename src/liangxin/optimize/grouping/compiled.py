"""The decorator of compiled loops, typed, and where their machine code is kept."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import numba
from numba import njit

P = ParamSpec("P")
R = TypeVar("R")
HERE = Path(__file__).parent


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile on the first call and keep the machine code for the next process."""
    made: Callable[P, R] = njit(cache=True)(function)
    return made


def fingerprint(folder: Path = HERE) -> str:
    """A name that differs whenever the source of any compiled loop in the folder differs."""
    told = hashlib.sha256()
    for file in sorted(folder.glob("_kernels*.py")):
        told.update(file.name.encode() + b"\0" + file.read_bytes())
    return told.hexdigest()[:16]


def _cache_folder() -> Path:
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        base = Path(given)
    elif os.access(HERE, os.W_OK):
        base = HERE / "__pycache__"
    else:
        # Nowhere to keep it: each process compiles for itself, rather than not at all.
        base = Path(tempfile.mkdtemp(prefix="liangxin-compiled-"))
    return base / f"compiled-{fingerprint()}"


# numba looks at the file of a loop alone: after an upgrade that changed a loop called from another
# file, it would go on running the old machine code.
numba.config.CACHE_DIR = str(_cache_folder())  # type: ignore[attr-defined]
