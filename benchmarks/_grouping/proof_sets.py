"""Odd sets of kinds for the proof: rows that no plan breaks, though halves of groups do.

Of an odd number of units no plan takes more than half of them, rounded down, in pairs, and a group with k
of them takes k // 2. Over columns that are all written down, such rows need no pricing: they are added until
the program's solution breaks none, and columns whose reduced cost then says that no better plan holds them
are left out.
"""

from itertools import combinations
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROUNDS = 30
LEAST_BROKEN = 0.01
MOST_AT_ONCE, MOST_OF_KIND = 300, 4
IN_PART = 1e-6


def lifted(
    solver: Any, count: Ints, rows: Ints, *, best_mm: float
) -> tuple[float, NDArray[np.bool_]]:
    """Return the value of the linear program with odd sets, and which columns may still matter.

    The program's first columns are those of `rows` (columns, units), -1 behind; no other column takes
    pairs. It is left with the sets as its last rows.
    """
    sets: set[tuple[int, ...]] = set()
    held = _held(rows, len(count))
    value_mm = -np.inf
    for _ in range(ROUNDS):
        solver.run()
        value_mm = float(solver.getInfo().objective_function_value)
        times = np.array(solver.getSolution().col_value)[: len(rows)]
        new = _broken(count, rows, held, times, known=sets)
        if not new:
            break
        for kinds in new:
            pairs = held[list(kinds)].sum(axis=0) // 2
            index = np.flatnonzero(pairs).astype(np.int32)
            most = float(count[list(kinds)].sum() // 2)
            solver.addRow(
                -highspy.kHighsInf, most, len(index), index, pairs[index].astype(np.float64)
            )
        sets.update(new)
    reduced = np.array(solver.getSolution().col_dual)[: len(rows)]
    return value_mm, reduced <= best_mm - value_mm + 1e-6


def _held(rows: Ints, kinds: int) -> Ints:
    """Return (kinds, columns) how many units of each kind a column holds."""
    held = np.zeros((kinds, len(rows)), np.int8)
    column, spot = np.nonzero(rows >= 0)
    np.add.at(held, (rows[column, spot], column), 1)
    return held


def _broken(
    count: Ints, rows: Ints, held: Ints, times: Floats, *, known: set[tuple[int, ...]]
) -> list[tuple[int, ...]]:
    """Return sets of one to three kinds that the solution takes too many pairs from, the worst first."""
    used = np.flatnonzero(times > IN_PART)
    inside, weight = held[:, used], times[used]
    parted = used[np.abs(times[used] - np.rint(times[used])) > IN_PART]
    near: dict[int, set[int]] = {}
    for row in rows[parted]:
        kinds = {int(kind) for kind in row if kind >= 0}
        for kind in kinds:
            near.setdefault(kind, set()).update(kinds)
    tried = {
        tuple(sorted({first, *pair}))
        for first, others in near.items()
        for pair in combinations(sorted(others), 2)
    }
    tried |= {(kind,) for kind in near}
    found = []
    for kinds in sorted(tried - known):
        units = int(count[list(kinds)].sum())
        if units % 2:
            over = float((inside[list(kinds)].sum(axis=0) // 2) @ weight) - units // 2
            if over > LEAST_BROKEN:
                found.append((-over, kinds))
    number, chosen = np.zeros(len(count), np.int64), []
    for _, kinds in sorted(found):
        if number[list(kinds)].max() < MOST_OF_KIND and len(chosen) < MOST_AT_ONCE:
            number[list(kinds)] += 1
            chosen.append(kinds)
    return chosen
