"""The decorator of compiled loops, typed."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile on the first call and keep the machine code beside the source file."""
    made: Callable[P, R] = njit(cache=True)(function)
    return made
