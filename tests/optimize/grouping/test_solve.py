from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liangxin.optimize.grouping import solve as solving
from liangxin.optimize.grouping.check import faults
from liangxin.optimize.grouping.problem import GroupingProblem, InvalidProblem, Rules
from liangxin.optimize.grouping.solution import LeftOutReason, Mode, Solution
from liangxin.optimize.grouping.solve import solve
from liangxin.optimize.stop import Stop
from tests.optimize.grouping.random_problems import AllPartings, random_problem, scattered
from tests.optimize.grouping.small_problems import Line, one_branch, problem

pytestmark = pytest.mark.usefixtures("compiled_solver")

# A row of one street: pairs of 1 and 2 members stand 100 m apart, pairs 900 m.
ROW: tuple[Line, ...] = (
    (1, 0, 0, -1, 0, 0),
    (2, 100, 0, -1, 0, 1),
    (1, 1000, 0, -1, 0, 2),
    (2, 1100, 0, -1, 0, 3),
    (1, 2000, 0, -1, 0, 4),
    (2, 2100, 0, -1, 0, 5),
)


def groups_of(solution: Solution) -> list[tuple[int, ...]]:
    return [group.units for group in solution.groups]


def reasons_of(solution: Solution) -> dict[int, LeftOutReason]:
    return {out.unit: out.reason for out in solution.left_out}


def test_solve_pairs_neighbours_and_lets_the_smaller_walk() -> None:
    found = solve(problem(ROW))

    assert groups_of(found) == [(0, 1), (2, 3), (4, 5)]
    assert [group.host for group in found.groups] == [1, 3, 5]
    assert found.groups[0].modes == (Mode.STREET, Mode.SITE)
    assert found.groups[0].ways_m == (100.0, 0.0)
    assert found.objective_mm == 300.0
    assert found.gap == pytest.approx(0, abs=0.01)


def test_solve_of_no_units_is_an_empty_plan() -> None:
    found = solve(problem(ROW[:1], pinned=np.array([-1])))
    nobody = GroupingProblem(units=scattered(0, seed=1))

    assert reasons_of(found) == {0: LeftOutReason.TOO_FEW_NEAR}
    assert found.objective_mm == 0.0
    assert (solve(nobody).groups, solve(nobody).left_out) == ((), ())


def test_solve_keeps_a_pinned_pair_together_at_a_price() -> None:
    found = solve(problem(ROW, pinned=np.array([7, -1, 7, -1, -1, -1])))

    assert faults(problem(ROW, pinned=np.array([7, -1, 7, -1, -1, -1])), found) == ()
    assert any({0, 2} <= set(units) for units in groups_of(found))
    assert found.objective_mm > 300.0


@pytest.mark.parametrize(
    ("pinned", "changed", "said"),
    [
        ([7, -1, -1, -1, -1, 7], {}, "A、F：没有一家可牵头的单位让指定同组的单位都够得着。"),
        ([7, 7, 7, -1, -1, -1], {"rules": {"max_members": 3}}, "A、B、C：指定同组共 4 名党员，超过上限 3 名。"),
        ([7, 7, 7, -1, -1, -1], {"rules": {"max_units": 2, "largest_units": 2}}, "A、B、C：指定同组 3 家，超过上限 2 家。"),
        ([7, 7, -1, -1, -1, -1], {"rules": {"min_members": 4}, "forbidden": np.array([[0, 2], [0, 3], [1, 2], [1, 3], [0, 4], [0, 5]])},
         "A、B：指定同组共 3 名党员，附近凑不成一个合格的组（至少 2 家、4 名党员）。"),
        ([7, 7, -1, -1, -1, -1], {"forbidden": np.array([[0, 1]])}, "A、B：既指定同组，又不得同组。"),
    ],
)  # fmt: skip
def test_solve_refuses_a_pinned_set_that_cannot_stand(
    pinned: list[int], changed: dict[str, object], said: str
) -> None:
    with pytest.raises(InvalidProblem) as refused:
        solve(problem(ROW, pinned=np.array(pinned), **changed))

    assert str(refused.value) == said


def test_solve_keeps_forbidden_pairs_apart() -> None:
    asked = problem(ROW[:4], forbidden=np.array([[0, 1]]))
    found = solve(asked)

    assert faults(asked, found) == ()
    assert not any({0, 1} <= set(units) for units in groups_of(found))


def test_solve_leaves_frozen_groups_as_they_are() -> None:
    asked = problem(ROW, frozen=((0, 3),))
    found = solve(asked)
    frozen = [group for group in found.groups if group.is_frozen]

    assert faults(asked, found) == ()
    assert [group.units for group in frozen] == [(0, 3)]
    assert found.bound_mm >= frozen[0].cost_mm


def test_solve_lets_units_join_an_existing_branch_within_its_places() -> None:
    asked = problem(ROW[:2], branches=one_branch(free_units=1, free_members=1))
    found = solve(asked)
    crowded = problem(ROW, branches=one_branch(free_units=5, free_members=3))

    assert faults(asked, found) == ()
    assert found.objective_mm == 100.0  # B alone cannot join, and A alone would leave B out
    assert faults(crowded, solve(crowded)) == ()


