import pytest

from liangxin.optimize.grouping.baseline import greedy
from liangxin.optimize.grouping.check import faults
from liangxin.optimize.grouping.problem import GroupingProblem, InvalidProblem
from liangxin.optimize.grouping.solve import solve
from tests.optimize.grouping.random_problems import random_problem, scattered

pytestmark = pytest.mark.usefixtures("compiled_solver")


@pytest.mark.parametrize("seed", range(20))
def test_greedy_keeps_every_rule(seed: int) -> None:
    asked = random_problem(seed)
    try:
        found = greedy(asked)
    except InvalidProblem as refusal:
        assert str(refusal).endswith("。")  # noqa: PT017 - pins at random may contradict themselves
        return

    assert faults(asked, found) == ()


def test_greedy_is_what_the_solver_is_better_than() -> None:
    asked = GroupingProblem(units=scattered(100, seed=2))

    assert solve(asked).objective_mm < 0.9 * greedy(asked).objective_mm
