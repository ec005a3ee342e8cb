"""HiGHS for the programs of this room: quiet, on one thread, and in whole numbers within a limit of work."""

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from liangxin.optimize.grouping.problem import Floats, Ints

GAP = 1e-6  # of the cost, between what was found and what none is below, that counts as none
INTERRUPT = highspy.cb.HighsCallbackType.kCallbackMipInterrupt
HUNDREDTH = 1e-6  # how far from hundredths of a member-metre costs may be and still count as such


class Program(highspy.Highs):
    """A linear program that grows by rows and columns; columns are never negative."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        # The constructor of highspy.Highs greets, which would stand in what commands print as JSON.
        super(highspy.Highs, self).__init__()
        self.set(output_flag=False, threads=1, **options)

    def set(self, **options: Any) -> None:
        """Set options of HiGHS."""
        for name, value in options.items():
            self.setOptionValue(name, value)

    def add_rows(self, least: NDArray[np.generic], most: NDArray[np.generic]) -> None:
        """Add rows without entries and the limits of their sums."""
        for low, high in zip(least.tolist(), most.tolist(), strict=True):
            self.addRow(low, high, 0, np.zeros(0, np.int32), np.zeros(0))

    def add_columns(self, cost: Floats, column: Ints, row: Ints, value: Floats) -> None:
        """Add columns with these entries; those of one place are summed."""
        height = self.getNumRow()
        key, entry = np.unique(column * height + row, return_inverse=True)
        summed = np.bincount(entry.ravel(), value, len(key)).astype(np.float64)
        start = np.searchsorted(key, np.arange(len(cost)) * height).astype(np.int32)
        index = (key % max(1, height)).astype(np.int32)
        least, most = np.zeros(len(cost)), np.full(len(cost), highspy.kHighsInf)
        self.addCols(len(cost), cost, least, most, len(index), start, index, summed)

    def solve_whole(
        self, *, most_rounds: int, start: Floats | None = None
    ) -> tuple[Floats | None, float]:
        """Return the best values in whole numbers found, None where there are none, and what none costs less than.

        HiGHS asks whether to go on after each round of cuts and at each node. Their number is the limit of
        work: unlike time it is the same on every machine, so that plans are. Begun from `start`, presolve
        must be off: HiGHS 1.16 gives the start out for the best where presolve leaves little over.
        """
        columns = self.getNumCol()
        whole = np.full(columns, highspy.HighsVarType.kInteger)
        self.changeColsIntegrality(columns, np.arange(columns, dtype=np.int32), whole)
        self.set(mip_rel_gap=GAP)
        if start is not None:
            known = highspy.HighsSolution()
            known.col_value = start.tolist()
            self.setSolution(known)
        step, rounds = step_of(np.array(self.getLp().col_cost_)), 0

        def is_over(best: float, least: float) -> bool:
            return bool(best - least < step * (1 - GAP))

        def look(kind: object, text: str, found: Any, answer: Any, data: object) -> None:
            nonlocal rounds
            rounds += 1
            is_done = rounds > most_rounds or is_over(found.mip_primal_bound, found.mip_dual_bound)
            answer.user_interrupt = int(is_done or bool(interrupts))

        super(highspy.Highs, self).setCallback(look, None)
        super(highspy.Highs, self).startCallback(INTERRUPT)
        with interrupts_noted() as interrupts:
            self.run()
        told, solution = self.getInfo(), self.getSolution()
        if told.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None, float(told.mip_dual_bound)
        best, least = told.objective_function_value, told.mip_dual_bound
        return np.rint(solution.col_value), float(best if is_over(best, least) else least)


@contextmanager
def interrupts_noted() -> Iterator[list[int]]:
    """Note Ctrl+C while HiGHS works, which would lose what its question raises; raise it afterwards."""
    noted: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield noted
        return
    signal.signal(signal.SIGINT, lambda number, frame: noted.append(number))
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)
    if noted:
        before(noted[0], None)


def step_of(costs: Floats) -> float:
    """Return what all costs are multiples of, 0 where they are no hundredths: no two sums are nearer than that."""
    hundredths = np.rint(costs * 100)
    if np.abs(costs * 100 - hundredths).max(initial=0.0) > HUNDREDTH:
        return 0.0
    return float(np.gcd.reduce(hundredths.astype(np.int64), initial=0)) / 100