def test_solve_lets_one_unit_alone_join_an_existing_branch() -> None:
    found = solve(problem(ROW[:1], pinned=np.array([-1]), branches=one_branch()))

    assert [(group.branch, group.units) for group in found.groups] == [(0, (0,))]
    assert found.left_out == ()


def test_solve_names_only_hosts_that_may_host() -> None:
    asked = problem(ROW, may_host=np.array([True, False] * 3))
    found = solve(asked)

    assert faults(asked, found) == ()
    assert {group.host for group in found.groups} <= {0, 2, 4}


def test_solve_says_settled_where_nobody_may_host() -> None:
    found = solve(problem(ROW[:2], may_host=np.array([False, False])))

    assert reasons_of(found) == {0: LeftOutReason.SETTLED, 1: LeftOutReason.SETTLED}
    assert found.objective_mm == found.bound_mm == 40_000.0


def test_solve_looks_no_further_where_a_plan_meets_the_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lifted(*given: object, **named: object) -> None:
        raise AssertionError("a bound that is met was sharpened")

    monkeypatch.setattr(solving, "lifted", lifted)
    units = scattered(300, seed=1)
    here = replace(units, x_m=np.zeros(300), y_m=np.zeros(300), street=np.zeros(300, np.int64))

    found = solve(GroupingProblem(units=here))

    assert (found.objective_mm, found.bound_mm, found.left_out) == (0.0, 0.0, ())
    assert found.is_proven_best


def test_solve_says_too_far_where_leaving_out_is_cheaper() -> None:
    found = solve(problem(ROW[:2], rules={"left_out_mm": 10.0}))

    assert set(reasons_of(found).values()) == {LeftOutReason.TOO_FAR}
    assert found.objective_mm == 20.0


def test_solve_keeps_the_limit_of_new_groups_in_a_street() -> None:
    asked = problem(ROW, rules={"new_groups_per_street": {0: 1}})
    found = solve(asked)

    assert faults(asked, found) == ()
    assert len(found.groups) == 1


def test_solve_goes_beyond_the_usual_size_at_the_price_of_each_further_unit() -> None:
    tower: tuple[Line, ...] = ((1, 0, 0, 0, 0, 0),) * 3 + ((1, 10, 0, -1, 0, 0),)
    rules = {"max_units": 3, "largest_units": 4, "extra_unit_mm": 5.0}
    found = solve(problem(tower, rules=rules))

    assert [len(group.units) for group in found.groups] == [4]
    assert found.objective_mm == 15.0


def test_solve_gives_the_same_plan_for_the_same_seed_and_effort() -> None:
    asked = GroupingProblem(units=scattered(120, seed=3))
    first, second = solve(asked, seed=5), solve(asked, seed=5)

    assert (first.groups, first.left_out, first.bound_mm) == (
        second.groups,
        second.left_out,
        second.bound_mm,
    )
    assert first.is_reproducible
    assert faults(asked, first) == ()


def test_solve_cut_by_a_time_limit_says_that_it_is_not_reproducible() -> None:
    asked = GroupingProblem(units=scattered(60, seed=3))
    found = solve(asked, stop=Stop(time_limit_s=1e-6))

    assert not found.is_reproducible
    assert faults(asked, found) == ()


def test_solve_tells_its_progress_up_to_the_end() -> None:
    shares: list[float] = []
    solve(GroupingProblem(units=scattered(60, seed=3)), on_progress=shares.append)

    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert len(shares) > 20


def test_solve_stops_where_the_progress_raises() -> None:
    class Cancelled(Exception):
        pass

    def cancel(share: float) -> None:
        if share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        solve(GroupingProblem(units=scattered(60, seed=3)), on_progress=cancel)


def test_solve_more_effort_proves_more_and_plans_no_worse() -> None:
    asked = GroupingProblem(units=scattered(150, seed=4), rules=Rules())
    quick, usual = solve(asked, stop=Stop(effort=0.01)), solve(asked)

    assert usual.objective_mm <= 1.002 * quick.objective_mm
    assert quick.bound_mm < usual.bound_mm <= usual.objective_mm


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(seed=st.integers(0, 10**6))
def test_solve_keeps_every_rule_and_finds_the_best_of_all_partings(seed: int) -> None:
    asked = random_problem(seed, most_units=8)
    try:
        found = solve(asked)
    except InvalidProblem as refusal:
        assert str(refusal).endswith("。")  # noqa: PT017 - pins at random may contradict themselves
        return
    free = {unit for unit, why in reasons_of(found).items() if why is LeftOutReason.TOO_FEW_NEAR}
    best = AllPartings(asked, free_of_charge=frozenset(free)).least()

    assert faults(asked, found) == ()
    assert found.bound_mm <= best + 1e-6
    assert best - 1e-6 <= found.objective_mm
    assert found.objective_mm <= best * (1 + 2e-6) + 1e-6
