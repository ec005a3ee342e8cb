"""Why a group stands as it does, after people changed it: one sentence, and what they changed."""

from collections.abc import Mapping

from liangxin.coverage.queries.edit_rules import Facts, GroupState, Way
from liangxin.coverage.queries.group_names import shared_name
from liangxin.coverage.terms import GroupMode

KILOMETRE_M = 1000
LONGEST = 300
SHARED = {GroupMode.STREET: "同一街道", GroupMode.INDUSTRY: "同一行业"}


def edited_reason(
    state: GroupState,
    *,
    facts: Facts,
    ways: Mapping[int, Way | None],
    streets: Mapping[int, str],
) -> str:
    """As the planner would say it of its own groups, and then what people did."""
    units = [facts[unit] for unit in state.units]
    members = sum(one.members for one in units)
    name = shared_name(units, _widest(ways), streets=streets)
    whole = f"{name}的 " if name else ""
    how = _how(state, ways)
    sentence = (
        f"{whole}{len(units)} 家单位{how}，正式党员共 {members} 名。{_by_people(state, facts)}"
    )
    return sentence[:LONGEST]


def distance_words(metres: float) -> str:
    """A length as people say it: 640 米, 2.1 公里."""
    if round(metres) < KILOMETRE_M:
        return f"{metres:.0f} 米"
    return f"{metres / KILOMETRE_M:.1f}".removesuffix(".0") + " 公里"


def _how(state: GroupState, ways: Mapping[int, Way | None]) -> str:
    guests = [ways[unit] for unit in state.units if unit != state.host]
    known = [one for one in guests if one is not None]
    if len(known) == len(guests) and all(one.mode is GroupMode.SITE for one in known):
        return "同在一个楼宇（园区）"
    parts = []
    for mode in GroupMode:
        metres = [one.metres for one in known if one.mode is mode]
        if metres and mode is GroupMode.SITE:
            parts.append(f"同一楼宇（园区）的 {len(metres)} 家")
        elif metres:
            furthest = "距离" if len(metres) == 1 else "最远"
            told = distance_words(max(metres))
            parts.append(f"{SHARED[mode]}的 {len(metres)} 家（{furthest} {told}）")
    beyond = len(guests) - len(known)
    if beyond:
        parts.append(f"由人放在一起的 {beyond} 家")
    return f"：与牵头单位{'，'.join(parts)}"


def _by_people(state: GroupState, facts: Facts) -> str:
    said = []
    moved = [unit for unit in state.units if unit in state.moved]
    if moved and len(moved) == len(state.units):
        said.append("这一组由人编成")
    elif moved:
        said.append("、".join(f"“{facts[unit].name}”" for unit in moved) + "由人移入")
    if state.is_host_chosen:
        said.append("牵头单位由人指定")
    if state.exception:
        said.append(f"超出一般标准的理由：{state.exception}")
    return "；".join(said) + "。" if said else ""


def _widest(ways: Mapping[int, Way | None]) -> GroupMode:
    modes = [one.mode if one else GroupMode.INDUSTRY for one in ways.values()]
    return max(modes, key=list(GroupMode).index, default=GroupMode.SITE)
