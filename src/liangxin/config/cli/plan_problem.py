"""From the rows of UNITS.csv and the parameters to the solver's problem."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liangxin.config.cli.plan_parameters import BadParameters, BranchRow, PlanSettings
from liangxin.config.cli.unit_files import (
    UnitFile,
    UnitRow,
    UnreadableUnits,
    in_words,
    middle_of,
)
from liangxin.optimize.grouping.problem import (
    NONE,
    Branches,
    GroupingProblem,
    InvalidProblem,
    Rules,
    Units,
)
from liangxin.standards.coordinates import plane_m

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PlanQuestion:
    """The problem, and the rows that are no part of it: without members, or with enough of their own."""

    problem: GroupingProblem
    ignored: tuple[str, ...]
    own_branch: tuple[str, ...]


def plan_question(file: UnitFile, settings: PlanSettings) -> PlanQuestion:
    """Lay rows and parameters out as arrays. Raises BadParameters, UnreadableUnits."""
    _refuse_unknown_names(file.rows, settings)
    codes = _Codes(file.rows, settings.branches)
    rules = settings.rules(codes.street)
    chosen = [row for row in file.rows if _is_candidate(row, rules)]
    _refuse_torn_pins(file.rows, chosen, rules)
    places = _Plane([*chosen, *settings.branches], is_in_degrees=file.is_in_degrees)
    try:
        problem = GroupingProblem(
            units=_units(chosen, codes=codes, settings=settings, places=places),
            rules=rules,
            branches=_branches(settings.branches, codes=codes, places=places),
            forbidden=_forbidden(chosen, settings.forbidden),
            frozen=_frozen(chosen),
        )
    except InvalidProblem as error:
        raise UnreadableUnits(f"名单和参数合不到一起：{error}") from error
    enough = [row for row in file.rows if row.members and not _is_candidate(row, rules)]
    return PlanQuestion(
        problem,
        ignored=tuple(row.unit_id for row in file.rows if not row.members),
        own_branch=tuple(row.unit_id for row in enough),
    )


def _is_candidate(row: UnitRow, rules: Rules) -> bool:
    return row.members > 0 and (row.is_frozen or row.members < rules.min_members)


class _Codes:
    """Numbers for the names of sites, streets, industries and pinned groups, as they first appear."""

    def __init__(self, rows: Sequence[UnitRow], branches: Sequence[BranchRow]) -> None:
        everywhere: tuple[UnitRow | BranchRow, ...] = (*rows, *branches)
        self.site = _numbered(item.site_id for item in everywhere)
        self.street = _numbered(item.street_id for item in everywhere)
        self.industry = _numbered(item.industry for item in everywhere)
        self.pinned = _numbered(row.pinned_group for row in rows if not row.is_frozen)


class _Plane:
    """Metres east and north, whatever the file is written in, of those that are planned."""

    def __init__(self, items: Sequence[UnitRow | BranchRow], *, is_in_degrees: bool) -> None:
        self.is_in_degrees = is_in_degrees
        east, north = [item.east for item in items], [item.north for item in items]
        self.middle = (0.0, 0.0)
        if is_in_degrees and items:
            self.middle = middle_of(east, north)

    def metres(self, items: Sequence[UnitRow | BranchRow]) -> tuple[Floats, Floats]:
        east = np.array([item.east for item in items], np.float64)
        north = np.array([item.north for item in items], np.float64)
        if not self.is_in_degrees:
            return east, north
        return plane_m(east, north, origin=self.middle)


def _units(
    rows: Sequence[UnitRow], *, codes: _Codes, settings: PlanSettings, places: _Plane
) -> Units:
    x_m, y_m = places.metres(rows)
    pinned = ["" if row.is_frozen else row.pinned_group for row in rows]
    hosts = set(settings.hosts) if settings.hosts is not None else None
    barred = set(settings.not_hosts)
    may_host = [
        (hosts is None or row.unit_id in hosts) and row.unit_id not in barred for row in rows
    ]
    return Units(
        ids=tuple(row.unit_id for row in rows),
        members=_ints(row.members for row in rows),
        x_m=x_m,
        y_m=y_m,
        site=_coded(codes.site, (row.site_id for row in rows)),
        street=_coded(codes.street, (row.street_id for row in rows)),
        industry=_coded(codes.industry, (row.industry for row in rows)),
        may_host=np.array(may_host, np.bool_),
        pinned=_coded(codes.pinned, pinned),
    )


def _branches(rows: Sequence[BranchRow], *, codes: _Codes, places: _Plane) -> Branches:
    x_m, y_m = places.metres(rows)
    return Branches(
        ids=tuple(row.id for row in rows),
        x_m=x_m,
        y_m=y_m,
        site=_coded(codes.site, (row.site_id for row in rows)),
        street=_coded(codes.street, (row.street_id for row in rows)),
        industry=_coded(codes.industry, (row.industry for row in rows)),
        free_units=_ints(row.free_units for row in rows),
        free_members=_ints(row.free_members for row in rows),
    )


def _forbidden(rows: Sequence[UnitRow], pairs: Iterable[tuple[str, str]]) -> Ints:
    """Pairs of candidates; those with a unit that is no candidate cannot share a group anyway."""
    index = {row.unit_id: at for at, row in enumerate(rows)}
    kept = [(index[a], index[b]) for a, b in pairs if a in index and b in index]
    return np.array(kept, np.int64).reshape(-1, 2)


def _frozen(rows: Sequence[UnitRow]) -> tuple[tuple[int, ...], ...]:
    groups: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        if row.is_frozen:
            groups.setdefault(row.pinned_group, []).append(at)
    alone = [
        f"第 {rows[units[0]].line} 行 pinned_group 列“{name}”：已定的组里只有这一个有党员的单位。"
        "请补上同组单位，或把 frozen 改为 0。"
        for name, units in groups.items()
        if len(units) < 2
    ]
    if alone:
        raise UnreadableUnits(in_words(alone, what="已定的组"))
    return tuple(tuple(units) for units in groups.values())


def _refuse_torn_pins(rows: Sequence[UnitRow], chosen: Sequence[UnitRow], rules: Rules) -> None:
    """A unit with members enough for a branch of its own takes no part: no other can be pinned to it."""
    pinned = {row.pinned_group for row in chosen if row.pinned_group}
    faults = [
        f"第 {row.line} 行 pinned_group 列“{row.pinned_group}”：“{row.unit_id}”有 {row.members} 名正式党员，"
        "应单独建支部，不参加联建。请从组里去掉它；确实要在一起的，把全组的 frozen 改为 1。"
        for row in rows
        if row.pinned_group in pinned and row.members and not _is_candidate(row, rules)
    ]
    if faults:
        raise UnreadableUnits(in_words(faults, what="指定同组的单位"))


def _refuse_unknown_names(rows: Sequence[UnitRow], settings: PlanSettings) -> None:
    units = {row.unit_id for row in rows}
    streets = {row.street_id for row in rows} | {row.street_id for row in settings.branches}
    named = {
        "forbidden": [unit for pair in settings.forbidden for unit in pair],
        "hosts": list(settings.hosts or ()),
        "not_hosts": list(settings.not_hosts),
    }
    faults = [
        f"{key} 里的“{unit}”：单位名单里没有。请核对编号。"
        for key, wanted in named.items()
        for unit in wanted
        if unit not in units
    ]
    faults += [
        f"new_branches_per_street 里的“{street}”：单位名单里没有这个街道。请核对。"
        for street in settings.new_branches_per_street
        if street not in streets - {""}
    ]
    faults += [
        f"branch “{branch.id}”的 host“{branch.host}”：已有支部，不应再在单位名单里。请从名单中删去。"
        for branch in settings.branches
        if branch.host in units
    ]
    if faults:
        raise BadParameters(in_words(faults, what="参数文件"))


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(dict.fromkeys(filter(None, names)))}


def _coded(codes: Mapping[str, int], names: Iterable[str]) -> Ints:
    return _ints(codes.get(name, NONE) for name in names)


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), np.int64)
