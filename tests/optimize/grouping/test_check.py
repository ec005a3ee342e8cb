"""The check lets a right plan pass and finds each broken promise, by its own code."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from liangxin.optimize.grouping.check import faults
from liangxin.optimize.grouping.problem import NONE, GroupingProblem, Rules
from liangxin.optimize.grouping.solution import LeftOut, LeftOutReason, Mode, Solution
from tests.optimize.grouping.small_problems import (
    ALONE,
    TOO_FAR,
    Line,
    one_branch,
    problem,
    solution,
    street_group,
    tower_group,
    units,
)


def codes(asked: GroupingProblem, answered: Solution) -> list[str]:
    return [fault.code for fault in faults(asked, answered)]


def test_a_right_plan_has_no_faults() -> None:
    assert faults(problem(), solution()) == ()


def test_an_empty_problem_has_an_empty_plan() -> None:
    nobody = units([(1, 0, 0, 0, 0, 0)])
    fields = {name: value[:0] for name, value in vars(nobody).items()}
    asked = GroupingProblem(units=replace(nobody, **fields))

    assert faults(asked, replace(solution(), groups=(), left_out=(), objective_mm=0.0)) == ()


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        (solution(left_out=(ALONE,)), ["missing"]),
        (solution(left_out=(LeftOut(0, LeftOutReason.TOO_FAR), TOO_FAR, ALONE)), ["twice"]),
        (solution(left_out=(TOO_FAR, ALONE, LeftOut(8, LeftOutReason.TOO_FAR))), ["unknown_unit"]),
        (solution(left_out=(ALONE, TOO_FAR)), ["order"]),
        (solution(street_group(), tower_group()), ["order"]),
        (solution(tower_group(units=(1, 0, 2, 3)), street_group()), ["order"]),
        (solution(tower_group(ways_m=(0.0,)), street_group()), ["shape"]),
        (solution(tower_group(host=5), street_group()), ["host"]),
        (solution(tower_group(host=NONE), street_group()), ["host"]),
        (solution(tower_group(host=NONE, branch=0), street_group()), ["host"]),
    ],
)
def test_every_unit_and_host_is_in_its_place_once(answered: Solution, expected: list[str]) -> None:
    assert codes(problem(), answered) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"members": 4}, ["members"]),
        ({"cost_mm": 500.0}, ["cost"]),
        ({"cost_mm": float("nan")}, ["cost", "objective"]),
        ({"ways_m": (599.0, 0.0)}, ["way"]),
        ({"ways_m": (float("nan"), 0.0)}, ["way"]),
        ({"modes": (Mode.SITE, Mode.SITE)}, ["reach", "cost"]),
        ({"modes": (Mode.INDUSTRY, Mode.SITE)}, ["reach", "cost"]),
        ({"is_frozen": True}, ["frozen"]),
    ],
)
def test_figures_and_ways_of_a_group_are_recomputed(
    changed: dict[str, Any], expected: list[str]
) -> None:
    answered = solution(tower_group(), street_group(**changed))

    assert codes(problem(), answered) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"rules": {"street_radius_m": 599.0}}, ["reach", "cost"]),
        ({"rules": {"street_weight": 2.0}}, ["cost"]),
        ({"rules": {"max_members": 4}}, ["size"]),
        ({"rules": {"max_units": 3, "largest_units": 3}}, ["units", "cost"]),
        ({"rules": {"max_units": 3, "largest_units": 4}}, ["cost"]),
        ({"may_host": np.array([False] * 5 + [True] * 3)}, ["may_host"]),
        ({"forbidden": np.array([[3, 1]])}, ["forbidden"]),
        ({"pinned": np.array([1, NONE, NONE, NONE, 1, NONE, NONE, NONE])}, ["pinned"]),
        ({"frozen": ((1, 2),)}, ["frozen"]),
        ({"rules": {"new_groups_per_street": {0: 1}}}, ["street_limit"]),
        ({"rules": {"left_out_mm": 10.0}}, ["objective"]),
    ],
)
def test_rules_and_what_people_settled_are_kept(asked: dict[str, Any], expected: list[str]) -> None:
    assert codes(problem(**asked), solution()) == expected


def test_a_longer_way_than_the_cheapest_is_a_fault() -> None:
    lines: tuple[Line, ...] = ((2, 0, 0, NONE, 0, 1), (1, 500, 0, NONE, 0, 1))
    cheap = street_group(
        units=(0, 1), host=0, modes=(Mode.SITE, Mode.INDUSTRY), ways_m=(0.0, 500.0)
    )
    dear = replace(cheap, modes=(Mode.SITE, Mode.STREET))
    asked = problem(lines, rules={"street_weight": 3.0})

    right = replace(cheap, cost_mm=500.0)
    assert codes(asked, solution(right, left_out=())) == []
    assert codes(asked, solution(replace(dear, cost_mm=500.0), left_out=())) == ["mode"]


def test_a_group_may_join_an_existing_branch_with_places() -> None:
    joining = tower_group(
        units=(2, 3), host=NONE, branch=0, modes=(Mode.SITE,) * 2, ways_m=(0.0,) * 2, members=3
    )
    rest = tower_group(
        units=(0, 1, 4),
        modes=(Mode.SITE, Mode.SITE, Mode.STREET),
        ways_m=(0.0, 0.0, 300.0),
        members=3,
        cost_mm=300.0,
    )
    others = (LeftOut(5, LeftOutReason.TOO_FAR), TOO_FAR, ALONE)
    answered = solution(rest, joining, left_out=others)

    assert codes(problem(branches=one_branch()), answered) == []
    assert codes(problem(branches=one_branch(free_units=1)), answered) == ["branch_places"]
    assert codes(problem(branches=one_branch(free_members=2)), answered) == ["branch_places"]
    assert (
        codes(problem(branches=one_branch(x_m=5000.0)), answered) == []
    )  # same tower all the same


def test_a_branch_takes_one_group_at_most() -> None:
    joining = [
        tower_group(
            units=(at,), host=NONE, branch=0, modes=(Mode.SITE,), ways_m=(0.0,), members=size
        )
        for at, size in ((0, 1), (1, 1))
    ]
    out = tuple(LeftOut(at, LeftOutReason.TOO_FAR) for at in range(2, 7))

    found = codes(problem(branches=one_branch()), solution(*joining, left_out=(*out, ALONE)))
    assert found == ["branch_twice"]


def test_a_frozen_group_is_kept_whatever_the_rules() -> None:
    asked = problem(
        frozen=((6, 7),), rules={"min_members": 20, "new_groups_per_street": {0: 0, 2: 0}}
    )
    way_m = float(np.hypot(9000, 7000))
    kept = street_group(
        units=(6, 7),
        host=7,
        modes=(Mode.INDUSTRY, Mode.SITE),
        ways_m=(way_m, 0.0),
        cost_mm=way_m,
        is_frozen=True,
    )
    out = tuple(LeftOut(at, LeftOutReason.SETTLED) for at in range(6))
    fewer = tuple(replace(one, reason=LeftOutReason.TOO_FEW_NEAR) for one in out)

    assert codes(asked, solution(kept, left_out=fewer)) == []
    assert codes(asked, solution(kept, left_out=out)) == ["left_out"] * 6
    assert codes(problem(frozen=((6, 7),)), solution()) == ["frozen"]


def test_a_frozen_group_is_hosted_by_one_that_may() -> None:
    may = np.array([False, True] + [True] * 6)
    kept = tower_group(is_frozen=True)
    asked = problem(frozen=((0, 1, 2, 3),), may_host=may)

    assert codes(asked, solution(kept, street_group())) == ["may_host"]
    assert codes(asked, solution(replace(kept, host=1), street_group())) == []


@pytest.mark.parametrize("bound", [-1.0, float("nan"), float("inf"), 20_601.0])
def test_a_bound_that_cannot_be_is_a_fault(bound: float) -> None:
    assert codes(problem(), solution(bound_mm=bound)) == ["bound"]


def test_an_objective_that_does_not_add_up_is_a_fault() -> None:
    assert codes(problem(), solution(objective_mm=600.0)) == ["objective"]


@pytest.mark.parametrize("seed", range(12))
def test_nobody_near_is_said_of_exactly_those_no_group_can_take(seed: int) -> None:
    chance = np.random.default_rng(seed)
    lines: list[Line] = [
        (
            int(chance.integers(1, 4)),
            float(chance.integers(0, 2500)),
            float(chance.integers(0, 2500)),
            int(chance.integers(-1, 3)),
            int(chance.integers(-1, 3)),
            int(chance.integers(-1, 3)),
        )
        for _ in range(9)
    ]
    rules = {
        "min_members": int(chance.integers(3, 10)),
        "max_units": 3,
        "largest_units": 4,
        "max_members": 10,
        "street_radius_m": 700.0,
        "industry_radius_m": 900.0,
    }
    asked = problem(lines, rules=rules)
    takes = groupable(lines, asked.rules)

    for claim in (LeftOutReason.TOO_FEW_NEAR, LeftOutReason.TOO_FAR):
        answered = solution(left_out=[LeftOut(unit, claim) for unit in range(9)])
        found = faults(asked, replace(answered, groups=(), objective_mm=0.0))
        wrong = {fault.units[0] for fault in found if fault.code == "left_out"}
        right = set(range(9)) - takes if claim is LeftOutReason.TOO_FEW_NEAR else takes
        assert wrong == set(range(9)) - right


def groupable(lines: list[Line], rules: Rules) -> set[int]:
    """Every unit that stands in some lawful star, by trying every set of units."""
    found: set[int] = set()
    for size in range(rules.min_units, rules.largest_units + 1):
        for chosen in combinations(range(len(lines)), size):
            members = sum(lines[unit][0] for unit in chosen)
            stars = (all(reaches(lines[u], lines[h], rules) for u in chosen) for h in chosen)
            if rules.min_members <= members <= rules.max_members and any(stars):
                found.update(chosen)
    return found


def reaches(one: Line, host: Line, rules: Rules) -> bool:
    way_m = float(np.hypot(one[1] - host[1], one[2] - host[2]))
    limits = (np.inf, rules.street_radius_m, rules.industry_radius_m)
    shared = zip(one[3:], host[3:], limits, strict=True)
    return one is host or any(a == b != NONE and way_m <= limit for a, b, limit in shared)
