import numpy as np
import pytest

from liangxin.optimize.grouping.bound import lower_bound
from liangxin.optimize.grouping.problem import GroupingProblem
from liangxin.optimize.grouping.solution import LeftOutReason
from liangxin.optimize.grouping.solve import solve
from liangxin.optimize.stop import Stop
from tests.optimize.grouping.exact_plan import least_cost
from tests.optimize.grouping.random_problems import scattered

pytestmark = pytest.mark.usefixtures("compiled_solver")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_bound_is_below_the_proven_optimum_and_the_plan_near_it(seed: int) -> None:
    asked = GroupingProblem(units=scattered(36, seed=seed))
    optimum = least_cost(asked)
    found = solve(asked)

    assert not [out for out in found.left_out if out.reason is LeftOutReason.TOO_FEW_NEAR]
    assert found.bound_mm <= optimum + 1e-6
    assert found.bound_mm >= 0.9 * optimum
    assert optimum - 1e-6 <= found.objective_mm <= 1.01 * optimum


def test_bound_holds_where_prices_are_hardly_sought() -> None:
    asked = GroupingProblem(units=scattered(36, seed=1))
    rough = lower_bound(asked, stop=Stop(effort=0.01, time_limit_s=1e-6))

    assert 0.0 <= rough <= least_cost(asked)


def test_bound_of_one_tower_is_nothing() -> None:
    units = scattered(12, seed=1)
    tower = type(units)(**(vars(units) | {"site": np.zeros(12, np.int64)}))

    assert lower_bound(GroupingProblem(units=tower)) == pytest.approx(0.0, abs=1e-6)
