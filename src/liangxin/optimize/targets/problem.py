"""What is asked: firms under no branch, groups with room, and how many members each street may add.

A target is one new branch, one joining, or one first member; each firm stands in one target at most.

- A new branch is a star as in joint branches: every firm in it reaches the host (same site; same street
  within `street_radius_m`; same industry within `industry_radius_m`). Its firms hold fewer than
  `min_members` today and at least that with the new members, `most_new` of them at most. A firm
  without members today needs one. The host has members today, or all new members are its own. One firm
  alone may become a branch of its own.
- A joining: a firm without members today gains one and joins a group with a free place that it reaches.
- A first member: a firm with `first_gain` above 0 gains its first member and joins nothing.

A target is worth the `gain` of its firms that come under a branch, the `first_gain` of those that had
no member, less `member_cost` per new member and `way_cost` per metre from each firm to its host. The
sum over targets is made as large as possible; streets named in `quota` add no more members than it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NONE = -1  # in arrays of codes: not known


class InvalidTargets(ValueError):
    """The problem contradicts itself; the text says where, in Chinese."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Limits of a branch, and what new members and ways cost in units of gain; lengths in metres."""

    street_radius_m: float = 1000.0
    industry_radius_m: float = 3000.0
    min_members: int = 3
    max_members: int = 50
    max_units: int = 5
    most_new: int = 2
    member_cost: float = 1e-3
    way_cost: float = 1e-7

    def __post_init__(self) -> None:
        lengths = (self.street_radius_m, self.industry_radius_m, self.member_cost, self.way_cost)
        if not all(np.isfinite(value) and value >= 0 for value in lengths):
            raise InvalidTargets("距离和代价应为不小于 0 的数。")
        if not 1 <= self.min_members <= self.max_members:
            raise InvalidTargets("党员人数的下限应不小于 1，且不大于上限。")
        if self.max_units < 1 or self.most_new < 1:
            raise InvalidTargets("单位数和新发展人数的上限应不小于 1。")


@dataclass(frozen=True, kw_only=True)
class Firms:
    """n firms under no branch, with fewer members than a branch needs; every array has length n."""

    ids: tuple[str, ...]
    members: Ints
    x_m: Floats
    y_m: Floats
    site: Ints
    street: Ints
    industry: Ints
    gain: Floats
    first_gain: Floats

    def __post_init__(self) -> None:
        _check_lengths(self, "单位")
        if len(self.ids) and (self.members.min() < 0 or self.gain.min() < 0):
            raise InvalidTargets("党员人数和收益不能是负数。")

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, kw_only=True)
class OpenGroups:
    """k groups or branches that take `places` more firms of one member each; where each meets."""

    ids: tuple[str, ...] = ()
    x_m: Floats = field(default_factory=lambda: np.zeros(0))
    y_m: Floats = field(default_factory=lambda: np.zeros(0))
    site: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    street: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    industry: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    places: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        _check_lengths(self, "可加入的支部")

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, kw_only=True)
class TargetProblem:
    """One instance; firms and groups are named by their index. `quota`: street code to new members.

    Raises InvalidTargets.
    """

    firms: Firms
    groups: OpenGroups = field(default_factory=OpenGroups)
    rules: Rules = field(default_factory=Rules)
    quota: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        firms = self.firms
        if len(firms) and firms.members.max() >= self.rules.min_members:
            raise InvalidTargets("党员够数的单位应单独组建，不在测算之内。")
        if any(limit < 0 for limit in self.quota.values()):
            raise InvalidTargets("街道的年度名额不能是负数。")


def _check_lengths(arrays: Firms | OpenGroups, what: str) -> None:
    size = len(arrays.ids)
    for name, value in vars(arrays).items():
        if len(value) != size:
            raise InvalidTargets(f"{what}的 {name} 有 {len(value)} 项，应为 {size} 项。")
    for name in ("x_m", "y_m"):
        if not np.isfinite(getattr(arrays, name)).all():
            raise InvalidTargets(f"{what}的坐标 {name} 有缺失或无穷大。")
