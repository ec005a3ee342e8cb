"""From the arrays of a plan to the groups people read: hosts, modes, ways, reasons."""

from collections.abc import Iterator
from math import hypot, inf

import numpy as np

from liangxin.optimize.grouping._kernels import SLACK_M
from liangxin.optimize.grouping.instance import Instance
from liangxin.optimize.grouping.pace import Pace
from liangxin.optimize.grouping.plan import Plan
from liangxin.optimize.grouping.problem import NONE, Floats, GroupingProblem
from liangxin.optimize.grouping.settled import frozen_host
from liangxin.optimize.grouping.solution import Group, LeftOut, LeftOutReason, Mode, Solution

Place = tuple[float, float, int, int, int]


def answered(
    problem: GroupingProblem,
    instance: Instance,
    plan: Plan,
    *,
    bound_mm: float,
    pi: Floats,
    seed: int,
    pace: Pace,
) -> Solution:
    """Return the solution that a plan is, with the bound (without what is settled) and item prices."""
    groups = answered_groups(problem, instance, plan)
    left_out = answered_left_out(problem, instance, plan, groups)
    fined = sum(out.reason is not LeftOutReason.TOO_FEW_NEAR for out in left_out)
    objective_mm = sum(group.cost_mm for group in groups) + fined * problem.rules.left_out_mm
    prices = np.zeros(len(problem.units))
    prices[instance.unit] = np.repeat(pi / instance.item_size[:, 0], instance.item_size[:, 0])
    return Solution(
        groups=groups,
        left_out=left_out,
        objective_mm=float(objective_mm),
        bound_mm=bound_mm + instance.settled_mm,
        seconds=pace.seconds,
        seed=seed,
        effort=pace.stop.effort,
        is_reproducible=not pace.is_cut,
        prices=prices,
    )


def answered_groups(problem: GroupingProblem, instance: Instance, plan: Plan) -> tuple[Group, ...]:
    """Return the groups of the plan and the frozen ones, by their first unit."""
    groups = [_frozen_group(problem, units) for units in problem.frozen]
    item_units = np.split(instance.unit, instance.item_start[1:-1])
    for row in np.flatnonzero(plan.hosts >= 0).tolist():
        items = plan.rows[row][plan.rows[row] >= 0]
        units = sorted(int(unit) for item in items for unit in item_units[item])
        host = int(instance.unit[plan.hosts[row]])
        groups.append(_group(problem, tuple(units), host=host))
    for branch in range(len(problem.branches)):
        items = np.flatnonzero(plan.where == -2 - branch)
        if len(items):
            units = sorted(int(unit) for item in items for unit in item_units[item])
            groups.append(_group(problem, tuple(units), host=NONE, branch=branch))
    return tuple(sorted(groups, key=lambda group: group.units))


def answered_left_out(
    problem: GroupingProblem, instance: Instance, plan: Plan, groups: tuple[Group, ...]
) -> tuple[LeftOut, ...]:
    """Return every unit in no group and why, by unit."""
    grouped = {unit for group in groups for unit in group.units}
    reasons = dict.fromkeys(range(len(problem.units)), LeftOutReason.SETTLED)
    reasons.update(dict.fromkeys(_too_far(instance, plan), LeftOutReason.TOO_FAR))
    too_few = np.flatnonzero(instance.too_few_near).tolist()
    reasons.update(dict.fromkeys(too_few, LeftOutReason.TOO_FEW_NEAR))
    return tuple(LeftOut(unit, reason) for unit, reason in reasons.items() if unit not in grouped)


def _too_far(instance: Instance, plan: Plan) -> Iterator[int]:
    """Units left out that nobody pinned, forbade or limited."""
    full = np.append(plan.street_free <= 0, False)  # the last is for NONE, no limit
    for item in np.flatnonzero(plan.where == -1).tolist():
        unit = instance.item_start[item]
        is_single = instance.item_size[item, 0] == 1
        is_barred = instance.forbidden_start[item + 1] > instance.forbidden_start[item]
        if is_single and not is_barred and not full[instance.host_street[unit]]:
            yield int(instance.unit[unit])


def _frozen_group(problem: GroupingProblem, units: tuple[int, ...]) -> Group:
    host, _ = frozen_host(problem, units)
    return _group(problem, tuple(sorted(units)), host=host, is_frozen=True)


def _group(
    problem: GroupingProblem,
    units: tuple[int, ...],
    *,
    host: int,
    branch: int = NONE,
    is_frozen: bool = False,
) -> Group:
    rules = problem.rules
    end = _branch_place(problem, branch) if branch != NONE else _unit_place(problem, host)
    ways = [
        (0.0, Mode.SITE, 0.0) if unit == host else _way(problem, _unit_place(problem, unit), end)
        for unit in units
    ]
    members = problem.units.members[list(units)].tolist()
    extra = max(0, len(units) - rules.max_units) * rules.extra_unit_mm if branch == NONE else 0.0
    costs = (count * weighted for count, (weighted, _, _) in zip(members, ways, strict=True))
    return Group(
        units=units,
        host=host,
        branch=branch,
        modes=tuple(mode for _, mode, _ in ways),
        ways_m=tuple(metres for _, _, metres in ways),
        members=sum(members),
        cost_mm=float(sum(costs) + extra),
        is_frozen=is_frozen,
    )


def _way(problem: GroupingProblem, place: Place, end: Place) -> tuple[float, Mode, float]:
    """Return weighted metres, mode and metres of the cheapest mode; straight by industry if none."""
    rules = problem.rules
    metres = hypot(place[0] - end[0], place[1] - end[1])
    straight = metres * rules.industry_weight
    if place[2] == end[2] != NONE:
        return 0.0, Mode.SITE, 0.0
    street = industry = inf
    if place[3] == end[3] != NONE and metres <= rules.street_radius_m + SLACK_M:
        street = metres * rules.street_weight
    if place[4] == end[4] != NONE and metres <= rules.industry_radius_m + SLACK_M:
        industry = straight
    if street <= industry and street < inf:
        return street, Mode.STREET, metres
    return straight, Mode.INDUSTRY, metres


def _unit_place(problem: GroupingProblem, unit: int) -> Place:
    units = problem.units
    return (
        float(units.x_m[unit]),
        float(units.y_m[unit]),
        int(units.site[unit]),
        int(units.street[unit]),
        int(units.industry[unit]),
    )


def _branch_place(problem: GroupingProblem, branch: int) -> Place:
    branches = problem.branches
    return (
        float(branches.x_m[branch]),
        float(branches.y_m[branch]),
        int(branches.site[branch]),
        int(branches.street[branch]),
        int(branches.industry[branch]),
    )
