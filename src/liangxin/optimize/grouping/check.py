"""Is a plan right? Held to the rules by other code than the solver's, slowly and plainly."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import hypot, isfinite

import numpy as np
from numpy.typing import NDArray

from liangxin.optimize.grouping.problem import NONE, GroupingProblem
from liangxin.optimize.grouping.solution import Group, LeftOutReason, Mode, Solution

METRES = 1e-6  # how far a length may be off, and
SHARE = 1e-9  # a sum, relative to its size

Place = tuple[float, float, int, int, int]  # x, y, site, street, industry
Ways = dict[Mode, tuple[float, float]]  # of each mode that is open: metres, and metres x weight


@dataclass(frozen=True)
class Fault:
    """One promise that a plan breaks; the text is Chinese, the units are indices."""

    code: str
    text: str
    units: tuple[int, ...] = ()


def faults(problem: GroupingProblem, solution: Solution) -> tuple[Fault, ...]:
    """Return everything that is wrong with a plan; () when it keeps every rule and its own figures."""
    check = _Check(problem)
    misplaced = tuple(check.misplaced(solution))
    if misplaced:  # what follows looks units up by their index, once each
        return misplaced
    found = [fault for group in solution.groups for fault in check.group_faults(group)]
    found += check.settled_faults(solution)
    found += check.limit_faults(solution)
    found += check.left_out_faults(solution)
    return (*found, *check.figure_faults(solution))


class _Check:
    """A problem in plain Python lists, which are quicker than arrays one item at a time."""

    def __init__(self, problem: GroupingProblem) -> None:
        units, branches = problem.units, problem.branches
        self.problem, self.rules = problem, problem.rules
        self.members: list[int] = units.members.tolist()
        self.pinned: list[int] = units.pinned.tolist()
        self.may_host: list[bool] = units.may_host.tolist()
        self.places = _places(units.x_m, units.y_m, units.site, units.street, units.industry)
        self.branch_places = _places(
            branches.x_m, branches.y_m, branches.site, branches.street, branches.industry
        )
        pairs: list[list[int]] = problem.forbidden.tolist()
        self.forbidden = {(min(pair), max(pair)) for pair in pairs}
        self.frozen = {tuple(sorted(group)) for group in problem.frozen}

    def names(self, units: tuple[int, ...]) -> str:
        """The units as people know them; the first seven, which is a whole group."""
        known = [self.problem.units.ids[u] for u in units[:7] if 0 <= u < len(self.members)]
        return "、".join(known) + ("等" if len(units) > 7 else "")

    def fault(self, code: str, units: tuple[int, ...], said: str) -> Fault:
        return Fault(code, f"{self.names(units)}：{said}。", units)

    # ---- every unit exactly once

    def misplaced(self, solution: Solution) -> Iterator[Fault]:
        """Units that are missing, doubled or unknown; hosts that are none; lists out of order."""
        size = len(self.members)
        times = Counter(unit for group in solution.groups for unit in group.units)
        times.update(out.unit for out in solution.left_out)
        unknown = tuple(sorted(unit for unit in times if not 0 <= unit < size))
        if unknown:
            yield Fault("unknown_unit", f"方案里有不存在的单位：{unknown[:7]}。", unknown)
        doubled = tuple(sorted(unit for unit, count in times.items() if count > 1))
        if doubled:
            yield self.fault("twice", doubled, "在方案里出现了不止一次")
        missing = tuple(unit for unit in range(size) if unit not in times)
        if missing:
            yield self.fault("missing", missing, "方案里没有，既不在组里也不在未联建名单里")
        yield from self._out_of_order(solution)
        for group in solution.groups:
            yield from self._misshapen(group)

    def _out_of_order(self, solution: Solution) -> Iterator[Fault]:
        firsts = [group.units[0] for group in solution.groups if group.units]
        if not _is_ascending(firsts) or not _is_ascending([o.unit for o in solution.left_out]):
            yield Fault("order", "组应按首个单位、未联建名单应按单位先后排列。")

    def _misshapen(self, group: Group) -> Iterator[Fault]:
        if not group.units or len({len(group.units), len(group.modes), len(group.ways_m)}) != 1:
            yield self.fault("shape", group.units, "单位、方式、路程的项数不一致或为空")
        if not _is_ascending(group.units):
            yield self.fault("order", group.units, "组里的单位没有按先后排列")
        joins = group.branch != NONE
        if joins and (group.host != NONE or not 0 <= group.branch < len(self.branch_places)):
            yield self.fault("host", group.units, "加入的现有支部不存在，或又另有牵头单位")
        if not joins and group.host not in group.units:
            yield self.fault("host", group.units, "牵头单位不在组里")

    # ---- one group

    def group_faults(self, group: Group) -> Iterator[Fault]:
        """Whether one group keeps sizes, reach, host, forbidden pairs and its own figures."""
        if group.is_frozen != (group.units in self.frozen):
            yield self.fault("frozen", group.units, "“已定的组”的标记与要求不符")
        elif group.is_frozen:
            yield from self._frozen_host_faults(group)
        elif group.branch != NONE:
            yield from self._place_faults(group)
        else:
            yield from self._size_faults(group)
        if not group.is_frozen:
            yield from self._forbidden_faults(group)
        yield from self._way_faults(group)
        if group.members != self.total_members(group.units):
            yield self.fault("members", group.units, f"党员人数写作 {group.members}，与名单不符")

    def total_members(self, units: tuple[int, ...]) -> int:
        return sum(self.members[unit] for unit in units)

    def _frozen_host_faults(self, group: Group) -> Iterator[Fault]:
        able = [unit for unit in group.units if self.may_host[unit]]
        if group.branch != NONE:
            yield self.fault("frozen", group.units, "已定的组不能改为加入现有支部")
        elif able and group.host not in able:
            yield self.fault("may_host", group.units, "牵头单位不得牵头，组里另有可牵头的单位")

    def _place_faults(self, group: Group) -> Iterator[Fault]:
        branches = self.problem.branches
        if len(group.units) > branches.free_units[group.branch]:
            yield self.fault("branch_places", group.units, "超过现有支部可接收的单位数")
        if self.total_members(group.units) > branches.free_members[group.branch]:
            yield self.fault("branch_places", group.units, "超过现有支部可接收的党员数")

    def _size_faults(self, group: Group) -> Iterator[Fault]:
        rules, members = self.rules, self.total_members(group.units)
        if not rules.min_units <= len(group.units) <= rules.largest_units:
            yield self.fault("units", group.units, f"共 {len(group.units)} 家单位，不合单位数要求")
        if not rules.min_members <= members <= rules.max_members:
            yield self.fault("size", group.units, f"共 {members} 名党员，不合人数要求")
        if not self.may_host[group.host]:
            yield self.fault("may_host", group.units, "牵头单位不得牵头")

    def _forbidden_faults(self, group: Group) -> Iterator[Fault]:
        for at, first in enumerate(group.units):
            for second in group.units[at + 1 :]:
                if (first, second) in self.forbidden:
                    yield self.fault("forbidden", (first, second), "不得同组，却在一组")

    # ---- ways and costs

    def ways(self, place: Place, host: Place) -> Ways:
        """Every mode by which a place may reach a host."""
        rules, metres = self.rules, hypot(place[0] - host[0], place[1] - host[1])
        found: Ways = {}
        if place[2] == host[2] != NONE:
            found[Mode.SITE] = (0.0, 0.0)
        if place[3] == host[3] != NONE and metres <= rules.street_radius_m + METRES:
            found[Mode.STREET] = (metres, metres * rules.street_weight)
        if place[4] == host[4] != NONE and metres <= rules.industry_radius_m + METRES:
            found[Mode.INDUSTRY] = (metres, metres * rules.industry_weight)
        return found

    def _open_ways(self, unit: int, group: Group) -> Ways:
        if unit == group.host:
            return {Mode.SITE: (0.0, 0.0)}
        hosts, host = (
            (self.places, group.host)
            if group.branch == NONE
            else (self.branch_places, group.branch)
        )
        place, end = self.places[unit], hosts[host]
        ways = self.ways(place, end)
        if not ways and group.is_frozen:
            metres = hypot(place[0] - end[0], place[1] - end[1])
            return {Mode.INDUSTRY: (metres, metres * self.rules.industry_weight)}
        return ways

    def _way_faults(self, group: Group) -> Iterator[Fault]:
        cost_mm = self._extra_mm(group)
        for unit, mode, way_m in zip(group.units, group.modes, group.ways_m, strict=True):
            ways = self._open_ways(unit, group)
            if mode not in ways:
                yield self.fault("reach", (unit,), f"不能以“{mode}”方式到牵头单位或支部")
                continue
            if not abs(ways[mode][0] - way_m) <= METRES:
                yield self.fault(
                    "way", (unit,), f"路程写作 {way_m:.1f} 米，应为 {ways[mode][0]:.1f} 米"
                )
            cheapest = min(weighted for _, weighted in ways.values())
            if ways[mode][1] > cheapest + METRES:
                yield self.fault("mode", (unit,), "没有取代价最小的方式")
            cost_mm += self.members[unit] * cheapest
        if not _is_close(cost_mm, group.cost_mm):
            yield self.fault(
                "cost", group.units, f"代价写作 {group.cost_mm:.1f}，应为 {cost_mm:.1f} 人·米"
            )

    def _extra_mm(self, group: Group) -> float:
        beyond = len(group.units) - self.rules.max_units if group.branch == NONE else 0
        return max(0, beyond) * self.rules.extra_unit_mm

    # ---- what people settled

    def settled_faults(self, solution: Solution) -> Iterator[Fault]:
        """Pins and frozen groups, over the whole plan."""
        made = {group.units for group in solution.groups if group.is_frozen}
        for units in sorted(self.frozen - made):
            yield self.fault("frozen", units, "已定的组没有保持原样")
        place = {unit: at for at, group in enumerate(solution.groups) for unit in group.units}
        together: dict[int, list[int]] = {}
        for unit, number in enumerate(self.pinned):
            if number != NONE:
                together.setdefault(number, []).append(unit)
        for units_pinned in together.values():
            if len({place.get(unit, NONE) for unit in units_pinned}) > 1:
                yield self.fault("pinned", tuple(units_pinned), "指定同组，却不在一组")

    def limit_faults(self, solution: Solution) -> Iterator[Fault]:
        """New branches per street, and one group at most per existing branch."""
        joined = Counter(group.branch for group in solution.groups if group.branch != NONE)
        for branch, count in sorted(joined.items()):
            if count > 1:
                name = self.problem.branches.ids[branch]
                yield Fault("branch_twice", f"现有支部 {name} 在方案里出现了不止一次。")
        made: Counter[int] = Counter()
        chosen: Counter[int] = Counter()
        for group in solution.groups:
            if group.branch == NONE:
                (made if group.is_frozen else chosen)[self.places[group.host][3]] += 1
        for street, limit in sorted(self.rules.new_groups_per_street.items()):
            if chosen[street] > max(0, limit - made[street]):
                count = chosen[street] + made[street]
                yield Fault("street_limit", f"街道 {street} 新建 {count} 组，上限 {limit} 组。")

    # ---- units left out

    def left_out_faults(self, solution: Solution) -> Iterator[Fault]:
        """Whether "nobody near" is said of those units, and only those, that no group can take."""
        near = _Near(self)
        for out in solution.left_out:
            claims_none = out.reason is LeftOutReason.TOO_FEW_NEAR
            if near.can_be_grouped(out.unit) == claims_none:
                said = "可以组成合格的组" if claims_none else "没有任何合格的组可以加入"
                yield self.fault("left_out", (out.unit,), f"未联建原因“{out.reason}”不对：{said}")

    # ---- figures of the whole plan

    def figure_faults(self, solution: Solution) -> Iterator[Fault]:
        """Whether objective and bound hold together."""
        fined = sum(o.reason is not LeftOutReason.TOO_FEW_NEAR for o in solution.left_out)
        objective = sum(group.cost_mm for group in solution.groups)
        objective += fined * self.rules.left_out_mm
        if not _is_close(objective, solution.objective_mm):
            said = f"总代价写作 {solution.objective_mm:.1f}，应为 {objective:.1f} 人·米。"
            yield Fault("objective", said)
        bound = solution.bound_mm
        if not isfinite(bound) or bound < 0:
            yield Fault("bound", f"下界 {bound} 不是有效的数。")
        elif bound > objective + METRES + SHARE * objective:
            yield Fault("bound", f"下界 {bound:.1f} 高于总代价 {objective:.1f}。")


class _Near:
    """Which units could stand in any group at all, by reach, sizes and free places alone."""

    def __init__(self, check: _Check) -> None:
        self.check, self.units = check, check.problem.units
        codes = (self.units.site, self.units.street, self.units.industry)
        self.sharing = [_positions_by_code(column) for column in codes]
        self.around: dict[int, Counter[int]] = {}
        self.known: dict[tuple[object, ...], bool] = {}

    def can_be_grouped(self, unit: int) -> bool:
        """Whether any existing branch could take the unit, or any host gather a group around it."""
        if self._is_taken_by_a_branch(unit):
            return True
        hosts = self.reachable(unit)
        return any(self._gathers(unit, host) for host in (unit, *hosts.tolist()))

    def reachable(self, unit: int) -> NDArray[np.int64]:
        """Indices of the other units that this one may reach; reach goes both ways."""
        site, street, industry = (
            sharing.get(code, _NOBODY)
            for sharing, code in zip(self.sharing, self.check.places[unit][2:], strict=True)
        )
        rules = self.check.rules
        parts = (
            site,
            street[self._metres(unit, street) <= rules.street_radius_m + METRES],
            industry[self._metres(unit, industry) <= rules.industry_radius_m + METRES],
        )
        found: NDArray[np.int64] = np.unique(np.concatenate(parts))
        others: NDArray[np.int64] = found[found != unit]
        return others

    def _metres(self, unit: int, others: NDArray[np.int64]) -> NDArray[np.float64]:
        x_m, y_m = self.units.x_m, self.units.y_m
        metres: NDArray[np.float64] = np.hypot(x_m[others] - x_m[unit], y_m[others] - y_m[unit])
        return metres

    def _is_taken_by_a_branch(self, unit: int) -> bool:
        branches, place = self.check.problem.branches, self.check.places[unit]
        free = (branches.free_units >= 1) & (branches.free_members >= self.check.members[unit])
        hosts = (self.check.branch_places[branch] for branch in np.flatnonzero(free))
        return any(self.check.ways(place, host) for host in hosts)

    def _gathers(self, unit: int, host: int) -> bool:
        """Whether some group of this host holds the unit; sizes of members are all that matters."""
        members, most = self.check.members, self.check.rules.largest_units
        if host not in self.around:
            self.around[host] = Counter(self.units.members[self.reachable(host)].tolist())
        others = self.around[host].copy()
        fixed: tuple[int, ...] = (members[host],)
        if unit != host:
            others[members[unit]] -= 1
            fixed = (members[host], members[unit])
        offered = tuple(sorted((size, min(count, most)) for size, count in others.items() if count))
        key = (fixed, offered)
        if key not in self.known:
            self.known[key] = self._adds_up(fixed, offered)
        return self.known[key]

    def _adds_up(self, fixed: tuple[int, ...], offered: tuple[tuple[int, int], ...]) -> bool:
        """Whether some of the offered sizes, added to the fixed ones, make a group of lawful size."""
        rules, start = self.check.rules, sum(fixed)
        sums = {(len(fixed), start)}
        for size, count in offered:
            more = range(count + 1)
            sums = {(units + k, total + k * size) for units, total in sums for k in more}
            sums = {s for s in sums if s[0] <= rules.largest_units and s[1] <= rules.max_members}
        return any(
            units >= rules.min_units and rules.min_members <= total <= rules.max_members
            for units, total in sums
        )


_NOBODY = np.zeros(0, np.int64)


def _places(*columns: NDArray[np.float64] | NDArray[np.int64]) -> list[Place]:
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _positions_by_code(codes: NDArray[np.int64]) -> dict[int, NDArray[np.int64]]:
    order = np.argsort(codes, kind="stable")
    values, starts = np.unique(codes[order], return_index=True)
    parts = np.split(order, starts[1:]) if len(values) else []
    shared = dict(zip(values.tolist(), parts, strict=True))
    shared.pop(NONE, None)
    return shared


def _is_ascending(numbers: list[int] | tuple[int, ...]) -> bool:
    return all(first < second for first, second in pairwise(numbers))


def _is_close(first: float, second: float) -> bool:
    return abs(first - second) <= METRES * 1000 + SHARE * abs(first)
