"""How low any plan could be: `python proof.py FILE OURS_MM SECONDS` prints what is proven as JSON.

Independent of the solver. Units alike in site, street, industry and members are one kind, with a count;
a column is a multiset of kinds with the host where it costs least.

1. The linear program over all columns, by column generation: the best star of every host is found exactly
   (its cheapest k of one member and l of two), until no column has a negative reduced cost. Its value L
   bounds every plan.
2. All columns of reduced cost at most t. A plan with any other column costs at least L + t; at t = best known
   - L nothing better is left out. Left out as well: columns that part into two of no higher cost, and
   groups within one site of more than five units. Any units of a site with three members and more part into
   lawful groups of cost 0, so that these need one yes/no per site and a number per kind.
3. HiGHS solves the integer program over these, at the largest t whose columns can be written down, with all
   the time there is: it proves the lower of its bound and L + t. What time is left goes to smaller t.

`best_mm` is the best integer plan found, `said` how far the proof got. Usual rules only.
"""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import highspy
import numpy as np
from numba import njit
from numpy.typing import NDArray
from proof_sets import lifted
from question import read_problem

from liangxin.optimize.grouping.problem import GroupingProblem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_STARS = 4_000_000  # written down at once, before the same columns of several hosts are merged
MOST_UNITS, LEAST_MEMBERS = 5, 3
EPSILON = 1e-7
ROUNDS = (1.0, 0.75, 0.5, 0.25)  # of the distance from L to the best known plan


def main(file: str, ours: str, seconds: str) -> None:
    """Prove what the time allows and print it."""
    until_s, ours_mm = time.monotonic() + float(seconds), float(ours)
    kinds = kinds_of(read_problem(Path(file)))
    proof = Proof(0.0, ours_mm, 0, "nobody can be covered")
    if len(kinds.count):
        pi, lp_mm = relaxed(kinds)
        proof = Proof(min(lp_mm, ours_mm), ours_mm, 0, f"LP {lp_mm:,.0f} alone")
        for part in ROUNDS:
            proof = proof.after_round(kinds, pi, lp_mm, part=part, until_s=until_s)
    taken_s = time.monotonic() - until_s + float(seconds)
    print(json.dumps({**vars(proof), "seconds": taken_s}))


@dataclass(frozen=True)
class Proof:
    """What is known: no plan costs less than proven, some plan costs best."""

    proven_mm: float
    best_mm: float
    columns: int
    said: str

    def after_round(
        self, kinds: "Kinds", pi: Floats, lp_mm: float, *, part: float, until_s: float
    ) -> "Proof":
        """Solve over the columns of one more t; self where there is no time or too many columns."""
        left_s, t_mm = until_s - time.monotonic(), part * (self.best_mm - lp_mm)
        found = _columns(kinds, pi, t_mm) if left_s > 0 and t_mm > 0 else None
        if found is None:
            return self
        lifted_mm, least_mm, plan_mm = solved(kinds, *found, best_mm=self.best_mm, until_s=until_s)
        best_mm = min(self.best_mm, plan_mm)
        reach_mm = best_mm if lp_mm + t_mm >= best_mm - 1e-6 else lp_mm + t_mm
        proven_mm = min(best_mm, max(self.proven_mm, min(least_mm, reach_mm)))
        said = f"LP {lp_mm:,.0f}, odd sets {lifted_mm:,.0f}, columns to {part:.0%} of the way, "
        said += "solved" if least_mm >= best_mm * (1 - 1e-6) else f"bound {least_mm:,.0f}"
        if proven_mm == self.proven_mm and best_mm == self.best_mm:
            return self
        return Proof(proven_mm, best_mm, len(found[0]), said)


@dataclass(frozen=True)
class Kinds:
    """Kinds that some group could take: members, how many units there are, metres between kinds."""

    members: Ints
    count: Ints
    metres: Floats  # infinite where one may not reach the other
    large_site: Ints  # a number where the kind stands in a site of more than five units, else -1
    left_out_mm: float


