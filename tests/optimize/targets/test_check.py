"""The check finds each broken promise."""

from dataclasses import replace

import pytest

from liangxin.optimize.targets.check import faults
from liangxin.optimize.targets.solution import Solution, Target, TargetKind
from liangxin.optimize.targets.solve import solve
from tests.optimize.targets.test_solve import row_of

PROBLEM = row_of(1, 0, 1, quota=1, step_m=800.0)
ANSWER = solve(PROBLEM)
(RIGHT,) = ANSWER.targets


def codes(target: Target, **changes: float) -> set[str]:
    answer = replace(ANSWER, targets=(target,), objective=target.value, **changes)  # type: ignore[arg-type]
    return {fault.code for fault in faults(PROBLEM, answer)}


def test_check_finds_nothing_in_a_right_answer() -> None:
    assert codes(RIGHT) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"host": 0}, "reach"),
        ({"new": (0, 2, 0)}, "quota"),
        ({"new": (1, 0, 0)}, "new"),
        ({"value": 9.0}, "value"),
        ({"units": (0, 2), "new": (0, 0)}, "members"),
        ({"units": (0, 2, 7)}, "shape"),
        ({"kind": TargetKind.JOIN}, "join"),
        ({"kind": TargetKind.FIRST}, "first"),
    ],
)
def test_check_finds_what_is_wrong(changes: dict[str, object], code: str) -> None:
    assert code in codes(replace(RIGHT, **changes))  # type: ignore[arg-type]


def test_check_finds_a_firm_twice_and_a_low_bound() -> None:
    twice = Solution(
        targets=(RIGHT, RIGHT), objective=2 * RIGHT.value, bound=1.0, seconds=0.0, rounds=1
    )
    assert {fault.code for fault in faults(PROBLEM, twice)} == {"twice", "quota", "bound"}
