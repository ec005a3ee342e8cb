"""An earlier plan carried over: lawful, changed only where it must be, the same for the same seed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from liangxin.optimize.grouping.check import faults
from liangxin.optimize.grouping.problem import (
    NONE,
    Branches,
    GroupingProblem,
    InvalidProblem,
    Units,
)
from liangxin.optimize.grouping.replan import Star, replan
from liangxin.optimize.grouping.solution import LeftOutReason, Solution
from liangxin.optimize.grouping.solve import solve
from liangxin.optimize.stop import Stop
from tests.optimize.grouping.random_problems import random_problem, scattered
from tests.optimize.grouping.small_problems import Line, problem

pytestmark = pytest.mark.usefixtures("compiled_solver")

ROW: tuple[Line, ...] = (
    (1, 0, 0, -1, 0, 0),
    (2, 100, 0, -1, 0, 1),
    (1, 1000, 0, -1, 0, 2),
    (2, 1100, 0, -1, 0, 3),
    (1, 1250, 0, -1, 0, 4),
)


def stars_of(solution: Solution) -> list[Star]:
    return [Star(group.units, group.host, group.branch) for group in solution.groups]


def groups_of(solution: Solution) -> list[tuple[int, ...]]:
    return [group.units for group in solution.groups]


def without(question: GroupingProblem, gone: list[int], plan: Solution) -> tuple[GroupingProblem, list[Star], np.ndarray]:  # fmt: skip
    """The problem without some units, and the plan's groups without them."""
    kept = np.setdiff1d(np.arange(len(question.units)), gone)
    number = np.full(len(question.units), NONE)
    number[kept] = np.arange(len(kept))
    arrays = {name: value[kept] for name, value in vars(question.units).items() if name != "ids"}
    units = Units(ids=tuple(question.units.ids[unit] for unit in kept), **arrays)
    stars = [
        Star(tuple(int(number[unit]) for unit in group.units if number[unit] >= 0), int(number[group.host]))
        for group in plan.groups
    ]  # fmt: skip
    return GroupingProblem(units=units, rules=question.rules), stars, kept


def test_replan_changes_nothing_where_nothing_changed() -> None:
    question = GroupingProblem(units=scattered(120, seed=4))
    plan = solve(question)

    again = replan(question, before=stars_of(plan), prices=plan.prices)

    assert groups_of(again.solution) == groups_of(plan)
    assert again.altered == 0
    assert again.solution.objective_mm == pytest.approx(plan.objective_mm)
    # By prices alone, without the odd sets that the plan's own bound knows.
    assert 0.9 * plan.bound_mm <= again.solution.bound_mm <= plan.bound_mm + 1e-6


def test_replan_lets_the_nearest_group_take_in_who_is_loose() -> None:
    again = replan(problem(ROW), before=[Star((0, 1), 1), Star((2, 3), 3)])

    assert groups_of(again.solution) == [(0, 1), (2, 3, 4)]
    assert (again.stood, again.altered) == (2, 1)
    assert set(again.looked_at) >= {2, 3, 4}


def test_replan_keeps_the_host_that_people_chose() -> None:
    again = replan(problem(ROW[:4]), before=[Star((0, 1), 0), Star((2, 3), 3)])

    assert [group.host for group in again.solution.groups] == [0, 3]
    assert again.altered == 0


def test_replan_dissolves_a_group_that_keeps_the_rules_no_more() -> None:
    far = tuple(replace_x(line, 5000) if at == 0 else line for at, line in enumerate(ROW))

    again = replan(problem(far), before=[Star((0, 1), 1), Star((2, 3), 3)])

    assert (again.stood, again.altered) == (1, 1)
    assert 0 not in {unit for group in again.solution.groups for unit in group.units}
    assert again.solution.left_out[0].reason is LeftOutReason.TOO_FEW_NEAR


def replace_x(line: Line, x_m: int) -> Line:
    return (line[0], x_m, *line[2:])


def test_replan_after_some_left_looks_at_few_and_stays_near_the_bound() -> None:
    question = GroupingProblem(units=scattered(600, seed=7))
    plan = solve(question)
    assert plan.prices is not None
    smaller, stars, kept = without(question, [5, 105, 305, 505], plan)

    again = replan(smaller, before=stars, prices=plan.prices[kept])

    assert faults(smaller, again.solution) == ()
    assert again.altered <= 0.03 * again.stood
    assert len(again.looked_at) < 200
    assert again.solution.gap < plan.gap + 0.05


def test_replan_lets_who_is_loose_join_the_last_of_many_branches() -> None:
    none = np.full(9, NONE)
    many = Branches(
        ids=tuple(f"B{at}" for at in range(9)),
        x_m=np.array([90_000.0] * 8 + [50.0]),
        y_m=np.zeros(9),
        site=none,
        street=np.zeros(9, np.int64),
        industry=none,
        free_units=np.full(9, 3),
        free_members=np.full(9, 9),
    )
    question = problem(ROW[:1], branches=many)

    again = replan(question, before=[])

    assert faults(question, again.solution) == ()
    assert [group.branch for group in again.solution.groups] == [8]


def test_replan_of_one_seed_is_one_plan() -> None:
    question = GroupingProblem(units=scattered(200, seed=9))
    stars = stars_of(solve(question, stop=Stop(effort=0.2)))[::2]

    first, second = (replan(question, before=stars, seed=3) for _ in range(2))

    assert replace(first, solution=replace(first.solution, seconds=0.0)) == replace(
        second, solution=replace(second.solution, seconds=0.0)
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), kept=st.integers(0, 3))
def test_replan_of_any_problem_keeps_every_rule(seed: int, kept: int) -> None:
    question = random_problem(seed)
    try:
        plan = solve(question, stop=Stop(effort=0.1))
    except InvalidProblem:
        assume(False)

    again = replan(question, before=stars_of(plan)[:kept], prices=plan.prices)

    assert faults(question, again.solution) == ()
    assert again.solution.bound_mm <= again.solution.objective_mm + 1e-6
