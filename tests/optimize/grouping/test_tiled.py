"""Solving in tiles: lawful, proven, near the plan of the whole, the same whoever does the tiles."""

import os
import signal
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from liangxin.optimize.grouping import solve as solving
from liangxin.optimize.grouping import tiled, tiles
from liangxin.optimize.grouping.check import faults
from liangxin.optimize.grouping.instance import flatten
from liangxin.optimize.grouping.problem import GroupingProblem, InvalidProblem, Rules
from liangxin.optimize.grouping.solution import Solution
from liangxin.optimize.grouping.solve import solve
from liangxin.optimize.grouping.tiles import EVEN, UNEVEN, around, cut
from liangxin.optimize.stop import Stop
from liangxin.optimize.team import Team
from tests.optimize.grouping.random_problems import random_problem, scattered

pytestmark = pytest.mark.usefixtures("compiled_solver")


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "MOST_WHOLE", 0)
    monkeypatch.setattr(tiles, "MOST_ITEMS", 60)


def essence(solution: Solution) -> Solution:
    return replace(solution, seconds=0.0)


def processes(count: int) -> Executor:
    return ProcessPoolExecutor(count, mp_context=get_context("fork"))


def test_cut_keeps_items_of_one_place_together_and_tiles_small() -> None:
    question = GroupingProblem(units=scattered(500, seed=2))
    instance = flatten(question)

    tile = cut(instance, share=EVEN)

    places = instance.place[instance.item_start[:-1]]
    by_place: dict[tuple[float, float], set[int]] = {}
    for place, number in zip(places.tolist(), tile.tolist(), strict=True):
        by_place.setdefault((place[0], place[1]), set()).add(number)
    assert all(len(numbers) == 1 for numbers in by_place.values())
    assert sorted(np.unique(tile)) == list(range(tile.max() + 1))


def test_cuts_do_not_share_borders(small_tiles: None) -> None:
    instance = flatten(GroupingProblem(units=scattered(500, seed=2)))

    even, uneven = cut(instance, share=EVEN), cut(instance, share=UNEVEN)

    assert even.max() > 3
    assert len(np.unique(np.stack([even, uneven]), axis=1).T) > even.max() + 1 + uneven.max() + 1


def test_around_names_items_of_other_tiles(small_tiles: None) -> None:
    instance = flatten(GroupingProblem(units=scattered(300, seed=3)))
    tile = cut(instance, share=EVEN)

    near = around(instance, tile)

    assert len(near) == tile.max() + 1
    assert all((tile[items] != number).all() for number, items in enumerate(near))
    assert all(len(items) for items in near)


def test_solve_in_tiles_is_near_the_plan_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    question = GroupingProblem(units=scattered(800, seed=6))
    whole = solve(question)
    monkeypatch.setattr(solving, "MOST_WHOLE", 0)
    monkeypatch.setattr(tiles, "MOST_ITEMS", 200)

    tiled = solve(question)

    assert faults(question, tiled) == ()
    assert tiled.bound_mm <= whole.objective_mm
    assert tiled.objective_mm <= 1.05 * whole.objective_mm
    assert tiled.bound_mm >= 0.9 * whole.bound_mm


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000))
def test_solve_in_tiles_keeps_every_rule(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "MOST_WHOLE", 0)
    monkeypatch.setattr(tiles, "MOST_ITEMS", 4)
    question = random_problem(seed, most_units=14)
    try:
        found = solve(question)
    except InvalidProblem:
        assume(False)

    assert faults(question, found) == ()
    assert found.bound_mm <= found.objective_mm + 1e-6


def test_solve_in_tiles_shares_the_limit_of_a_street_out(small_tiles: None) -> None:
    units = scattered(400, seed=8)
    most_common = int(np.bincount(units.street[units.street >= 0]).argmax())
    question = GroupingProblem(units=units, rules=Rules(new_groups_per_street={most_common: 9}))

    found = solve(question)

    assert faults(question, found) == ()
    hosts = [units.street[group.host] for group in found.groups]
    assert 5 <= hosts.count(most_common) <= 9


def test_plan_is_the_same_whoever_does_the_tiles(small_tiles: None) -> None:
    question = GroupingProblem(units=scattered(400, seed=5))

    alone = solve(question, stop=Stop(effort=0.5))
    two = solve(question, stop=Stop(effort=0.5), team=Team(lambda: ThreadPoolExecutor(2)))
    eight = solve(question, stop=Stop(effort=0.5), team=Team(lambda: processes(8)))

    assert essence(two) == essence(alone)
    assert essence(eight) == essence(alone)


def test_tiles_begun_when_time_is_up_take_hardly_any_work(
    small_tiles: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lifted(*given: object, **named: object) -> None:
        raise AssertionError("a tile was sharpened after its time")

    monkeypatch.setattr(tiled, "lifted", lifted)
    question = GroupingProblem(units=scattered(500, seed=2))

    hurried = solve(question, stop=Stop(time_limit_s=1e-6))

    assert not hurried.is_reproducible
    assert hurried.bound_mm <= hurried.objective_mm
    assert not faults(question, hurried)


def _die_once(piece: tuple[Path, int]) -> int:
    """Kill the worker that is first to take piece 3."""
    mark, number = piece
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    with mark.with_name(f"done-{number}").open("a") as log:
        log.write("x")
    return number * number


def test_killed_worker_costs_its_own_pieces_only(tmp_path: Path) -> None:
    hired: list[int] = []

    def hire() -> Executor:
        hired.append(1)
        return processes(2)

    pieces = [(tmp_path / "killed", number) for number in range(20)]

    results = Team(hire).run(_die_once, pieces)

    assert results == [number * number for number in range(20)]
    assert len(hired) == 2
    assert (tmp_path / "done-0").read_text() == "x"


def test_team_whose_executors_all_break_does_the_work_itself(tmp_path: Path) -> None:
    counts: list[int] = []

    results = Team(lambda: processes(1)).run(
        _die_in_a_worker, [(os.getpid(), 7)], on_done=counts.append
    )

    assert (results, counts) == ([7], [1])


def _die_in_a_worker(piece: tuple[int, int]) -> int:
    owner, value = piece
    if os.getpid() != owner:
        os.kill(os.getpid(), signal.SIGKILL)
    return value