def kinds_of(problem: GroupingProblem) -> Kinds:
    """Aggregate like units; drop kinds that no group can hold."""
    units, rules = problem.units, problem.rules
    columns = [units.members, units.site, units.street, units.industry]
    alike, first, count = np.unique(
        np.column_stack(columns), axis=0, return_index=True, return_counts=True
    )
    members, site, street, industry = alike.T
    x_m, y_m = units.x_m[first], units.y_m[first]
    metres = np.hypot(x_m[:, None] - x_m[None, :], y_m[:, None] - y_m[None, :])
    is_street = (street[:, None] == street[None, :]) & (metres <= rules.street_radius_m)
    is_trade = (industry[:, None] == industry[None, :]) & (metres <= rules.industry_radius_m)
    metres = np.where(is_street | is_trade, metres, np.inf)
    metres[site[:, None] == site[None, :]] = 0.0
    kinds = Kinds(members, count, metres, _large(site, count), rules.left_out_mm)
    kept = np.flatnonzero(_in_any_column(kinds))
    return Kinds(
        members[kept],
        count[kept],
        metres[np.ix_(kept, kept)],
        kinds.large_site[kept],
        rules.left_out_mm,
    )


def _large(site: Ints, count: Ints) -> Ints:
    units = np.array([count[site == here].sum() for here in site])
    return np.where(units > MOST_UNITS, site, -1)


def _in_any_column(kinds: Kinds) -> NDArray[np.bool_]:
    """Three units, or two with three members, around any host make a group."""
    near = np.isfinite(kinds.metres)
    others = (near * kinds.count[None, :]).sum(axis=1) - 1
    pair = kinds.members[:, None] + kinds.members[None, :] >= LEAST_MEMBERS
    alone = (kinds.count == 1)[:, None] & np.eye(len(kinds.count), dtype=bool)
    joins = near & ~alone & (pair | (others >= 2)[None, :])
    return (others >= 2) | joins.any(axis=1)


# ---- 1: the linear program


def relaxed(kinds: Kinds) -> tuple[Floats, float]:
    """Return the prices and the value of the linear program over all columns."""
    size = len(kinds.count)
    solver = _program(kinds)
    while True:
        solver.run()
        pi = np.array(solver.getSolution().row_dual)
        rows, cost, reduced = best_stars(kinds.members, kinds.count, kinds.metres, pi)
        chosen = np.flatnonzero(reduced < -EPSILON)
        if not len(chosen):
            break
        _add(solver, rows[chosen], cost[chosen], size)
    # Rounding must not lift the bound: every star may still be this much below 0.
    slack = min(0.0, float(reduced.min(initial=0.0))) * kinds.count.sum() / 2
    return pi, float(pi @ kinds.count) + slack


