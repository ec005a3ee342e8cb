"""What people settled: frozen groups hosted at least cost, and pinned sets that cannot stand."""

import numpy as np

from liangxin.optimize.grouping._kernels import way
from liangxin.optimize.grouping.problem import (
    NONE,
    Flags,
    Floats,
    GroupingProblem,
    Ints,
    InvalidProblem,
)
from liangxin.optimize.grouping.reachable import place_arrays, rule_arrays


def frozen_host(problem: GroupingProblem, group: tuple[int, ...]) -> tuple[int, float]:
    """Return the host that costs least among those that may host, or among all, and the cost."""
    place, code = place_arrays(problem)
    reach, _ = rule_arrays(problem)
    able = [unit for unit in group if problem.units.may_host[unit]] or list(group)
    costs = [_frozen_cost(place, code, reach, group=group, host=host) for host in able]
    best = int(np.argmin(costs))
    extra = max(0, len(group) - problem.rules.max_units) * problem.rules.extra_unit_mm
    return able[best], costs[best] + extra


def _frozen_cost(
    place: Floats, code: Ints, reach: Floats, *, group: tuple[int, ...], host: int
) -> float:
    total = 0.0
    for unit in group:
        metres = way(place, code, reach, unit, host)
        if metres == np.inf:  # whatever the rules: it walks straight
            metres = float(np.hypot(*(place[unit] - place[host]))) * reach[4]
        total += float(code[unit, 0] * metres)
    return total


def pinned_sets(problem: GroupingProblem) -> list[tuple[int, ...]]:
    """Return the sets of two and more units that people pinned together, by their number."""
    sets: dict[int, list[int]] = {}
    for unit in np.flatnonzero(problem.units.pinned != NONE).tolist():
        sets.setdefault(int(problem.units.pinned[unit]), []).append(unit)
    return [tuple(units) for _, units in sorted(sets.items()) if len(units) > 1]


def check_pinned(problem: GroupingProblem, *, near: Flags, able: Flags) -> None:
    """Raise InvalidProblem, naming the units and the rule, where a pinned set can never stand."""
    for units in pinned_sets(problem):
        for unit in units:
            if not near[unit]:
                raise _refusal(problem, (unit,), "附近没有可联建的单位，不能指定同组")
        pairs = {frozenset(pair) for pair in problem.forbidden.tolist()}
        for at, first in enumerate(units):
            for second in units[at + 1 :]:
                if frozenset((first, second)) in pairs:
                    raise _refusal(problem, (first, second), "既指定同组，又不得同组")
        if not _joins_branch(problem, units):
            _check_new_group(problem, units, able)


def _check_new_group(problem: GroupingProblem, units: tuple[int, ...], able: Flags) -> None:
    rules, members = problem.rules, int(problem.units.members[list(units)].sum())
    if len(units) > rules.largest_units:
        raise _refusal(
            problem, units, f"指定同组 {len(units)} 家，超过上限 {rules.largest_units} 家"
        )
    if members > rules.max_members:
        raise _refusal(
            problem, units, f"指定同组共 {members} 名党员，超过上限 {rules.max_members} 名"
        )
    hosts = _common_hosts(problem, units, able)
    if not hosts:
        raise _refusal(problem, units, "没有一家可牵头的单位让指定同组的单位都够得着")
    if not any(_gathers(problem, units, host, able) for host in hosts):
        raise _refusal(
            problem,
            units,
            f"指定同组共 {members} 名党员，附近凑不成一个合格的组（至少 {rules.min_units} 家、{rules.min_members} 名党员）",
        )


def _common_hosts(problem: GroupingProblem, units: tuple[int, ...], able: Flags) -> list[int]:
    """Return the units that may host, that all of the set reach, and that none is barred from."""
    place, code = place_arrays(problem)
    reach, _ = rule_arrays(problem)
    allowed = problem.units.may_host & (able | _flags(units, len(able))) & ~_barred(problem, units)
    return [
        host
        for host in np.flatnonzero(allowed).tolist()
        if all(way(place, code, reach, unit, host) < np.inf for unit in units)
    ]


def _gathers(problem: GroupingProblem, units: tuple[int, ...], host: int, able: Flags) -> bool:
    """Whether the set, the host and others that reach it can be enough; the largest come first."""
    place, code = place_arrays(problem)
    reach, _ = rule_arrays(problem)
    together = tuple(sorted({*units, host}))
    room = problem.rules.largest_units - len(together)
    allowed = able & ~_flags(together, len(able)) & ~_barred(problem, together)
    others = [
        int(code[unit, 0])
        for unit in np.flatnonzero(allowed).tolist()
        if way(place, code, reach, unit, host) < np.inf
    ]
    own = int(problem.units.members[list(together)].sum())
    most = own + sum(sorted(others, reverse=True)[: max(0, room)])
    return (
        room >= 0
        and own <= problem.rules.max_members
        and most >= problem.rules.min_members
        and len(together) + min(room, len(others)) >= problem.rules.min_units
    )


def _joins_branch(problem: GroupingProblem, units: tuple[int, ...]) -> bool:
    place, code = place_arrays(problem)
    reach, _ = rule_arrays(problem)
    size, branches = len(problem.units), problem.branches
    members = int(problem.units.members[list(units)].sum())
    return any(
        branches.free_units[branch] >= len(units)
        and branches.free_members[branch] >= members
        and all(way(place, code, reach, unit, size + branch) < np.inf for unit in units)
        for branch in range(len(branches))
    )


def _barred(problem: GroupingProblem, units: tuple[int, ...]) -> Flags:
    """Say of each unit whether it must not share a group with one of these."""
    own = _flags(units, len(problem.units))
    barred = np.zeros(len(problem.units), np.bool_)
    first, second = problem.forbidden[:, 0], problem.forbidden[:, 1]
    barred[second[own[first]]] = True
    barred[first[own[second]]] = True
    return barred


def _flags(units: tuple[int, ...], size: int) -> Flags:
    flags = np.zeros(size, np.bool_)
    flags[list(units)] = True
    return flags


def _refusal(problem: GroupingProblem, units: tuple[int, ...], said: str) -> InvalidProblem:
    return InvalidProblem(f"{'、'.join(problem.units.ids[unit] for unit in units)}：{said}。")
