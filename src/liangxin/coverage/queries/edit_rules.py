"""The rules of a group as a person who edits meets them: which one stands in the way, and by how much.

Written apart from the solver, whose plans are held to `optimize.grouping.check`; nothing is read here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from liangxin.coverage.queries.candidates import PlannedOrganisation, division
from liangxin.coverage.queries.hosting import lacking, may_host
from liangxin.coverage.terms import GroupMode, PlanParameters
from liangxin.standards.coordinates import distance_m

Facts = Mapping[int, PlannedOrganisation]
Pair = tuple[int, int]

FEWEST_UNITS: Final = 2
TOLERANCE_M: Final = 1.0  # lengths on the globe and on the planner's plane differ by less
PRINCIPLES: Final = "joint_branch.principles"
STREET_RADIUS: Final = "joint_branch.street_radius_m"
INDUSTRY_RADIUS: Final = "joint_branch.industry_radius_m"
MAX_UNITS: Final = "joint_branch.max_units"
MIN_MEMBERS: Final = "branch.min_full_members"
MAX_MEMBERS: Final = "branch.max_members"


@dataclass(frozen=True, kw_only=True)
class Hindrance:
    """What stands in the way of an edit: by how much, by which rule ('' where people settled it).

    One that `may_be_reasoned` is a rule that says "generally": it gives way to a written reason.
    """

    text: str
    rule: str = ""
    source: str = ""
    helps: str = ""
    may_be_reasoned: bool = False


@dataclass(frozen=True)
class Limits:
    """What the proposal was computed with, and where each rule comes from, by its code."""

    parameters: PlanParameters
    sources: Mapping[str, str] = field(default_factory=dict)
    no_hosts: frozenset[int] = frozenset()  # units that the proposal bars from hosting

    def hindrance(
        self, rule: str, text: str, *, helps: str = "", may_be_reasoned: bool = False
    ) -> Hindrance:
        source = self.sources.get(rule, "")
        return Hindrance(
            text=text, rule=rule, source=source, helps=helps, may_be_reasoned=may_be_reasoned
        )


@dataclass(frozen=True, kw_only=True)
class GroupState:
    """A group as it stands: keys of its units and of the host, and what people settled about it."""

    number: int
    units: tuple[int, ...]
    host: int
    is_locked: bool = False
    is_host_chosen: bool = False
    exception: str = ""
    pinned: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()
    copied_from: int | None = None

    def without(self, unit: int) -> "GroupState":
        """The group after a unit has left it; the host is still named where it is the one."""
        return replace(
            self,
            units=tuple(one for one in self.units if one != unit),
            pinned=tuple(one for one in self.pinned if one != unit),
            moved=tuple(one for one in self.moved if one != unit),
        )

    def having(self, unit: int) -> "GroupState":
        """The group with a unit that a person put into it, and pinned there by that."""
        return replace(
            self,
            units=(*self.units, unit),
            pinned=(*self.pinned, unit),
            moved=(*self.moved, unit),
        )


@dataclass(frozen=True)
class Way:
    """How a unit reaches its host."""

    mode: GroupMode
    metres: float


def way(
    one: PlannedOrganisation, host: PlannedOrganisation, parameters: PlanParameters
) -> Way | None:
    """The cheapest way by which a unit may reach a host; None where no rule lets it."""
    if one.organisation_id == host.organisation_id:
        return Way(GroupMode.SITE, 0.0)
    if one.site_id is not None and one.site_id == host.site_id:
        return Way(GroupMode.SITE, 0.0)
    metres = metres_between(one, host)
    if metres is None:
        return None
    if _shares_street(one, host) and metres <= parameters.street_radius_m + TOLERANCE_M:
        return Way(GroupMode.STREET, metres)
    if _shares_industry(one, host) and metres <= parameters.industry_radius_m + TOLERANCE_M:
        return Way(GroupMode.INDUSTRY, metres)
    return None


def metres_between(one: PlannedOrganisation, other: PlannedOrganisation) -> float | None:
    """Metres as the crow flies; None where a position is not known."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    return distance_m(one.lon, one.lat, other.lon, other.lat)


def best_host(
    units: Sequence[int],
    *,
    facts: Facts,
    parameters: PlanParameters,
    barred: Collection[int] = (),
) -> int | None:
    """The unit that may host and that all others reach with the least walking; None where there is none."""
    costs = {
        host: cost
        for host in units
        if may_host(facts[host], parameters, barred=barred)
        and (cost := _cost(units, host, facts=facts, parameters=parameters)) is not None
    }
    return min(costs, key=lambda host: (costs[host], host)) if costs else None


def group_hindrances(
    state: GroupState,
    *,
    before: GroupState | None,
    facts: Facts,
    limits: Limits,
    apart: Collection[Pair],
) -> list[Hindrance]:
    """Everything that stands in the way of a group becoming `state`; what it was like before is let be."""
    held = before.units if before else ()
    arrivals = [unit for unit in state.units if unit not in held]
    is_rehosted = before is None or before.host != state.host
    checked = state.units if is_rehosted else arrivals
    found = list(_size_hindrances(state, before, facts=facts, limits=limits))
    found += _reach_hindrances(state, checked, facts=facts, limits=limits)
    if is_rehosted:
        found += _host_hindrances(state, facts=facts, limits=limits)
    found += _apart_hindrances(state.units, arrivals, facts=facts, apart=apart)
    return found


