"""The program of stars of kinds: how often each is made, so that every item is in one or left out.

Linear, for prices; or in whole numbers, for a plan. Stars and odd sets are added as they are found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from liangxin.optimize.distinct import distinct
from liangxin.optimize.grouping._kernels_lifting import broken_sets
from liangxin.optimize.grouping.kinds import Joins, Kinds, KindSet, KindStars, Prices
from liangxin.optimize.grouping.problem import NONE, Floats, Ints
from liangxin.optimize.grouping.program import Program

LEAST_BROKEN = 0.02  # pairs above what an odd set has room for
MOST_OF_KIND = 3  # new sets of one round that a kind stands in
IN_PART = 1e-6
# Programs of cities end within two thirds of it; those of regular grids, where thousands of groups cost the same, never.
MOST_ROUNDS = 25
OPTIONS = {"solver": "simplex", "presolve": "off"}
# Neither beginning anew nor its searches for plans find anything here; on grids they take most of the time.
IN_VAIN = ("feasibility_jump", "rens", "rins", "root_reduced_cost")
WHOLE: dict[str, Any] = {"solver": "choose", "mip_allow_restart": False}
WHOLE |= {f"mip_heuristic_run_{name}": False for name in IN_VAIN}
DUAL, PRIMAL = 1, 4  # HiGHS's numbers of the two simplex methods


@dataclass(frozen=True)
class Taken:
    """A solution: how often each of the master's stars is made, and each of its joins."""

    value_mm: float
    stars: Floats
    joins: Floats


