"""What is asked: units with few members each, the rules of a group, and what people have settled.

A group is a star: a host unit and units that may reach it. Unit i may reach host h at distance 0 when
both stand in one site, within `street_radius_m` when they share a street, within `industry_radius_m`
when they share an industry. Its way costs members(i) x distance x weight of the cheapest such mode.

A group that joins an existing branch (at most one per branch) keeps to reach, forbidden pairs and free
places only; a single unit may join, and further units cost nothing extra. Units pinned together stand
in one group or are all left out. Frozen groups count in the limit of their host's street but are never
refused; their host is one that may host, if they have any; a unit that cannot reach it walks straight
and counts as INDUSTRY. TOO_FEW_NEAR speaks of reach, sizes and existing branches with free places
alone: whoever could stand in a group without pins, forbidden pairs, frozen groups, `may_host` and
street limits is left out as SETTLED or TOO_FAR, and costs `left_out_mm`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NONE = -1  # in arrays of codes: not known, or none
HARDEST_MAX_UNITS = 7


class InvalidProblem(ValueError):
    """The problem contradicts itself; the text says where, in Chinese."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Limits and weights of groups; lengths in metres, costs in member-metres per meeting."""

    street_radius_m: float = 1000.0
    industry_radius_m: float = 3000.0
    left_out_mm: float = 20000.0  # what it costs to leave a unit out that could be covered
    min_members: int = 3
    max_members: int = 50
    min_units: int = 2
    max_units: int = 5
    largest_units: int = 5  # above max_units and up to here each further unit costs extra_unit_mm
    extra_unit_mm: float = 2000.0
    site_weight: float = 1.0
    street_weight: float = 1.0
    industry_weight: float = 1.0
    # New groups whose host stands in a street; streets that are not named have no limit.
    new_groups_per_street: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        _check_rules(self)


@dataclass(frozen=True, kw_only=True)
class Units:
    """n organisations with at least one full member; every array has length n.

    Codes of site, street, industry are >= 0, NONE where not known. `pinned` carries the same number
    for units that people put into one group, NONE for the others.
    """

    ids: tuple[str, ...]
    members: Ints
    x_m: Floats
    y_m: Floats
    site: Ints
    street: Ints
    industry: Ints
    may_host: Flags
    pinned: Ints

    def __post_init__(self) -> None:
        _check_lengths(self, "联建单位")
        if len(set(self.ids)) != len(self.ids):
            raise InvalidProblem("单位编号有重复。")
        if len(self.ids) and self.members.min() < 1:
            raise InvalidProblem("每个单位至少有 1 名正式党员，没有党员的单位不参加联建。")

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, kw_only=True)
class Branches:
    """k existing branches that take units in; each is a host of its own with free places."""

    ids: tuple[str, ...] = ()
    x_m: Floats = field(default_factory=lambda: np.zeros(0))
    y_m: Floats = field(default_factory=lambda: np.zeros(0))
    site: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    street: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    industry: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    free_units: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    free_members: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        _check_lengths(self, "现有支部")

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, kw_only=True)
class GroupingProblem:
    """One instance; units are named by their index 0..n-1 from here on.

    `forbidden` (k, 2) are pairs that must not share a group. `frozen` are groups that people settled:
    they are kept as they are, whatever the rules, hosted at least cost. Raises InvalidProblem.
    """

    units: Units
    rules: Rules = field(default_factory=Rules)
    branches: Branches = field(default_factory=Branches)
    forbidden: Ints = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    frozen: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        _check_problem(self)


def _check_lengths(arrays: Units | Branches, what: str) -> None:
    size = len(arrays.ids)
    for name, value in vars(arrays).items():
        if len(value) != size:
            raise InvalidProblem(f"{what}的 {name} 有 {len(value)} 项，应为 {size} 项。")
    for name in ("x_m", "y_m"):
        if not np.isfinite(getattr(arrays, name)).all():
            raise InvalidProblem(f"{what}的坐标 {name} 有缺失或无穷大。")


def _check_rules(rules: Rules) -> None:
    weights = (rules.site_weight, rules.street_weight, rules.industry_weight)
    lengths = (rules.street_radius_m, rules.industry_radius_m, rules.left_out_mm)
    if not all(np.isfinite(value) and value >= 0 for value in (*lengths, rules.extra_unit_mm)):
        raise InvalidProblem("距离和代价应为不小于 0 的数。")
    if not all(np.isfinite(value) and value > 0 for value in weights):
        raise InvalidProblem("组建方式的权重应大于 0。")
    if not 1 <= rules.min_members <= rules.max_members:
        raise InvalidProblem("党员人数的下限应不小于 1，且不大于上限。")
    if not 2 <= rules.min_units <= rules.max_units <= rules.largest_units <= HARDEST_MAX_UNITS:
        raise InvalidProblem(f"每组单位数应满足 2 ≤ 下限 ≤ 一般上限 ≤ 最多 ≤ {HARDEST_MAX_UNITS}。")
    if any(limit < 0 for limit in rules.new_groups_per_street.values()):
        raise InvalidProblem("街道新建支部的上限不能是负数。")


def _check_problem(problem: GroupingProblem) -> None:
    size = len(problem.units)
    if problem.forbidden.ndim != 2 or problem.forbidden.shape[1] != 2:
        raise InvalidProblem("不得同组的单位应成对给出。")
    named = [*problem.forbidden.ravel().tolist(), *(u for group in problem.frozen for u in group)]
    if any(not 0 <= unit < size for unit in named):
        raise InvalidProblem("不得同组或已定组中有不存在的单位。")
    settled = [unit for group in problem.frozen for unit in group]
    if len(set(settled)) != len(settled) or any(len(group) < 2 for group in problem.frozen):
        raise InvalidProblem("已定的组至少两个单位，且一个单位只能在一个已定的组里。")
    if np.any(problem.units.pinned[settled] != NONE):
        raise InvalidProblem("已定组里的单位不能再指定同组。")
    if np.any(problem.forbidden[:, 0] == problem.forbidden[:, 1]):
        raise InvalidProblem("单位不能与自己不得同组。")