def _size_hindrances(
    state: GroupState, before: GroupState | None, *, facts: Facts, limits: Limits
) -> Iterable[Hindrance]:
    rules, label = limits.parameters, f"第 {state.number} 组"
    members = _members(state.units, facts)
    was = _members(before.units, facts) if before else 0
    if members < rules.min_members:
        left = "将只剩" if before and len(state.units) < len(before.units) else "只有"
        yield limits.hindrance(
            MIN_MEMBERS,
            f"{label}组内党员{left} {members} 名，少 {rules.min_members - members} 名",
            helps=f"先把另一家移入{label}，或者撤销{label}（其余单位列入未能联建，可以另行编组）",
        )
    if members > rules.max_members and members > was:
        yield limits.hindrance(
            MAX_MEMBERS,
            f"{label}组内党员将有 {members} 名，一般不超过 {rules.max_members} 名",
            helps="写明理由可以这样编，或者另编一组",
            may_be_reasoned=True,
        )
    if len(state.units) > rules.max_units and len(state.units) > len(
        before.units if before else ()
    ):
        yield limits.hindrance(
            MAX_UNITS,
            f"{label}组内将有 {len(state.units)} 家，一般不超过 {rules.max_units} 家",
            helps=f"先从{label}移出一家，或者写明理由",
            may_be_reasoned=True,
        )


def _reach_hindrances(
    state: GroupState, checked: Sequence[int], *, facts: Facts, limits: Limits
) -> Iterable[Hindrance]:
    host = facts[state.host]
    for unit in checked:
        one = facts[unit]
        if way(one, host, limits.parameters) is None:
            yield _too_far(one, host, state, facts=facts, limits=limits)


def _host_hindrances(state: GroupState, *, facts: Facts, limits: Limits) -> Iterable[Hindrance]:
    if state.host in limits.no_hosts:
        yield Hindrance(
            text=f"“{facts[state.host].name}”在本方案里列为不能牵头",
            helps="换一家牵头，或者另拟方案时把它从名单里去掉",
        )
    for lack in lacking(facts[state.host], limits.parameters):
        yield limits.hindrance(
            lack.rule, f"“{facts[state.host].name}”{lack.text}", helps=f"换一家牵头；{lack.helps}"
        )


def _too_far(
    one: PlannedOrganisation,
    host: PlannedOrganisation,
    state: GroupState,
    *,
    facts: Facts,
    limits: Limits,
) -> Hindrance:
    metres = metres_between(one, host)
    if metres is None:
        missing = host if one.has_position else one
        return limits.hindrance(
            PRINCIPLES,
            f"台账中没有“{missing.name}”的位置，算不出路程",
            helps="在单位资料里补上坐标或楼宇园区",
        )
    rules = limits.parameters
    parts = [f"“{one.name}”距牵头单位“{host.name}” {metres:,.0f} 米"]
    rule = PRINCIPLES
    if _shares_street(one, host):
        parts[0] += _excess("同街道", metres, rules.street_radius_m)
        rule = STREET_RADIUS
    else:
        parts.append("不同街道")
    if _shares_industry(one, host):
        parts.append(f"同行业{_excess('', metres, rules.industry_radius_m)}")
        rule = INDUSTRY_RADIUS if rule == PRINCIPLES else rule
    else:
        parts.append("不同行业")
    return limits.hindrance(
        rule, "；".join(parts), helps=_nearer(state, facts=facts, limits=limits)
    )


def _excess(kind: str, metres: float, most_m: float) -> str:
    over = max(1.0, metres - most_m)
    comma = "，" if kind else ""
    return f"{comma}超过{kind} {most_m:,.0f} 米上限 {over:,.0f} 米"


def _nearer(state: GroupState, *, facts: Facts, limits: Limits) -> str:
    host = best_host(state.units, facts=facts, parameters=limits.parameters, barred=limits.no_hosts)
    if host is not None and host != state.host:
        return f"改由“{facts[host].name}”牵头，各家都在距离以内"
    return "移到近处的组；距离是测算缺省值，区级可以在规则里按本地情况放宽后另拟方案"


def _apart_hindrances(
    units: Sequence[int], arrivals: Sequence[int], *, facts: Facts, apart: Collection[Pair]
) -> Iterable[Hindrance]:
    for first, second in sorted(apart):
        if first in units and second in units and (first in arrivals or second in arrivals):
            yield Hindrance(
                text=f"“{facts[first].name}”与“{facts[second].name}”已定为不得同组",
                helps="先解除这一条，再移到一组",
            )


def _cost(
    units: Sequence[int], host: int, *, facts: Facts, parameters: PlanParameters
) -> float | None:
    ways = [way(facts[unit], facts[host], parameters) for unit in units]
    known = [one for one in ways if one is not None]
    if len(known) < len(ways):
        return None
    return sum(facts[unit].members * one.metres for unit, one in zip(units, known, strict=True))


def _members(units: Sequence[int], facts: Facts) -> int:
    return sum(facts[unit].members for unit in units)


def _shares_street(one: PlannedOrganisation, other: PlannedOrganisation) -> bool:
    return one.street_id is not None and one.street_id == other.street_id


def _shares_industry(one: PlannedOrganisation, other: PlannedOrganisation) -> bool:
    code = division(one.industry_code)
    return code is not None and code == division(other.industry_code)
