"""Targets as columns of a packing: what each is worth and what it takes of firms, quotas and groups."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from liangxin.optimize.targets.problem import NONE, Floats, TargetProblem
from liangxin.optimize.targets.solution import Target, TargetKind


@dataclass(frozen=True)
class Prices:
    """Duals: what a firm, a new member in a street (by firm), and a place in a group are worth."""

    firm: Floats
    member: Floats  # per firm: of its street
    place: Floats
    street: dict[int, float]


class Columns:
    """Columns in the order they were found, each once."""

    def __init__(self, problem: TargetProblem) -> None:
        self.problem = problem
        self.targets: list[Target] = []
        self.streets = sorted(problem.quota)
        self._known: set[tuple[object, ...]] = set()

    def add(self, target: Target) -> bool:
        """Keep a target; False where the same one is kept already."""
        key = (target.units, target.new, target.host, target.group)
        if key in self._known:
            return False
        self._known.add(key)
        self.targets.append(target)
        return True

    @property
    def values(self) -> Floats:
        return np.array([target.value for target in self.targets], dtype=np.float64)

    def rows(self) -> tuple[csr_array, Floats]:
        """Return what each column takes of each firm, street and group, and how much there is."""
        firms, groups = len(self.problem.firms), len(self.problem.groups)
        rows, columns, amounts = [], [], []
        for column, target in enumerate(self.targets):
            for row, amount in self._taken(target):
                rows.append(row)
                columns.append(column)
                amounts.append(amount)
        size = (firms + len(self.streets) + groups, len(self.targets))
        taken = csr_array((np.array(amounts, np.float64), (rows, columns)), shape=size)
        quota = [float(self.problem.quota[street]) for street in self.streets]
        there = np.concatenate([np.ones(firms), quota, self.problem.groups.places])
        return taken, there.astype(np.float64)

    def prices(self, duals: Floats) -> Prices:
        """Split the duals of `rows` by what they belong to."""
        size, count = len(self.problem.firms), len(self.streets)
        street = dict(zip(self.streets, duals[size : size + count].tolist(), strict=True))
        member = np.array([street.get(code, 0.0) for code in self.problem.firms.street.tolist()])
        return Prices(duals[:size], member, duals[size + count :], street)

    def _taken(self, target: Target) -> Sequence[tuple[int, int]]:
        firms = self.problem.firms
        taken = [(unit, 1) for unit in target.units]
        used: dict[int, int] = {}
        for unit, new in zip(target.units, target.new, strict=True):
            code = int(firms.street[unit])
            if new and code in self.problem.quota:
                used[code] = used.get(code, 0) + new
        size = len(firms)
        taken += [(size + self.streets.index(code), new) for code, new in used.items()]
        if target.group != NONE:
            taken.append((size + len(self.streets) + target.group, 1))
        return taken


def first_target(problem: TargetProblem, unit: int) -> Target:
    """A first member where one is asked for."""
    value = float(problem.firms.first_gain[unit]) - problem.rules.member_cost
    return Target(kind=TargetKind.FIRST, units=(unit,), new=(1,), value=value)


def join_target(problem: TargetProblem, unit: int, group: int, way_m: float) -> Target:
    """One more firm, with its first member, in a group with room."""
    firms, rules = problem.firms, problem.rules
    value = float(firms.gain[unit] + firms.first_gain[unit])
    value -= rules.member_cost + rules.way_cost * way_m
    return Target(kind=TargetKind.JOIN, units=(unit,), new=(1,), group=group, value=value)


def star_target(
    problem: TargetProblem, units: Sequence[int], new: Sequence[int], host: int, ways_m: Floats
) -> Target:
    """A new branch around a host."""
    firms, rules = problem.firms, problem.rules
    value = float(firms.gain[list(units)].sum()) - rules.member_cost * sum(new)
    value -= rules.way_cost * float(ways_m.sum())
    value += sum(float(firms.first_gain[unit]) for unit in units if firms.members[unit] == 0)
    order = sorted(range(len(units)), key=lambda place: units[place])
    return Target(
        kind=TargetKind.OWN if len(units) == 1 else TargetKind.JOINT,
        units=tuple(units[place] for place in order),
        new=tuple(new[place] for place in order),
        host=host,
        value=value,
    )