def _program(kinds: Kinds) -> Any:
    """Return a program whose only columns leave units out."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    size = len(kinds.count)
    for count in kinds.count.tolist():
        solver.addRow(count, count, 0, np.zeros(0, np.int32), np.zeros(0))
    alone = np.full((size, MOST_UNITS), -1)
    alone[:, 0] = np.arange(size)
    _add(solver, alone, np.full(size, kinds.left_out_mm), size)
    return solver


def _add(solver: Any, rows: Ints, cost: Floats, size: int) -> None:
    """Add columns, a kind that stands twice in one counted twice."""
    many = len(rows)
    column, place = np.nonzero(rows >= 0)
    key, counts = np.unique(column * size + rows[column, place], return_counts=True)
    start = np.searchsorted(key, np.arange(many) * size).astype(np.int32)
    index, value = (key % size).astype(np.int32), counts.astype(np.float64)
    most = np.full(many, highspy.kHighsInf)
    solver.addCols(many, cost, np.zeros(many), most, len(index), start, index, value)


@njit(cache=True)
def best_stars(members, count, metres, pi):
    """Return, of every host and every mix of one- and two-member units, the star of least reduced cost."""
    size = len(count)
    rows = np.full((size * 16, MOST_UNITS), -1, np.int64)
    cost, reduced = np.zeros(size * 16), np.zeros(size * 16)
    made = 0
    for host in range(size):
        price = np.where(np.isfinite(metres[host]), members * metres[host] - pi, np.inf)
        nearest = np.full((2, MOST_UNITS - 1), -1, np.int64)
        number = np.zeros(2, np.int64)
        for kind in np.argsort(price):
            which = members[kind] - 1
            for _ in range(count[kind] - (1 if kind == host else 0)):
                if price[kind] == np.inf or number[which] == MOST_UNITS - 1:
                    break
                nearest[which, number[which]] = kind
                number[which] += 1
        for ones in range(number[0] + 1):
            for twos in range(min(number[1], MOST_UNITS - 1 - ones) + 1):
                if ones + twos == 0 or members[host] + ones + 2 * twos < LEAST_MEMBERS:
                    continue
                rows[made, 0], value, at = host, 0.0, 1
                total = -pi[host]
                for which in range(2):
                    for turn in range(ones if which == 0 else twos):
                        kind = nearest[which, turn]
                        rows[made, at] = kind
                        at += 1
                        value += members[kind] * metres[host, kind]
                        total += price[kind]
                cost[made], reduced[made] = value, total
                made += 1
    return rows[:made], cost[:made], reduced[:made]


# ---- 2: all columns that could matter


def _columns(kinds: Kinds, pi: Floats, t_mm: float) -> tuple[Ints, Floats] | None:
    """Return the columns, each once and at its cheapest host; None where there are too many."""
    rows, cost, made = stars_below(
        kinds.members, kinds.count, kinds.metres, kinds.large_site, pi, t_mm + EPSILON, MOST_STARS
    )
    if made > MOST_STARS:
        return None
    rows, cost = np.sort(rows[:made], axis=1)[:, ::-1], cost[:made]
    order = np.lexsort((cost, *rows.T))
    rows, cost = rows[order], cost[order]
    is_kept = np.ones(made, np.bool_)
    is_kept[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    rows, cost = np.ascontiguousarray(rows[is_kept]), cost[is_kept]
    is_needed = ~parts_in_two(kinds.members, kinds.metres, rows, cost)
    return rows[is_needed], cost[is_needed]


@njit(cache=True)
def star_cost(members, metres, row, bits):
    """Return what the chosen units of a row cost as a group; infinite where they are none."""
    total, units, best = 0, 0, np.inf
    for at in range(len(row)):
        if (bits >> at) & 1:
            total += members[row[at]]
            units += 1
    if units < 2 or total < LEAST_MEMBERS:
        return best
    for host in range(len(row)):
        cost = 0.0
        for at in range(len(row)):
            if (bits >> host) & (bits >> at) & 1:
                cost += members[row[at]] * metres[row[host], row[at]] if at != host else 0.0
        if (bits >> host) & 1 and cost < best:
            best = cost
    return best


@njit(cache=True)
def parts_in_two(members, metres, rows, cost):
    """Say of each column whether two lawful groups of the same units cost no more."""
    found = np.zeros(len(rows), np.bool_)
    for at in range(len(rows)):
        row = rows[at][rows[at] >= 0]
        whole = (1 << len(row)) - 1
        for bits in range(1, whole, 2):
            first = star_cost(members, metres, row, bits)
            if (
                first <= cost[at]
                and first + star_cost(members, metres, row, whole ^ bits) <= cost[at]
            ):
                found[at] = True
                break
    return found


@njit(cache=True)
def stars_below(members, count, metres, large_site, pi, t_mm, most):  # noqa: C901 - one compiled loop
    """Return all stars of reduced cost at most t but those within a large site, and how many.

    More than `most` where it gave up.
    """
    rows, cost = np.full((most, MOST_UNITS), -1, np.int64), np.zeros(most)
    made = 0
    for host in range(len(count)):
        price = np.where(np.isfinite(metres[host]), members * metres[host] - pi, np.inf)
        order = np.argsort(price)
        order = order[: np.count_nonzero(price < np.inf)]
        at = np.zeros(MOST_UNITS, np.int64)  # place in the order of each unit but the host
        depth, total = 1, np.zeros(MOST_UNITS + 1)
        held = np.zeros(MOST_UNITS + 1, np.int64)
        total[1], held[1] = -pi[host], members[host]
        at[1] = 0
        while depth >= 1:
            if depth == MOST_UNITS or at[depth] >= len(order):
                depth -= 1
                if depth >= 1:
                    at[depth] += 1
                continue
            kind = order[at[depth]]
            more = price[kind] if price[kind] >= 0 else price[kind] * (MOST_UNITS - depth)
            if total[depth] + more > t_mm:
                depth -= 1  # prices only rise from here
                if depth >= 1:
                    at[depth] += 1
                continue
            taken = 1 if kind == host else 0
            for before in range(1, depth):
                taken += at[before] == at[depth]
            if taken >= count[kind]:
                at[depth] += 1
                continue
            total[depth + 1] = total[depth] + price[kind]
            held[depth + 1] = held[depth] + members[kind]
            is_within = large_site[host] >= 0
            for turn in range(1, depth + 1):
                is_within &= large_site[order[at[turn]]] == large_site[host]
            is_enough = held[depth + 1] >= LEAST_MEMBERS
            if total[depth + 1] <= t_mm and is_enough and not is_within:
                if made == most:
                    return rows, cost, most + 1
                rows[made, 0] = host
                for turn in range(1, depth + 1):
                    other = order[at[turn]]
                    rows[made, turn] = other
                    cost[made] += members[other] * metres[host, other]
                made += 1
            if depth + 1 < MOST_UNITS:
                at[depth + 1] = at[depth]
            depth += 1
    return rows, cost, made


# ---- 3: the integer program


def solved(
    kinds: Kinds, rows: Ints, cost: Floats, *, best_mm: float, until_s: float
) -> tuple[float, float, float]:
    """Return the value of the program with odd sets, HiGHS's bound over the columns, and the best plan found.

    No plan found is told as `best_mm`; none that is better, by a bound of it.
    """
    solver, alone = _program(kinds), len(kinds.count)
    first = np.full((alone, MOST_UNITS), -1)
    first[:, 0] = np.arange(alone)
    if len(rows):
        _add(solver, rows, cost, alone)
    every = np.concatenate([first, rows])
    _add_large_sites(solver, kinds)
    lifted_mm, matters = lifted(solver, kinds.count, every, best_mm=best_mm)
    shut = np.flatnonzero(~matters).astype(np.int32)
    solver.changeColsBounds(len(shut), shut, np.zeros(len(shut)), np.zeros(len(shut)))
    columns = np.arange(solver.getNumCol(), dtype=np.int32)
    whole = np.full(len(columns), highspy.HighsVarType.kInteger)
    solver.changeColsIntegrality(len(columns), columns, whole)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("time_limit", max(0.0, until_s - time.monotonic()))
    solver.run()
    info = solver.getInfo()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return lifted_mm, best_mm, best_mm
    is_plan = info.primal_solution_status == highspy.kSolutionStatusFeasible
    plan_mm = float(info.objective_function_value) if is_plan else best_mm
    return lifted_mm, max(lifted_mm, float(info.mip_dual_bound)), plan_mm


def _add_large_sites(solver: Any, kinds: Kinds) -> None:
    """Let any units of a large site form groups of cost 0, if they have members enough."""
    for site in sorted(set(kinds.large_site.tolist()) - {-1}):
        inside = np.flatnonzero(kinds.large_site == site)
        first = solver.getNumRow()
        # Rows: members at least three times the yes/no; units of each kind at most count times it.
        solver.addRow(0.0, highspy.kHighsInf, 0, np.zeros(0, np.int32), np.zeros(0))
        for _ in inside:
            solver.addRow(-highspy.kHighsInf, 0.0, 0, np.zeros(0, np.int32), np.zeros(0))
        rows = np.arange(first, first + 1 + len(inside), dtype=np.int32)
        values = np.array([-LEAST_MEMBERS, *-kinds.count[inside]], np.float64)
        solver.addCol(0.0, 0.0, 1.0, len(rows), rows, values)
        for at, kind in enumerate(inside.tolist()):
            held = np.array([kind, first, first + 1 + at], np.int32)
            values = np.array([1.0, kinds.members[kind], 1.0])
            solver.addCol(0.0, 0.0, float(kinds.count[kind]), len(held), held, values)


if __name__ == "__main__":
    main(*sys.argv[1:])
