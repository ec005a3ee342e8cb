"""Sorted numbers without doubles."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def distinct(numbers: Ints) -> Ints:
    """Return the numbers in ascending order, each once.

    `numpy.unique` without its options hashes them (since numpy 2.3), which takes some twenty times as long.
    """
    ordered = np.sort(numbers, kind="stable")
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]
