"""Attachments against every possible one, on problems small enough to try them all."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from liangxin.optimize.attachment.check import faults
from liangxin.optimize.attachment.problem import AttachmentProblem, InvalidAttachment
from liangxin.optimize.attachment.solution import UnattachedReason
from liangxin.optimize.attachment.solve import attach

UNKNOWN = float("nan")


def line(
    organisations: list[float], takers: list[float], places: list[int], *, radius_m: float = 1000.0
) -> AttachmentProblem:
    """Everybody along one road of one street; NaN is a position nobody knows."""
    return AttachmentProblem(
        x_m=np.array(organisations),
        y_m=np.zeros(len(organisations)),
        street=np.zeros(len(organisations), np.int64),
        taker_x_m=np.array(takers),
        taker_y_m=np.zeros(len(takers)),
        taker_street=np.zeros(len(takers), np.int64),
        places=np.array(places, np.int64),
        radius_m=radius_m,
    )


def scattered(seed: int, *, nearest: int = 12) -> AttachmentProblem:
    chance = np.random.default_rng(seed)
    x_m, taker_x_m = chance.random(6) * 3000, chance.random(3) * 3000
    x_m[chance.random(6) < 0.3] = np.nan
    taker_x_m[chance.random(3) < 0.4] = np.nan
    return AttachmentProblem(
        x_m=x_m,
        y_m=chance.random(6) * 500,
        street=chance.integers(-1, 2, 6),
        taker_x_m=taker_x_m,
        taker_y_m=chance.random(3) * 500,
        taker_street=chance.integers(-1, 2, 3),
        places=chance.integers(0, 4, 3),
        radius_m=1200.0,
        balance_m=float(chance.choice([0.0, 50.0, 700.0])),
        nearest=nearest,
    )


def cost_m(problem: AttachmentProblem, takers: tuple[int, ...]) -> float:
    """What the attachments cost; infinite where one may not be."""
    ways = [way_m(problem, unit, taker) for unit, taker in enumerate(takers) if taker >= 0]
    loads = [takers.count(taker) for taker in range(len(problem.places))]
    if any(load > places for load, places in zip(loads, problem.places, strict=True)):
        return float("inf")
    return sum(ways) + problem.balance_m * sum(load * (load - 1) / 2 for load in loads)


def way_m(problem: AttachmentProblem, unit: int, taker: int) -> float:
    metres = float(
        np.hypot(
            problem.x_m[unit] - problem.taker_x_m[taker],
            problem.y_m[unit] - problem.taker_y_m[taker],
        )
    )
    if np.isnan(metres):
        shared = problem.street[unit] == problem.taker_street[taker] != -1
        return problem.radius_m if shared else float("inf")
    return metres if metres <= problem.radius_m else float("inf")


@pytest.mark.parametrize("seed", range(25))
def test_attach_is_as_good_as_the_best_of_all(seed: int) -> None:
    problem = scattered(seed)
    every = (takers for takers in product(range(-1, 3), repeat=6))
    possible = {takers: cost_m(problem, takers) for takers in every}
    best = min((takers.count(-1), cost) for takers, cost in possible.items() if cost < float("inf"))

    found = attach(problem)
    reached = tuple(found.taker.tolist())
    assert faults(problem, found) == ()
    assert reached.count(-1) == best[0]
    assert possible[reached] == pytest.approx(best[1], abs=0.1)


def test_attach_covers_more_rather_than_nearer() -> None:
    found = attach(line([0.0, 100.0], [90.0, 1050.0], [1, 1]))

    assert found.taker.tolist() == [0, 1]
    assert found.way_m.tolist() == [90.0, 950.0]


def test_attach_shares_the_load_where_ways_are_alike() -> None:
    found = attach(line([0.0] * 4, [10.0, -10.0], [9, 9]))

    assert np.bincount(found.taker).tolist() == [2, 2]


def test_attach_looks_beyond_the_nearest_where_they_have_no_places() -> None:
    near, far = [float(at) for at in range(20)], [900.0]
    problem = replace(line([0.0] * 21, near + far, [1] * 20 + [1]), nearest=2)
    found = attach(problem)

    assert (found.attached, sorted(found.taker.tolist())) == (21, list(range(21)))


def test_attach_without_a_position_keeps_to_the_street() -> None:
    elsewhere = replace(line([UNKNOWN, 0.0], [UNKNOWN], [2]), taker_street=np.array([1]))

    assert attach(line([UNKNOWN, 0.0], [UNKNOWN], [2])).taker.tolist() == [0, 0]
    assert attach(line([UNKNOWN], [5.0], [2])).taker.tolist() == [0]
    assert np.isnan(attach(line([UNKNOWN], [5.0], [2])).way_m[0])
    assert attach(elsewhere).reasons == {
        0: UnattachedReason.NOBODY_NEAR,
        1: UnattachedReason.NOBODY_NEAR,
    }


def test_attach_says_why_not() -> None:
    found = attach(line([0.0, 0.0, 5000.0], [0.0], [1]))

    assert sorted(found.reasons.values()) == ["no_places", "nobody_near"]
    assert found.reasons[2] is UnattachedReason.NOBODY_NEAR


@pytest.mark.parametrize(
    ("problem", "taker"),
    [
        (line([], [], []), []),
        (line([], [0.0], [3]), []),
        (line([0.0], [], []), [-1]),
        (line([0.0], [0.0], [0]), [-1]),
        (line([0.0], [1000.0], [10**9]), [0]),
    ],
)
def test_attach_at_the_edges(problem: AttachmentProblem, taker: list[int]) -> None:
    found = attach(problem)

    assert found.taker.tolist() == taker
    assert faults(problem, found) == ()


def test_attach_gives_the_same_twice() -> None:
    chance = np.random.default_rng(4)
    many = line(
        list(np.round(chance.random(400), 2) * 9000), list(chance.random(60) * 9000), [3] * 60
    )

    assert attach(many).taker.tolist() == attach(many).taker.tolist()
    assert faults(many, attach(many)) == ()


def test_problem_refuses_what_contradicts_itself() -> None:
    with pytest.raises(InvalidAttachment, match="名额"):
        line([0.0], [0.0], [-1])
    with pytest.raises(InvalidAttachment, match="项数不一致"):
        replace(line([0.0], [0.0], [1]), y_m=np.zeros(2))
    with pytest.raises(InvalidAttachment, match="距离上限"):
        line([0.0], [0.0], [1], radius_m=UNKNOWN)


def test_attach_spares_whoever_serves_many_already() -> None:
    problem = line([0.0], [10.0, 30.0], [3, 3])
    busy = replace(problem, loads=np.array([2, 0], np.int64))
    assert attach(problem).taker.tolist() == [0]
    assert attach(busy).taker.tolist() == [1]


def test_problem_refuses_loads_of_another_length() -> None:
    with pytest.raises(InvalidAttachment):
        replace(line([0.0], [10.0], [3]), loads=np.zeros(2, np.int64))
