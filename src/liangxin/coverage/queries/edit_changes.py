"""What a step would make of a draft, and what stands in its way; nothing is written here.

Each function takes the part of the draft that it concerns and returns a `Change`. Pages ask before anybody
presses a button, the actions once more when somebody has.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from liangxin.coverage.queries.edit_rules import (
    GroupState,
    Hindrance,
    Pair,
    best_host,
    group_hindrances,
)
from liangxin.coverage.queries.edit_state import Board, LeftOutState
from liangxin.coverage.terms import EditKind, LeftOutCode


@dataclass(frozen=True, kw_only=True)
class Change:
    """A step: its words, the state of all that it touches afterwards, and what stands in its way."""

    kind: EditKind
    text: str
    groups: Mapping[int, GroupState | None] = field(default_factory=dict)
    left_out: Mapping[int, LeftOutState | None] = field(default_factory=dict)
    apart: Mapping[Pair, bool] = field(default_factory=dict)
    hindrances: Sequence[Hindrance] = ()
    organisation: int | None = None
    other: int | None = None
    from_number: int | None = None
    to_number: int | None = None

    @property
    def is_possible(self) -> bool:
        return not self.hindrances

    @property
    def refusals(self) -> list[Hindrance]:
        """What no reason can lift."""
        return [one for one in self.hindrances if not one.may_be_reasoned]

    @property
    def needs_reason(self) -> bool:
        """Whether a written reason is all that is missing."""
        return bool(self.hindrances) and not self.refusals


def moved(board: Board, unit: int, *, to: int, dissolves: bool = False) -> Change:
    """A unit goes to another group, from its own or from those left out; it is pinned there by that.

    With `dissolves`, what is left of its own group stands in none until somebody puts it elsewhere.
    """
    source, target = board.home(unit), board.groups[to]
    groups: dict[int, GroupState | None] = {}
    left_out: dict[int, LeftOutState | None] = {} if source else {unit: None}
    if source is not None and source.number == to:
        return _nothing(EditKind.MOVE, f"“{board.facts[unit].name}”已经在第 {to} 组")
    if source is not None:
        groups[source.number] = None if dissolves else _left(board, source, unit)[0]
    left, end = leaving(board, unit), ""
    if source is not None and dissolves:
        left, end = _settled(board, source), f"，撤销第 {source.number} 组"
        text = f"第 {source.number} 组由人撤销，重新测算时再安排。"
        others = (one for one in source.units if one != unit)
        left_out = {one: _settled_state(text, is_excluded=False) for one in others}
    groups[to] = _uncopied(target.having(unit))
    hindrances = [*left, *joining(board, unit, to=to)]
    return Change(
        kind=EditKind.MOVE,
        text=f"把“{board.facts[unit].name}”从{_place(source)}移到第 {to} 组{end}",
        groups=groups,
        left_out=left_out,
        hindrances=tuple(hindrances),
        organisation=unit,
        from_number=source.number if source else None,
        to_number=to,
    )


def leaving(board: Board, unit: int) -> list[Hindrance]:
    """What stands in the way of a unit leaving where it stands, wherever it goes."""
    source = board.home(unit)
    left = _left(board, source, unit)[1] if source is not None else []
    taken = _taken(board, [unit])
    return [*taken, *(one for one in left if one not in taken)]


def joining(board: Board, unit: int, *, to: int) -> list[Hindrance]:
    """What stands in the way of a unit joining a group, wherever it comes from."""
    target = board.groups[to]
    return [*_settled(board, target), *_rules(board, target.having(unit), before=target)]


def removed(board: Board, unit: int, *, is_excluded: bool) -> Change:
    """A unit leaves its group and stands in none; an excluded one stays out of later runs, too."""
    source, name = board.home(unit), board.facts[unit].name
    wish = "，不参加联建" if is_excluded else "，重新测算时再安排"
    if source is None:
        return _left_out_again(board, unit, is_excluded=is_excluded)
    rest, _ = _left(board, source, unit)
    text = f"由人从第 {source.number} 组移出{wish}。"
    return Change(
        kind=EditKind.REMOVE,
        text=f"把“{name}”从第 {source.number} 组移出{wish}",
        groups={source.number: rest},
        left_out={unit: _settled_state(text, is_excluded=is_excluded)},
        hindrances=leaving(board, unit),
        organisation=unit,
        from_number=source.number,
    )


def hosted(board: Board, unit: int) -> Change:
    """A unit becomes the host of the group that it stands in."""
    state, name = board.home(unit), board.facts[unit].name
    if state is None:
        return _nothing(EditKind.HOST, f"“{name}”不在组里，先把它移到一组")
    if state.host == unit:
        return _nothing(EditKind.HOST, f"“{name}”已经是第 {state.number} 组的牵头单位")
    # Pinned by that: in a later run the group is the one that this unit hosts.
    pins = (*(one for one in state.pinned if one != unit), unit)
    after = _uncopied(replace(state, host=unit, is_host_chosen=True, pinned=pins))
    return Change(
        kind=EditKind.HOST,
        text=f"第 {state.number} 组改由“{name}”牵头",
        groups={state.number: after},
        hindrances=(*_settled(board, state), *_rules(board, after, before=state)),
        organisation=unit,
        from_number=state.number,
    )


def pinned(board: Board, unit: int, *, is_on: bool) -> Change:
    """A unit is held in the group where it stands, or let go; later runs respect it."""
    state, name = board.home(unit), board.facts[unit].name
    kind = EditKind.PIN if is_on else EditKind.UNPIN
    if state is None:
        return _nothing(kind, f"“{name}”不在组里，没有可以固定的位置")
    if (unit in state.pinned) == is_on:
        return _nothing(kind, f"“{name}”{'已经固定' if is_on else '没有固定'}")
    kept = tuple(one for one in state.pinned if one != unit)
    after = replace(state, pinned=(*kept, unit) if is_on else kept)
    where = f"第 {state.number} 组"
    return Change(
        kind=kind,
        text=f"把“{name}”固定在{where}" if is_on else f"解除“{name}”在{where}的固定",
        groups={state.number: after},
        hindrances=_taken(board, state.units),
        organisation=unit,
        from_number=state.number,
    )


def locked(board: Board, number: int, *, is_on: bool) -> Change:
    """A whole group is kept as it is, or let go."""
    state = board.groups[number]
    kind = EditKind.LOCK if is_on else EditKind.UNLOCK
    if state.is_locked == is_on:
        return _nothing(kind, f"第 {number} 组{'已经锁定' if is_on else '没有锁定'}")
    return Change(
        kind=kind,
        text=f"{'锁定' if is_on else '解除锁定'}第 {number} 组",
        groups={number: replace(state, is_locked=is_on)},
        hindrances=(*_taken(board, state.units), *_joining(board, number)),
        from_number=number,
    )


def kept_apart(board: Board, first: int, second: int, *, is_on: bool) -> Change:
    """Two units must not share a group, or may again."""
    pair = (min(first, second), max(first, second))
    kind = EditKind.APART if is_on else EditKind.TOGETHER
    names = f"“{board.facts[first].name}”与“{board.facts[second].name}”"
    if first == second:
        return _nothing(kind, "请选另一家单位")
    if (pair in board.apart) == is_on:
        return _nothing(kind, f"{names}{'已经定为' if is_on else '没有定为'}不得同组")
    home = board.home(first)
    hindrances: tuple[Hindrance, ...] = ()
    if is_on and home is not None and second in home.units:
        text = f"{names}现在同在第 {home.number} 组"
        hindrances = (Hindrance(text=text, helps="先把其中一家移到别组，再定不得同组"),)
    return Change(
        kind=kind,
        text=f"{names}{'定为不得同组' if is_on else '解除不得同组'}",
        apart={pair: is_on},
        hindrances=hindrances,
        organisation=first,
        other=second,
    )


def dissolved(board: Board, number: int) -> Change:
    """A group goes, and its units stand in none until somebody puts them elsewhere."""
    state = board.groups[number]
    text = f"第 {number} 组由人撤销，重新测算时再安排。"
    return Change(
        kind=EditKind.DISSOLVE,
        text=f"撤销第 {number} 组，{len(state.units)} 家单位列入未能联建",
        groups={number: None},
        left_out={unit: _settled_state(text, is_excluded=False) for unit in state.units},
        hindrances=_settled(board, state),
        from_number=number,
    )


def founded(board: Board, units: Sequence[int], *, number: int) -> Change:
    """Units become a new group of this number, hosted where the walking is least."""
    facts, names = board.facts, [board.facts[unit].name for unit in units]
    host = best_host(
        units,
        facts=facts,
        parameters=board.limits.parameters,
        barred=board.limits.no_hosts,
    )
    state = GroupState(
        number=number,
        units=tuple(units),
        host=units[0] if host is None else host,
        pinned=tuple(units),
        moved=tuple(units),
    )
    hindrances = [*_taken(board, units), *_rules(board, state, before=None)]
    groups: dict[int, GroupState | None] = {number: state}
    for unit in units:
        source = board.home(unit)
        if source is not None:
            before = groups.get(source.number) or source
            rest, left = _left(board, before, unit)
            groups[source.number] = rest
            hindrances += left
    return Change(
        kind=EditKind.FOUND,
        text=f"新编第 {number} 组：{'、'.join(names)}",
        groups=groups,
        left_out={unit: None for unit in units if board.home(unit) is None},
        hindrances=tuple(hindrances),
        organisation=units[0],
        to_number=number,
    )


def _left(board: Board, source: GroupState, unit: int) -> tuple[GroupState, list[Hindrance]]:
    """A group without one of its units, hosted by another where it was the host."""
    rest, parameters = source.without(unit), board.limits.parameters
    hindrances = [*_settled(board, source)]
    if unit == source.host and rest.units:
        host = best_host(
            rest.units,
            facts=board.facts,
            parameters=parameters,
            barred=board.limits.no_hosts,
        )
        if host is None:
            text = f"“{board.facts[unit].name}”是第 {source.number} 组的牵头单位，移走后没有一家既能牵头、又让其余各家都在距离以内"
            hindrances.append(Hindrance(text=text, helps="先把离得远的单位移走，或者撤销这一组"))
        rest = replace(rest, host=rest.units[0] if host is None else host, is_host_chosen=False)
        # Who hosts afterwards was chosen to be reached by all: nothing to be told twice.
        return _uncopied(rest), hindrances + _rules(
            board, rest, before=replace(source, host=rest.host)
        )
    return _uncopied(rest), hindrances + _rules(board, rest, before=source)


def _left_out_again(board: Board, unit: int, *, is_excluded: bool) -> Change:
    state, name = board.left_out.get(unit), board.facts[unit].name
    if state is None or state.is_excluded == is_excluded:
        return _nothing(EditKind.REMOVE, f"“{name}”不在组里，也没有可以改的")
    words = "不参加联建" if is_excluded else "重新测算时再安排"
    text = f"由人定为{words}。"
    return Change(
        kind=EditKind.REMOVE,
        text=f"“{name}”定为{words}",
        left_out={unit: _settled_state(text, is_excluded=is_excluded)},
        hindrances=_taken(board, [unit]),
        organisation=unit,
    )


def _rules(board: Board, state: GroupState | None, *, before: GroupState | None) -> list[Hindrance]:
    if state is None or not state.units:
        return []
    return group_hindrances(
        state, before=before, facts=board.facts, limits=board.limits, apart=board.apart
    )


def _settled(board: Board, state: GroupState) -> list[Hindrance]:
    """Why nothing of a group may be changed, whatever the change."""
    found = [*_joining(board, state.number)]
    if state.is_locked:
        text = f"第 {state.number} 组已锁定"
        found.append(Hindrance(text=text, helps="先解除锁定"))
    if state.number in board.adopted:
        text = f"第 {state.number} 组已采纳为组建事项，不能再改"
        found.append(Hindrance(text=text, helps="确需改动的，先在组建事项里撤回"))
    else:
        found += _taken(board, state.units)
    return found


def _joining(board: Board, number: int) -> list[Hindrance]:
    if number not in board.joining:
        return []
    text = f"第 {number} 组并入现有支部，不在这里调整"
    return [Hindrance(text=text, helps="在现有支部的资料里办理")]


def _taken(board: Board, units: Iterable[int]) -> list[Hindrance]:
    helps = "确需改动的，先在组建事项里撤回"
    return [
        Hindrance(text=f"{board.taken[unit]}，不能再改", helps=helps)
        for unit in units
        if unit in board.taken
    ]


def _uncopied(state: GroupState) -> GroupState:
    return replace(state, copied_from=None)


def _settled_state(text: str, *, is_excluded: bool) -> LeftOutState:
    return LeftOutState(code=LeftOutCode.SETTLED.value, text=text, is_excluded=is_excluded)


def _place(source: GroupState | None) -> str:
    return f"第 {source.number} 组" if source else "未能联建"


def _nothing(kind: EditKind, text: str) -> Change:
    return Change(kind=kind, text="", hindrances=(Hindrance(text=text),))
