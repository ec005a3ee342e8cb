"""Sentences about groups and units left out name the numbers that decided."""

from typing import Any

import numpy as np
import pytest

from liangxin.optimize.grouping.explain import distance_words, group_reason, left_out_reason
from liangxin.optimize.grouping.problem import NONE, GroupingProblem
from liangxin.optimize.grouping.solution import Group, LeftOut, LeftOutReason, Mode
from tests.optimize.grouping.small_problems import one_branch, problem, street_group, tower_group


def test_group_of_one_tower_says_so() -> None:
    assert (
        group_reason(problem(), tower_group()) == "4 家单位同在一个楼宇（园区），正式党员共 5 名。"
    )


def test_group_of_several_modes_counts_each_and_names_the_longest_way() -> None:
    mixed = Group(
        units=(0, 1, 4, 5, 6),
        host=0,
        modes=(Mode.SITE, Mode.SITE, Mode.STREET, Mode.STREET, Mode.INDUSTRY),
        ways_m=(0.0, 0.0, 300.0, 640.4, 2060.0),
        members=6,
        cost_mm=0.0,
    )

    assert group_reason(problem(), mixed) == (
        "5 家单位：与牵头单位同一楼宇（园区）的 1 家，同一街道的 2 家（最远 640 米），"
        "同一行业的 1 家（距离 2.1 公里），正式党员共 6 名。"
    )


def test_group_that_people_settled_says_so() -> None:
    assert group_reason(problem(), street_group(is_frozen=True)) == (
        "人工已定的组，保持不变：2 家单位：与牵头单位同一街道的 1 家（距离 600 米），"
        "正式党员共 3 名。"
    )


def test_settled_group_claims_no_trade_that_its_units_do_not_share() -> None:
    asked = problem()
    trades = asked.units.industry
    other = next(unit for unit in range(1, len(asked.units)) if trades[unit] != trades[0])
    apart = Group(
        units=(0, other),
        host=0,
        modes=(Mode.SITE, Mode.INDUSTRY),
        ways_m=(0.0, 410.0),
        members=3,
        cost_mm=0.0,
        is_frozen=True,
    )

    assert group_reason(asked, apart) == (
        "人工已定的组，保持不变：2 家单位：人工编入的 1 家（距离 410 米），正式党员共 3 名。"
    )


def test_group_that_joins_a_branch_names_it() -> None:
    joining = tower_group(
        units=(3,), host=NONE, branch=0, modes=(Mode.SITE,), ways_m=(0.0,), members=2
    )

    assert group_reason(problem(branches=one_branch()), joining) == (
        "加入现有支部“支部甲”：1 家单位与该支部同在一个楼宇（园区），正式党员共 2 名。"
    )


@pytest.mark.parametrize(
    ("asked", "left_out", "expected"),
    [
        (
            problem(),
            LeftOut(7, LeftOutReason.TOO_FEW_NEAR),
            "同楼宇（园区）、1 公里内同街道、3 公里内同行业没有其他可联建的单位，"
            "本单位只有 2 名正式党员，不足 3 名，建议选派党建指导员。",
        ),
        (
            problem([(1, 0, 0, NONE, 0, 1), (1, 500, 0, NONE, 0, 1)]),
            LeftOut(0, LeftOutReason.TOO_FEW_NEAR),
            "同楼宇（园区）、1 公里内同街道、3 公里内同行业的单位连同本单位合计只有 2 名正式党员，"
            "不足 3 名，建议选派党建指导员。",
        ),
        (
            problem(rules={"min_members": 9, "max_units": 2, "largest_units": 3}),
            LeftOut(0, LeftOutReason.TOO_FEW_NEAR),
            "同楼宇（园区）、1 公里内同街道、3 公里内同行业的单位连同本单位合计只有 8 名正式党员，"
            "不足 9 名，建议选派党建指导员。",
        ),
        (
            problem(rules={"min_members": 7, "max_units": 2, "largest_units": 3}),
            LeftOut(0, LeftOutReason.TOO_FEW_NEAR),
            "同楼宇（园区）、1 公里内同街道、3 公里内同行业的 5 家单位与本单位凑不成 2 至 3 家、"
            "正式党员 7 至 50 名的组，建议选派党建指导员。",
        ),
        (
            problem(),
            LeftOut(6, LeftOutReason.TOO_FAR),
            "同楼宇（园区）、1 公里内同街道、3 公里内同行业有 1 家单位可以联建（最近的相距 2 公里），"
            "但各组按全区路程最省测算后没有编入本单位（留下本单位折合 20,000 人·米），"
            "可以人工指定同组，或选派党建指导员。",
        ),
        (
            problem([(1, 0, 0, 0, 0, 1)], branches=one_branch()),
            LeftOut(0, LeftOutReason.TOO_FAR),
            "附近只有现有支部可以加入，按全区路程最省测算没有编入（留下本单位折合 20,000 人·米）。",
        ),
    ],
)
def test_left_out_is_told_with_its_own_numbers(
    asked: GroupingProblem, left_out: LeftOut, expected: str
) -> None:
    assert left_out_reason(asked, left_out) == expected


@pytest.mark.parametrize(
    ("settled", "said"),
    [
        ({"pinned": np.array([1, NONE, NONE, NONE, NONE, NONE, 1, NONE])}, "指定与 1 家同组"),
        ({"forbidden": np.array([[0, 1], [2, 0], [3, 4]])}, "与 2 家不得同组"),
        ({"frozen": ((1, 2), (3, 7))}, "附近 3 家在已定的组里"),
        ({"may_host": np.arange(8) > 1}, "本单位和附近单位中 2 家不能牵头"),
        ({"rules": {"new_groups_per_street": {0: 0}}}, "本街道最多新建 0 个支部"),
    ],
)
def test_settled_names_what_people_decided(settled: dict[str, Any], said: str) -> None:
    sentence = left_out_reason(problem(**settled), LeftOut(0, LeftOutReason.SETTLED))

    assert sentence == f"附近单位能凑够人数，但受人工限定（{said}），没有可以加入的组。"


@pytest.mark.parametrize(
    ("metres", "words"),
    [(0.0, "0 米"), (999.4, "999 米"), (999.6, "1 公里"), (2060.0, "2.1 公里"), (3000.0, "3 公里")],
)
def test_lengths_read_as_people_say_them(metres: float, words: str) -> None:
    assert distance_words(metres) == words
