"""Bounds that know odd sets, and plans bettered under them."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangxin.optimize.grouping import crowds, kinds, perfecting
from liangxin.optimize.grouping import solve as solving
from liangxin.optimize.grouping.bound import find_duals
from liangxin.optimize.grouping.check import faults
from liangxin.optimize.grouping.crowds import mixtures
from liangxin.optimize.grouping.instance import Instance, flatten
from liangxin.optimize.grouping.lifting import lifted, proven_with_sets
from liangxin.optimize.grouping.neighbours import neighbour_graph
from liangxin.optimize.grouping.pace import Pace
from liangxin.optimize.grouping.perfecting import perfect_parts, proven_best
from liangxin.optimize.grouping.plan import plan_cost, rough_plan
from liangxin.optimize.grouping.problem import (
    NONE,
    Floats,
    GroupingProblem,
    InvalidProblem,
    Rules,
)
from liangxin.optimize.grouping.solution import LeftOutReason, Solution
from liangxin.optimize.grouping.solve import solve
from liangxin.optimize.stop import Stop
from tests.optimize.grouping.exact_plan import least_cost
from tests.optimize.grouping.random_problems import AllPartings, random_problem, scattered
from tests.optimize.grouping.small_problems import Line, one_branch, problem

pytestmark = pytest.mark.usefixtures("compiled_solver")
# Two members each, 100 m from one another: prices alone allow three halves of pairs.
TRIANGLE: tuple[Line, ...] = (
    (2, 0, 0, -1, 0, 0),
    (2, 100, 0, -1, 0, 1),
    (2, 50, 86.602540378, -1, 0, 2),
)


def prices(instance: Instance) -> tuple[Floats, float]:
    """Prices of the items and the bound that they prove by themselves."""
    graph = neighbour_graph(instance)
    aim_mm = plan_cost(instance, rough_plan(instance, graph))
    found = find_duals(instance, graph, aim_mm=aim_mm, pace=Pace(Stop()), share=(0.0, 1.0))
    return found.pi, found.bound_mm


def test_an_odd_set_lifts_the_bound_of_a_triangle_to_its_best_plan() -> None:
    instance = flatten(problem(TRIANGLE))
    pi, plain_mm = prices(instance)

    assert plain_mm == pytest.approx(300.0, rel=0.01)
    assert lifted(instance, pi).bound_mm == pytest.approx(400.0, rel=1e-6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_lifted_bound_lies_between_prices_and_the_proven_optimum(seed: int) -> None:
    asked = GroupingProblem(units=scattered(36, seed=seed))
    instance = flatten(asked)
    pi, plain_mm = prices(instance)
    found = lifted(instance, pi)

    assert plain_mm <= found.bound_mm <= least_cost(asked) - instance.settled_mm + 1e-6


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_small_plan_is_proven_the_best(seed: int) -> None:
    asked = GroupingProblem(units=scattered(36, seed=seed))
    found = solve(asked)

    assert found.objective_mm == pytest.approx(least_cost(asked))
    assert found.gap < 1e-5


def test_the_bound_counts_the_groups_that_a_street_may_have() -> None:
    free = GroupingProblem(units=scattered(60, seed=5))
    limited = GroupingProblem(
        units=scattered(60, seed=5), rules=Rules(new_groups_per_street={0: 2, 1: 3})
    )

    assert solve(limited).bound_mm > 2 * solve(free).bound_mm
    assert solve(limited).gap < 0.1


def test_a_poor_plan_becomes_the_best_one() -> None:
    asked = GroupingProblem(units=scattered(36, seed=4))
    instance = flatten(asked)
    rough = rough_plan(instance, neighbour_graph(instance))
    plan, bound_mm = proven_best(instance, rough, lifted(instance, prices(instance)[0]))

    assert plan_cost(instance, rough) > plan_cost(instance, plan)
    assert plan_cost(instance, plan) == pytest.approx(least_cost(asked) - instance.settled_mm)
    assert bound_mm == pytest.approx(plan_cost(instance, plan), rel=1e-5)


def test_parts_better_a_plan_and_keep_every_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perfecting, "MOST_ITEMS", 40)
    monkeypatch.setattr(solving, "MOST_ITEMS", 40)
    asked = GroupingProblem(
        units=scattered(128, seed=7),
        rules=Rules(new_groups_per_street={1: 14}),
        branches=one_branch(x_m=1400.0, free_units=3),
        forbidden=np.array([[0, 1], [2, 18], [40, 41]]),
    )
    instance = flatten(asked)
    pi, _ = prices(instance)
    plan = rough_plan(instance, neighbour_graph(instance))
    before_mm = plan_cost(instance, plan)
    shares = list(perfect_parts(instance, plan, pi, share=0.5))
    found = solve(asked)

    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert plan_cost(instance, plan) < before_mm
    assert faults(asked, found) == ()
    assert found.bound_mm <= found.objective_mm
    assert solve(asked).groups == found.groups


def best_of_all_partings(asked: GroupingProblem, found: Solution) -> float:
    free = {out.unit for out in found.left_out if out.reason is LeftOutReason.TOO_FEW_NEAR}
    return AllPartings(asked, free_of_charge=frozenset(free)).least()


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_the_bound_holds_where_hosts_list_next_to_nobody(seed: int) -> None:
    asked = random_problem(seed, most_units=8)
    try:
        with patch.object(kinds, "LISTED", 1):
            found = solve(asked)
    except InvalidProblem:
        return  # pins at random may contradict themselves
    assert faults(asked, found) == ()
    assert found.bound_mm - 1e-6 <= best_of_all_partings(asked, found) <= found.objective_mm + 1e-6


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), listed=st.sampled_from([1, 10]))
def test_crowds_of_two_leave_bound_and_plan_as_they_must_be(seed: int, listed: int) -> None:
    asked = random_problem(seed, most_units=8)
    try:
        with patch.object(crowds, "LEAST_UNITS", 2), patch.object(kinds, "LISTED", listed):
            found = solve(asked)
    except InvalidProblem:
        return  # pins at random may contradict themselves
    assert faults(asked, found) == ()
    assert found.bound_mm - 1e-6 <= best_of_all_partings(asked, found) <= found.objective_mm + 1e-6


def test_a_tower_of_many_trades_is_proven_the_best() -> None:
    tower: list[Line] = [(1 + at % 2, 0, 0, 0, 0, at) for at in range(40)]
    others: list[Line] = [
        (1, 500, 0, NONE, 0, 50),
        (2, 900, 100, NONE, 0, 51),
        (1, 0, 2500, 1, 1, 7),
    ]
    found = solve(problem([*tower, *others]))

    assert found.left_out == ()
    assert found.objective_mm == pytest.approx(np.hypot(400, 100) + 2500, rel=1e-6)
    assert found.gap < 1e-5


def test_a_plan_with_a_branch_that_takes_units_in_is_proven_the_best() -> None:
    units = scattered(36, seed=2)
    branch = replace(one_branch(free_units=3), x_m=units.x_m[4:5], y_m=units.y_m[4:5])
    asked = GroupingProblem(units=units, branches=branch)
    found = solve(asked)

    assert any(group.branch != NONE for group in found.groups)
    assert found.gap < 1e-5


@pytest.mark.parametrize("seed", [1, 2])
def test_a_bound_cut_short_still_holds(seed: int) -> None:
    asked = GroupingProblem(units=scattered(36, seed=seed))
    instance = flatten(asked)
    pi, plain_mm = prices(instance)
    short_mm = lifted(instance, pi, goes_on=lambda: False).bound_mm

    assert plain_mm - 1e-6 <= short_mm <= least_cost(asked) - instance.settled_mm + 1e-6


def test_a_price_that_a_whole_tower_jumps_at_is_lowered() -> None:
    tower: list[Line] = [(1, 0, 0, 0, 0, at) for at in range(30)]
    instance = flatten(problem([*tower, (1, 100, 0, NONE, 0, 50)]))
    pi = np.zeros(instance.items)
    pi[-1] = instance.penalty[-1]

    assert proven_with_sets(instance, pi, [], np.zeros(0)) == pytest.approx(100.0)


def test_a_crowd_makes_small_groups_that_part_no_further() -> None:
    usual = flatten(problem())
    large = flatten(problem(rules={"max_units": 3, "largest_units": 6, "min_members": 4}))

    assert sorted(mixtures(usual)) == [
        *((0, 2, 0.0), (0, 3, 0.0), (1, 1, 0.0), (1, 2, 0.0)),
        *((2, 1, 0.0), (3, 0, 0.0), (3, 1, 0.0), (4, 0, 0.0), (5, 0, 0.0)),
    ]
    assert (4, 0, large.extra_mm) in list(mixtures(large))
    assert all(ones + 2 * twos >= 4 for ones, twos, _ in mixtures(large))


def test_solving_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    solve(GroupingProblem(units=scattered(36, seed=1)))

    assert capfd.readouterr() == ("", "")


def test_a_little_effort_spares_the_way_to_the_best() -> None:
    asked = GroupingProblem(units=scattered(60, seed=6))

    assert solve(asked, stop=Stop(effort=0.1)).bound_mm < solve(asked).bound_mm
