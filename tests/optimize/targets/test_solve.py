"""The solver against trying everything, and its promises on larger problems."""

import numpy as np
import pytest

from liangxin.optimize.targets.check import faults
from liangxin.optimize.targets.problem import Firms, InvalidTargets, Rules, TargetProblem
from liangxin.optimize.targets.solution import TargetKind
from liangxin.optimize.targets.solve import solve
from tests.optimize.targets.every_choice import best_value, random_problem


@pytest.mark.parametrize("seed", range(40))
def test_solve_finds_the_best_choice_of_small_problems(seed: int) -> None:
    problem = random_problem(seed)
    answer = solve(problem)
    best = best_value(problem)
    assert faults(problem, answer) == ()
    assert answer.bound >= best - 1e-6
    assert answer.objective <= best + 1e-6
    assert answer.objective == pytest.approx(best, rel=1e-5)


def row_of(*members: int, quota: int | None = None, step_m: float = 400.0) -> TargetProblem:
    size = len(members)
    firms = Firms(
        ids=tuple(f"F{place}" for place in range(size)),
        members=np.array(members, np.int64),
        x_m=step_m * np.arange(size, dtype=np.float64),
        y_m=np.zeros(size),
        site=np.full(size, -1),
        street=np.zeros(size, np.int64),
        industry=np.full(size, -1),
        gain=np.ones(size),
        first_gain=np.zeros(size),
    )
    return TargetProblem(firms=firms, quota={} if quota is None else {0: quota})


def test_solve_joins_two_firms_by_one_member_between_them() -> None:
    (target,) = solve(row_of(1, 0, 1, step_m=800.0)).targets
    assert (target.kind, target.units, target.new) == (TargetKind.JOINT, (0, 1, 2), (0, 1, 0))
    assert target.host == 1


def test_solve_keeps_to_the_quota() -> None:
    problem = row_of(2, 2, 2, quota=2, step_m=5000.0)
    answer = solve(problem)
    assert [target.kind for target in answer.targets] == [TargetKind.OWN] * 2
    assert sum(target.new_members for target in answer.targets) == 2
    assert faults(problem, answer) == ()


def test_solve_gives_nothing_for_a_quota_of_none() -> None:
    assert solve(row_of(2, 0, 1, quota=0)).targets == ()


def test_solve_answers_an_empty_problem() -> None:
    answer = solve(row_of())
    assert (answer.targets, answer.objective, answer.bound, answer.gap) == ((), 0, 0, 0)


def test_solve_is_the_same_twice() -> None:
    problem = random_problem(3, firms=60, groups=4)
    assert solve(problem).targets == solve(problem).targets


def test_problem_refuses_a_firm_with_enough_members() -> None:
    with pytest.raises(InvalidTargets, match="单独组建"):
        row_of(3, 1)


def test_rules_refuse_what_contradicts_itself() -> None:
    with pytest.raises(InvalidTargets):
        Rules(min_members=5, max_members=3)
    with pytest.raises(InvalidTargets):
        Rules(street_radius_m=-1.0)
