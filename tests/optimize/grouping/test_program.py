"""Programs in whole numbers: what is found, what is proven, and the limit of work."""

import os
import signal
import time
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from liangxin.optimize.grouping.program import Program, interrupts_noted, step_of

AROUND, ALONE = 200.0, 200.0  # costs of a pair of neighbours, of being left out


def ring(items: int) -> tuple[Program, NDArray[np.float64]]:
    """Items in a ring, each left out or paired with a neighbour; and the solution that leaves all out."""
    program = Program({"presolve": "off"})
    program.add_rows(np.ones(items), np.ones(items))
    every = np.arange(items)
    program.add_columns(np.full(items, ALONE), every, every, np.ones(items))
    rows = np.column_stack([every, (every + 1) % items]).ravel()
    program.add_columns(np.full(items, AROUND), np.repeat(every, 2), rows, np.ones(2 * items))
    return program, np.concatenate([np.ones(items), np.zeros(items)])


@pytest.mark.parametrize(
    ("costs", "step"),
    [([], 0.0), ([0.0], 0.0), ([300.0, 450.0], 150.0), ([0.25, 2.0], 0.25), ([1 / 3, 1.0], 0.0)],
)
def test_step_of_costs(costs: list[float], step: float) -> None:
    assert step_of(np.array(costs)) == step


def test_best_of_an_odd_ring_is_found_and_proven_by_its_step() -> None:
    program, start = ring(5)

    values, least = program.solve_whole(most_rounds=40, start=start)

    assert values is not None
    assert values @ np.full(10, AROUND) == pytest.approx(600.0)  # the linear program says 500
    assert least == pytest.approx(600.0)


def test_a_program_without_a_start_finds_one() -> None:
    values, least = ring(7)[0].solve_whole(most_rounds=40)

    assert values is not None
    assert values.sum() * AROUND == pytest.approx(800.0)
    assert least == pytest.approx(800.0)


def test_no_round_leaves_the_start_and_proves_nothing() -> None:
    program, start = ring(101)

    values, least = program.solve_whole(most_rounds=0, start=start)

    assert values is not None
    assert values.tolist() == start.tolist()
    assert least < 51 * AROUND


def test_no_round_without_a_start_finds_nothing() -> None:
    values, _ = ring(101)[0].solve_whole(most_rounds=0)

    assert values is None


def test_what_cannot_be_met_finds_nothing() -> None:
    program = Program({})
    program.add_rows(np.ones(1), np.ones(1))
    program.add_columns(np.ones(1), np.zeros(1, np.int64), np.zeros(1, np.int64), np.full(1, 2.0))

    assert program.solve_whole(most_rounds=40)[0] is None


@pytest.fixture
def ctrl_c_heard() -> Iterator[None]:
    """Have Ctrl+C heard in tests that run in the background too, where shells have it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press_ctrl_c(told: list[int]) -> None:
    with interrupts_noted() as noted:
        os.kill(os.getpid(), signal.SIGINT)
        while not noted:
            time.sleep(0.01)
        told += noted


@pytest.mark.usefixtures("ctrl_c_heard")
def test_ctrl_c_while_highs_works_is_raised_when_it_has_ended() -> None:
    told: list[int] = []

    with pytest.raises(KeyboardInterrupt):
        press_ctrl_c(told)

    assert told == [signal.SIGINT]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
