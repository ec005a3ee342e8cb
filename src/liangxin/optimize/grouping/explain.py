"""Why these units are one group, and why a unit is in none: one sentence each, for people."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from liangxin.optimize.grouping.problem import NONE, GroupingProblem
from liangxin.optimize.grouping.solution import Group, LeftOut, LeftOutReason, Mode

KILOMETRE_M = 1000.0
SENT = "建议选派党建指导员"


def group_reason(problem: GroupingProblem, group: Group) -> str:
    """Return why these units are together: how many by which mode, how far, how many members."""
    count = len(group.units)
    said = f"{count} 家单位{_by_mode(problem, group)}，正式党员共 {group.members} 名。"
    if group.is_frozen:
        return f"人工已定的组，保持不变：{said}"
    if group.branch != NONE:
        # "2 家单位：与该支部同一街道的 2 家" would say the number twice.
        joining = said.removeprefix(f"{count} 家单位：")
        return f"加入现有支部“{problem.branches.ids[group.branch]}”：{joining}"
    return said


def left_out_reason(problem: GroupingProblem, left_out: LeftOut) -> str:
    """Return why a unit is in no group, with the numbers of its own surroundings."""
    sentences: dict[LeftOutReason, Callable[[GroupingProblem, int], str]] = {
        LeftOutReason.TOO_FEW_NEAR: _too_few_near,
        LeftOutReason.SETTLED: _settled,
        LeftOutReason.TOO_FAR: _too_far,
    }
    return sentences[left_out.reason](problem, left_out.unit)


def distance_words(metres: float) -> str:
    """A length as people say it: 640 米, 2.1 公里."""
    if round(metres) < KILOMETRE_M:
        return f"{metres:.0f} 米"
    return f"{metres / KILOMETRE_M:.1f}".removesuffix(".0") + " 公里"


# ---- groups


def _by_mode(problem: GroupingProblem, group: Group) -> str:
    guests: list[tuple[Mode, float]] = []
    settled: list[float] = []
    for unit, mode, way_m in zip(group.units, group.modes, group.ways_m, strict=True):
        if _is_beyond(problem, group, unit, mode, way_m):
            settled.append(way_m)
        elif unit != group.host:
            guests.append((mode, way_m))
    used = [mode for mode in Mode if any(mode is guest for guest, _ in guests)]
    end = "牵头单位" if group.branch == NONE else "该支部"
    if used == [Mode.SITE] and not settled:
        return "同在一个楼宇（园区）" if group.branch == NONE else "与该支部同在一个楼宇（园区）"
    parts = [
        _mode_words(mode, [way_m for used_, way_m in guests if used_ is mode]) for mode in used
    ]
    said = [f"与{end}{'，'.join(parts)}"] if parts else []
    said += [f"人工编入的 {_counted(settled)}"] if settled else []
    return f"：{'，'.join(said)}"


def _is_beyond(problem: GroupingProblem, group: Group, unit: int, mode: Mode, way_m: float) -> bool:
    """Whether people alone put the unit with its host: the rules would not."""
    if not group.is_frozen or mode is not Mode.INDUSTRY:
        return False
    trades = problem.units.industry[[unit, group.host]]
    is_near = way_m <= problem.rules.industry_radius_m
    return not (is_near and trades[0] == trades[1] != NONE)


def _mode_words(mode: Mode, ways_m: list[float]) -> str:
    if mode is Mode.SITE:
        return f"同一楼宇（园区）的 {len(ways_m)} 家"
    shared = "同一街道" if mode is Mode.STREET else "同一行业"
    return f"{shared}的 {_counted(ways_m)}"


def _counted(ways_m: list[float]) -> str:
    furthest = "距离" if len(ways_m) == 1 else "最远"
    return f"{len(ways_m)} 家（{furthest} {distance_words(max(ways_m))}）"


# ---- units left out


def _too_few_near(problem: GroupingProblem, unit: int) -> str:
    rules, members = problem.rules, int(problem.units.members[unit])
    near, _ = _surroundings(problem, unit)
    total = members + int(problem.units.members[near].sum())
    if not len(near):
        said = f"{_circle(problem)}没有其他可联建的单位，本单位只有 {members} 名正式党员"
    elif total < rules.min_members:
        said = f"{_circle(problem)}的单位连同本单位合计只有 {total} 名正式党员"
    else:
        return (
            f"{_circle(problem)}的 {len(near)} 家单位与本单位凑不成 {rules.min_units} 至 "
            f"{rules.largest_units} 家、正式党员 {rules.min_members} 至 {rules.max_members} 名的组，"
            f"{SENT}。"
        )
    short = f"，不足 {rules.min_members} 名" if total < rules.min_members else ""
    return f"{said}{short}，{SENT}。"


def _settled(problem: GroupingProblem, unit: int) -> str:
    limits = "、".join(_limits(problem, unit)) or "附近的人工限定"
    return f"附近单位能凑够人数，但受人工限定（{limits}），没有可以加入的组。"


def _limits(problem: GroupingProblem, unit: int) -> list[str]:
    """What people decided that touches this unit."""
    units, near = problem.units, set(_surroundings(problem, unit)[0].tolist())
    pinned = 0
    if units.pinned[unit] != NONE:
        pinned = int((units.pinned == units.pinned[unit]).sum()) - 1
    forbidden = int((problem.forbidden == unit).sum())
    frozen = sum(other in near for group in problem.frozen for other in group)
    barred = sum(not units.may_host[other] for other in (unit, *near))
    limit = problem.rules.new_groups_per_street.get(int(units.street[unit]))
    said = [
        (pinned, f"指定与 {pinned} 家同组"),
        (forbidden, f"与 {forbidden} 家不得同组"),
        (frozen, f"附近 {frozen} 家在已定的组里"),
        (barred, f"本单位和附近单位中 {barred} 家不能牵头"),
        (limit is not None, f"本街道最多新建 {limit} 个支部"),
    ]
    return [words for count, words in said if count]


def _too_far(problem: GroupingProblem, unit: int) -> str:
    left_out = f"{problem.rules.left_out_mm:,.0f} 人·米"
    near, ways_m = _surroundings(problem, unit)
    if not len(near):
        return (
            f"附近只有现有支部可以加入，按全区路程最省测算没有编入（留下本单位折合 {left_out}）。"
        )
    closest = int(np.argmin(ways_m))
    nearest = f"{len(near)} 家单位可以联建"
    place = (
        "在同一楼宇（园区）" if ways_m[closest] == 0 else f"相距 {distance_words(ways_m[closest])}"
    )
    return (
        f"{_circle(problem)}有 {nearest}（最近的{place}），但各组按全区路程最省测算后没有编入本单位"
        f"（留下本单位折合 {left_out}），可以人工指定同组，或{SENT.removeprefix('建议')}。"
    )


def _circle(problem: GroupingProblem) -> str:
    street = distance_words(problem.rules.street_radius_m)
    industry = distance_words(problem.rules.industry_radius_m)
    return f"同楼宇（园区）、{street}内同街道、{industry}内同行业"


def _surroundings(
    problem: GroupingProblem, unit: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Indices of the other units that this one may reach, and metres to each (0 in its site)."""
    units, rules = problem.units, problem.rules
    metres = np.hypot(units.x_m - units.x_m[unit], units.y_m - units.y_m[unit])
    site, street, industry = (
        (codes == codes[unit]) & (codes != NONE)
        for codes in (units.site, units.street, units.industry)
    )
    near = site | (street & (metres <= rules.street_radius_m))
    near |= industry & (metres <= rules.industry_radius_m)
    near[unit] = False
    return np.flatnonzero(near), np.where(site, 0.0, metres)[near]
