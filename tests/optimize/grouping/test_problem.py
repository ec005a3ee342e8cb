"""A problem that contradicts itself is refused, in words."""

from typing import Any

import numpy as np
import pytest

from liangxin.optimize.grouping.problem import (
    HARDEST_MAX_UNITS,
    NONE,
    Branches,
    InvalidProblem,
    Rules,
)
from liangxin.optimize.grouping.solution import Mode
from liangxin.optimize.stop import InvalidStop, Stop
from tests.optimize.grouping.small_problems import (
    DISTRICT,
    problem,
    solution,
    street_group,
    tower_group,
    units,
)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"street_radius_m": -1.0}, "距离和代价应为不小于 0 的数"),
        ({"left_out_mm": float("nan")}, "距离和代价应为不小于 0 的数"),
        ({"industry_radius_m": float("inf")}, "距离和代价应为不小于 0 的数"),
        ({"site_weight": 0.0}, "权重应大于 0"),
        ({"min_members": 0}, "党员人数的下限"),
        ({"max_members": 2}, "党员人数的下限"),
        ({"min_units": 1}, "每组单位数"),
        ({"max_units": 6}, "每组单位数"),
        ({"largest_units": HARDEST_MAX_UNITS + 1}, "每组单位数"),
        ({"new_groups_per_street": {0: -1}}, "上限不能是负数"),
    ],
)
def test_rules_refuse_what_cannot_be(rules: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidProblem, match=said):
        Rules(**rules)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"x_m": np.zeros(3)}, "x_m 有 3 项，应为 8 项"),
        ({"x_m": np.full(8, np.nan)}, "坐标 x_m 有缺失或无穷大"),
        ({"y_m": np.full(8, np.inf)}, "坐标 y_m 有缺失或无穷大"),
        ({"ids": ("A",) * 8}, "单位编号有重复"),
        ({"members": np.zeros(8, np.int64)}, "至少有 1 名正式党员"),
    ],
)
def test_units_refuse_what_cannot_be(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidProblem, match=said):
        units(DISTRICT, **changed)


@pytest.mark.parametrize(
    ("settled", "said"),
    [
        ({"forbidden": np.array([1, 2])}, "应成对给出"),
        ({"forbidden": np.array([[0, 8]])}, "不存在的单位"),
        ({"forbidden": np.array([[3, 3]])}, "不能与自己"),
        ({"frozen": ((0, 9),)}, "不存在的单位"),
        ({"frozen": ((0,),)}, "至少两个单位"),
        ({"frozen": ((0, 1), (1, 2))}, "只能在一个已定的组里"),
        ({"frozen": ((0, 1),), "pinned": np.array([1] + [NONE] * 7)}, "不能再指定同组"),
    ],
)
def test_problem_refuses_what_people_cannot_settle(settled: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidProblem, match=said):
        problem(**settled)


def test_branches_refuse_columns_of_different_length() -> None:
    with pytest.raises(InvalidProblem, match="现有支部的 x_m 有 0 项，应为 1 项"):
        Branches(ids=("甲",))


@pytest.mark.parametrize("wrong", [{"effort": 0}, {"effort": float("nan")}, {"time_limit_s": 0}])
def test_stop_refuses_what_is_no_budget(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidStop):
        Stop(**wrong)


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [(110.0, 100.0, 0.1), (0.0, 0.0, 0.0), (5.0, 0.0, float("inf")), (100.0, 100.0, 0.0)],
)
def test_gap_is_the_share_above_the_bound(objective: float, bound: float, gap: float) -> None:
    answered = solution(objective_mm=objective, bound_mm=bound)

    assert answered.gap == pytest.approx(gap)


def test_mode_of_a_group_is_the_widest_of_its_units() -> None:
    mixed = tower_group(modes=(Mode.SITE, Mode.INDUSTRY, Mode.STREET, Mode.SITE))

    assert (mixed.mode, tower_group().mode) == (Mode.INDUSTRY, Mode.SITE)
    assert street_group().longest_way_m == 600.0