class Master:
    """The program, growing.

    Rows: kinds, classes of crowds, room in limited streets, units and members of branches, odd sets.
    Columns: kinds left out, joins, how many of a kind are told by its class, stars.
    """

    def __init__(self, kinds: Kinds, joins: Joins) -> None:
        self.kinds, self.joins = kinds, joins
        self.sets: list[KindSet] = []
        self.stars: list[KindStars] = []
        self.solver: Any = Program(OPTIONS)
        # New columns leave the last basis feasible, new rows leave its prices so: other methods start afresh.
        self.solver.set(simplex_strategy=PRIMAL)
        inside, size, crowds = kinds.instance, len(kinds), kinds.crowds
        room = np.concatenate([inside.street_room, inside.branch_free.T.ravel()])
        self.solver.add_rows(kinds.count, kinds.count)
        self.solver.add_rows(np.zeros(len(crowds)), np.zeros(len(crowds)))
        self.solver.add_rows(np.full(len(room), -np.inf), room)
        everyone = np.arange(size)
        self.solver.add_columns(inside.penalty, everyone, everyone, np.ones(size))
        branches, at = len(inside.branch_free), joins.kind
        first = self._first_street + len(inside.street_room)
        rows = np.stack([at, first + joins.branch, first + branches + joins.branch], axis=1)
        values = np.column_stack([np.ones(len(at)), kinds.sizes[at]])
        column = np.repeat(np.arange(len(at)), 3)
        self.solver.add_columns(joins.cost, column, rows.ravel(), values.ravel())
        told = np.flatnonzero(crowds.of_kind >= 0)
        rows = np.stack([told, size + crowds.of_kind[told]], axis=1)
        values = np.tile([1.0, -1.0], len(told))
        column = np.repeat(np.arange(len(told)), 2)
        self.solver.add_columns(np.zeros(len(told)), column, rows.ravel(), values)

    def add(self, stars: KindStars) -> None:
        """Add stars, each set of kinds once, at the host where it costs least."""
        order = np.lexsort([stars.cost, *np.sort(stars.rows, axis=1).T])
        ordered = np.sort(stars.rows, axis=1)[order]
        is_first = np.ones(len(order), np.bool_)
        is_first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
        stars = stars.chosen(order[is_first])
        column, spot = np.nonzero(stars.rows >= 0)
        rows, columns = [stars.rows[column, spot]], [column]
        street = self.kinds.instance.host_street[stars.host]
        limited = np.flatnonzero(street >= 0)
        rows, columns = [*rows, self._first_street + street[limited]], [*columns, limited]
        values = [np.ones(len(column) + len(limited))]
        for at, (within, pairs) in enumerate(self._pairs(stars.rows, self.sets), self._first_set):
            rows.append(np.full(len(within), at))
            columns.append(within)
            values.append(pairs)
        self.solver.add_columns(
            stars.cost, np.concatenate(columns), np.concatenate(rows), np.concatenate(values)
        )
        self.stars.append(stars)
        self.solver.set(simplex_strategy=PRIMAL)

    def cut(self, sets: list[KindSet]) -> None:
        """Let no solution take more pairs from an odd set than it holds."""
        first = self.solver.getNumCol() - sum(map(len, self.stars))
        every = np.concatenate([stars.rows for stars in self.stars])
        for kinds, (within, pairs) in zip(sets, self._pairs(every, sets), strict=True):
            most = float(self.kinds.count[list(kinds)].sum() // 2)
            index = (first + within).astype(np.int32)
            self.solver.addRow(-highspy.kHighsInf, most, len(index), index, pairs)
        self.sets += sets
        self.solver.set(simplex_strategy=DUAL)

    def solve(self) -> tuple[Taken, Prices]:
        """Return the solution of the linear program and the prices that prove it."""
        self.solver.run()
        solution = self.solver.getSolution()
        dual, size = np.array(solution.row_dual), len(self.kinds)
        inside, first = self.kinds.instance, self._first_street
        prices = Prices(
            np.minimum(dual[:size], inside.penalty),
            np.maximum(0.0, -dual[first : first + len(inside.street_room)]),
            tuple(self.sets),
            np.maximum(0.0, -dual[self._first_set :]),
        )
        return self._taken(np.array(solution.col_value)), prices

    def solve_whole(self, start: Taken) -> tuple[Taken, float]:
        """Return the best solution in whole numbers found, begun from one, and what none is below."""
        self._keep_apart()
        self.solver.set(**WHOLE)
        values, least_mm = self.solver.solve_whole(
            most_rounds=MOST_ROUNDS, start=self._values(start)
        )
        return (start if values is None else self._taken(values)), least_mm

    def broken(self, taken: Taken) -> list[KindSet]:
        """Return odd sets that the solution takes too many pairs from, the worst first."""
        times = taken.stars
        used = np.flatnonzero(times > IN_PART)
        rows = np.concatenate([stars.rows for stars in self.stars])[used]
        rows = np.where(rows < len(self.kinds), rows, NONE)
        times = times[used]
        parted = rows[np.abs(times - np.rint(times)) > IN_PART]
        start, near = _sharing(parted, len(self.kinds))
        found, over = broken_sets(self.kinds.count, rows, times, start, near, LEAST_BROKEN)
        known, number, new = set(self.sets), np.zeros(len(self.kinds), np.int64), []
        for at in np.argsort(-over, kind="stable"):
            kinds = tuple(int(kind) for kind in found[at] if kind >= 0)
            if kinds not in known and number[list(kinds)].max() < MOST_OF_KIND:
                number[list(kinds)] += 1
                new.append(kinds)
        return new

    # ----

    @property
    def _first_street(self) -> int:
        return len(self.kinds) + len(self.kinds.crowds)

    @property
    def _first_set(self) -> int:
        inside = self.kinds.instance
        return self._first_street + len(inside.street_room) + 2 * len(inside.branch_free)

    def _keep_apart(self) -> None:
        """Let no two kinds join one branch that may not meet; of stars, whoever adds them sees to it."""
        inside, first = self.kinds.instance, len(self.kinds)
        column = {
            pair: first + at
            for at, pair in enumerate(
                zip(self.joins.branch.tolist(), self.joins.kind.tolist(), strict=True)
            )
        }
        for (branch, kind), one in column.items():
            start, end = inside.forbidden_start[kind : kind + 2]
            for barred in inside.forbidden_item[start:end].tolist():
                other = column.get((branch, barred), one)
                if one < other:
                    both = np.array([one, other], np.int32)
                    self.solver.addRow(-highspy.kHighsInf, 1.0, 2, both, np.ones(2))

    def _values(self, taken: Taken) -> Floats:
        """Values of all columns of a solution in whole numbers; whom no star or join takes is left out."""
        kinds, size = self.kinds, len(self.kinds)
        rows = np.concatenate([stars.rows for stars in self.stars])
        times = np.repeat(taken.stars, rows.shape[1])[rows.ravel() >= 0]
        used = np.bincount(rows[rows >= 0], weights=times, minlength=size + len(kinds.crowds))
        rest = kinds.count - used[:size]
        np.subtract.at(rest, self.joins.kind, taken.joins)
        told = np.flatnonzero(kinds.crowds.of_kind >= 0)
        by_class = np.zeros(size)
        for kind in told.tolist():
            number = size + int(kinds.crowds.of_kind[kind])
            by_class[kind] = min(rest[kind], used[number])
            used[number] -= by_class[kind]
        return np.concatenate([rest - by_class, taken.joins, by_class[told], taken.stars])

    def _taken(self, value: Floats) -> Taken:
        first = len(self.kinds)
        last = first + len(self.joins.kind)
        stars = len(value) - sum(map(len, self.stars))
        return Taken(
            float(self.solver.getInfo().objective_function_value),
            stars=value[stars:],
            joins=value[first:last],
        )

    def _pairs(self, rows: Ints, sets: list[KindSet]) -> Iterator[tuple[Ints, Floats]]:
        """Yield for each set the stars that take pairs of items from it, and how many pairs."""
        order = np.argsort(rows, axis=None, kind="stable")
        start = np.searchsorted(rows.ravel()[order], np.arange(len(self.kinds) + 1))
        star = order // rows.shape[1]
        for kinds in sets:
            taking = np.concatenate([star[start[kind] : start[kind + 1]] for kind in kinds])
            stars, items = np.unique(taking, return_counts=True)
            yield stars[items > 1], (items[items > 1] // 2).astype(np.float64)


def _sharing(rows: Ints, kinds: int) -> tuple[Ints, Ints]:
    """Return starts and, by kind, the kinds that share one of these stars with it, itself among them."""
    keys = [np.arange(kinds) * (kinds + 1)]
    for one in range(rows.shape[1]):
        for other in range(rows.shape[1]):
            both = (rows[:, one] >= 0) & (rows[:, other] >= 0)
            keys.append(rows[both, one] * kinds + rows[both, other])
    first, second = np.divmod(distinct(np.concatenate(keys)), max(1, kinds))
    return np.searchsorted(first, np.arange(kinds + 1)).astype(np.int64), second
