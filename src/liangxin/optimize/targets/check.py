"""Are the targets lawful? Held to the rules by other code than the solver's."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot, inf, isfinite

from liangxin.optimize.targets.problem import NONE, Firms, OpenGroups, TargetProblem
from liangxin.optimize.targets.solution import Solution, Target, TargetKind

METRES = 1e-6
SHARE = 1e-6


@dataclass(frozen=True)
class Fault:
    """One promise that the targets break; the text is Chinese, firms are indices."""

    code: str
    text: str
    units: tuple[int, ...] = ()


def faults(problem: TargetProblem, solution: Solution) -> tuple[Fault, ...]:
    """Return everything that is wrong with the targets; () when they keep every rule."""
    strange = [
        target.units
        for target in solution.targets
        if any(not 0 <= unit < len(problem.firms) for unit in target.units)
        or len(target.new) != len(target.units)
        or not target.units
    ]
    if strange:
        return tuple(Fault("shape", "发展目标里有不存在的单位。", units) for units in strange)
    found = [fault for target in solution.targets for fault in _target_faults(problem, target)]
    return (*found, *_shared_faults(problem, solution), *_figure_faults(solution))


def _target_faults(problem: TargetProblem, target: Target) -> Iterator[Fault]:
    firms = problem.firms
    value = -problem.rules.member_cost * sum(target.new)
    for unit, new in zip(target.units, target.new, strict=True):
        if new < 0 or (firms.members[unit] == 0 and new == 0):
            yield Fault("new", "没有党员的单位至少要发展 1 名。", (unit,))
        if firms.members[unit] == 0:
            value += float(firms.first_gain[unit])
        if target.kind is not TargetKind.FIRST:
            value += float(firms.gain[unit])
    match target.kind:
        case TargetKind.FIRST:
            yield from _first_faults(problem, target)
        case TargetKind.JOIN:
            yield from _join_faults(problem, target)
        case _:
            yield from _branch_faults(problem, target)
    ways_m = sum(_ways(problem, target))
    value -= problem.rules.way_cost * (ways_m if isfinite(ways_m) else 0.0)
    if not isfinite(ways_m):
        yield Fault("reach", "有单位不能到牵头单位或支部。", target.units)
    if abs(value - target.value) > SHARE * max(1.0, abs(value)):
        yield Fault("value", f"收益写作 {target.value:g}，应为 {value:g}。", target.units)


def _first_faults(problem: TargetProblem, target: Target) -> Iterator[Fault]:
    (unit, *others), firms = target.units, problem.firms
    if others or target.new != (1,) or firms.members[unit] or firms.first_gain[unit] <= 0:
        yield Fault("first", "只有应有党员而没有党员的单位，才作为首名党员的目标。", target.units)


def _join_faults(problem: TargetProblem, target: Target) -> Iterator[Fault]:
    if len(target.units) != 1 or target.new != (1,) or problem.firms.members[target.units[0]]:
        yield Fault("join", "加入已有支部的应是一家没有党员的单位，发展 1 名。", target.units)
    if not 0 <= target.group < len(problem.groups):
        yield Fault("group", "所加入的支部不存在。", target.units)


def _branch_faults(problem: TargetProblem, target: Target) -> Iterator[Fault]:
    firms, rules = problem.firms, problem.rules
    today = sum(int(firms.members[unit]) for unit in target.units)
    added = sum(target.new)
    if len(target.units) > rules.max_units:
        yield Fault("units", "单位数超过上限。", target.units)
    if not 1 <= added <= rules.most_new:
        yield Fault("new", "新发展人数不合要求。", target.units)
    if today >= rules.min_members or not rules.min_members <= today + added <= rules.max_members:
        yield Fault("members", "党员人数不合要求，或不发展也够数。", target.units)
    if target.host not in target.units:
        yield Fault("host", "牵头单位不在其中。", target.units)
    elif firms.members[target.host] == 0:
        own = target.new[target.units.index(target.host)]
        if own != added:
            yield Fault("host", "没有党员的单位牵头时，只在它自己发展。", target.units)


def _ways(problem: TargetProblem, target: Target) -> Iterator[float]:
    """Metres of each firm to where it gathers."""
    ends: Firms | OpenGroups = problem.firms
    end = target.host
    if target.kind is TargetKind.JOIN:
        ends, end = problem.groups, target.group
    if not 0 <= end < len(ends):
        return
    for unit in target.units:
        is_host = target.kind is not TargetKind.JOIN and unit == end
        yield 0.0 if is_host else _way_m(problem, unit, ends, end)


def _way_m(problem: TargetProblem, unit: int, ends: Firms | OpenGroups, end: int) -> float:
    firms, rules = problem.firms, problem.rules
    if firms.site[unit] == ends.site[end] != NONE:
        return 0.0
    metres = hypot(firms.x_m[unit] - ends.x_m[end], firms.y_m[unit] - ends.y_m[end])
    if firms.street[unit] == ends.street[end] != NONE and metres <= rules.street_radius_m + METRES:
        return metres
    same_trade = firms.industry[unit] == ends.industry[end] != NONE
    return metres if same_trade and metres <= rules.industry_radius_m + METRES else inf


def _shared_faults(problem: TargetProblem, solution: Solution) -> Iterator[Fault]:
    times = Counter(unit for target in solution.targets for unit in target.units)
    for unit, count in times.items():
        if count > 1:
            yield Fault("twice", "一家单位出现了不止一次。", (unit,))
    taken: Counter[int] = Counter()
    joined = Counter(t.group for t in solution.targets if t.kind is TargetKind.JOIN)
    for target in solution.targets:
        for unit, new in zip(target.units, target.new, strict=True):
            taken[int(problem.firms.street[unit])] += new
    for street, limit in problem.quota.items():
        if taken[street] > limit:
            yield Fault("quota", f"街道 {street} 用了 {taken[street]} 个名额，只有 {limit} 个。")
    for group, count in joined.items():
        if 0 <= group < len(problem.groups) and count > problem.groups.places[group]:
            yield Fault("places", "加入的单位超过了支部的空位。")


def _figure_faults(solution: Solution) -> Iterator[Fault]:
    objective = sum(target.value for target in solution.targets)
    if abs(objective - solution.objective) > SHARE * max(1.0, abs(objective)):
        yield Fault("objective", f"总收益写作 {solution.objective:g}，应为 {objective:g}。")
    if not isfinite(solution.bound) or solution.bound < objective - SHARE * max(1.0, objective):
        yield Fault("bound", f"上界 {solution.bound:g} 低于总收益 {objective:g}。")
