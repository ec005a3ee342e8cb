"""A large instance solved tile by tile; the plan is the same whoever does the tiles.

Each tile of a first cut finds prices, with what lies around it in sight, and a plan of its own items. All
prices together prove one bound over all pairs. Each tile of a second cut, whose borders are others,
then betters the plan; groups across its borders stay as they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import time
from typing import TypeVar

import numpy as np

from liangxin.optimize.distinct import distinct
from liangxin.optimize.grouping.bound import find_duals
from liangxin.optimize.grouping.excerpt import (
    Excerpt,
    excerpt,
    graph_within,
    plan_within,
    recount,
    write_back,
)
from liangxin.optimize.grouping.instance import Instance
from liangxin.optimize.grouping.lifting import LEAST_EFFORT, lifted, proven_with_sets
from liangxin.optimize.grouping.neighbours import neighbour_graph
from liangxin.optimize.grouping.pace import Pace
from liangxin.optimize.grouping.perfecting import FEW_ITEMS, perfect_parts
from liangxin.optimize.grouping.plan import (
    Plan,
    Search,
    empty_plan,
    plan_cost,
    rough_plan,
    star_plan,
)
from liangxin.optimize.grouping.problem import Floats, Ints
from liangxin.optimize.grouping.tiles import (
    EVEN,
    UNEVEN,
    around,
    branches_of_tiles,
    cut,
    tile_excerpts,
)
from liangxin.optimize.stop import Stop
from liangxin.optimize.team import Team

CLIMBS, CLIMB_EFFORT = 2, 0.25
FIRST_WIDTHS, SECOND_WIDTHS = (12, 12), (12, 14)
MOST_PERFECTED = 40_000  # items; of more, tiles are bettered by search alone
AT_ONCE_S = 1e-9  # what is left to a tile that is begun when the time limit has passed
PRICES_SHARE, BOUND_SHARE = 0.6, 0.7  # of the whole work, done by then

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class FirstPiece:
    """A tile with its surroundings; `own` says which items of `seen` are its own."""

    seen: Instance
    own: Excerpt  # of `seen`
    seed: tuple[int, ...]
    stop: Stop
    until_s: float | None  # of the clock: when the whole should end


@dataclass(frozen=True)
class Told:
    """What was found of items: prices, the ones of the sharper bound, and its odd sets with weights.

    A set is told by one item of each of its kinds.
    """

    pi: Floats
    sharper: Floats
    sets: list[tuple[int, ...]]
    weight: Floats


@dataclass(frozen=True)
class SecondPiece:
    """A tile of the second cut, the plan so far within it, and the prices of its items."""

    instance: Instance
    plan: Plan
    pi: Floats
    sharper: Floats
    is_perfected: bool
    seed: tuple[int, ...]
    stop: Stop
    until_s: float | None


def solve_tiles(
    instance: Instance, *, seed: int, pace: Pace, team: Team
) -> tuple[Plan, Floats, float]:
    """Return a plan, the prices of the items, and the bound that they prove over all pairs."""
    plan = empty_plan(instance)
    tile = cut(instance, share=EVEN)
    parts = tile_excerpts(instance, plan, tile, branches_of_tiles(instance, tile))
    told = _first(instance, plan, parts, around(instance, tile), seed=seed, pace=pace, team=team)
    recount(instance, plan)
    bound_mm = max(0.0, proven_with_sets(instance, told.sharper, told.sets, told.weight))
    if pace.goes_on(BOUND_SHARE):
        _second(instance, plan, told, seed=seed, pace=pace, team=team)
        recount(instance, plan)
    return plan, told.pi, bound_mm


def _first(
    instance: Instance,
    plan: Plan,
    parts: Sequence[Excerpt],
    surroundings: Sequence[Ints],
    *,
    seed: int,
    pace: Pace,
    team: Team,
) -> Told:
    """Fill the plan tile by tile; return what was found of all items."""
    pieces = [
        _first_piece(instance, part, near, seed=(seed, 1, number), pace=pace)
        for number, (part, near) in enumerate(zip(parts, surroundings, strict=True))
    ]
    found = _run(team, first_plan_of, pieces, pace=pace, share=(0.0, PRICES_SHARE))
    pi, sharper, sets = np.zeros(instance.items), np.zeros(instance.items), []
    for part, (told, own_plan) in zip(parts, found, strict=True):
        pi[part.items], sharper[part.items] = told.pi, told.sharper
        sets += [tuple(part.items[list(own)].tolist()) for own in told.sets]
        write_back(part, plan, own_plan)
    return Told(pi, sharper, sets, np.concatenate([told.weight for told, _ in found]))


def _first_piece(
    instance: Instance, part: Excerpt, near: Ints, *, seed: tuple[int, ...], pace: Pace
) -> FirstPiece:
    items = distinct(np.append(part.items, near))
    room = part.instance.street_room
    free = part.instance.branch_free
    seen = excerpt(
        instance, items, branches=part.branches, branch_free=free, street_room=room
    ).instance
    own = excerpt(
        seen,
        np.searchsorted(items, part.items),
        branches=np.arange(len(part.branches)),
        branch_free=free,
        street_room=room,
    )
    return FirstPiece(seen, own, seed=seed, stop=pace.stop, until_s=pace.until_s)


def first_plan_of(piece: FirstPiece) -> tuple[Told, Plan]:
    """Return what was found of a tile's own items, and a plan of them."""
    pace = _pace(min(1000.0, piece.stop.effort * CLIMB_EFFORT), piece.until_s)
    graph = neighbour_graph(piece.seen)
    aim_mm = plan_cost(piece.seen, rough_plan(piece.seen, graph, passes=1))
    duals = find_duals(piece.seen, graph, aim_mm=aim_mm, pace=pace, share=(0.0, 1.0), climbs=CLIMBS)
    inside, pi = piece.own.instance, duals.pi[piece.own.items]
    near = graph_within(duals.graph, piece.own)
    plan = star_plan(inside, near, pi)
    if pace.is_cut:  # by prices that were not found to their end
        plans = [plan, rough_plan(inside, near)]
        plan = min(plans, key=lambda one: plan_cost(inside, one))
    _better(Search(inside, near, pi=pi, seed=piece.seed), plan, FIRST_WIDTHS, piece.stop, pace)
    if piece.stop.effort < LEAST_EFFORT or not pace.goes_on(1.0):
        return Told(pi, pi, [], np.zeros(0)), plan
    sharper = lifted(piece.seen, duals.pi, goes_on=lambda: pace.goes_on(1.0))
    sets, weight = sharper.sets_of(piece.own.items)
    return Told(pi, sharper.pi[piece.own.items], sets, weight), plan


def _second(
    instance: Instance, plan: Plan, told: Told, *, seed: int, pace: Pace, team: Team
) -> None:
    tile = cut(instance, share=UNEVEN)
    parts = tile_excerpts(instance, plan, tile, branches_of_tiles(instance, tile))
    pieces = [
        SecondPiece(
            part.instance,
            plan_within(part, plan),
            told.pi[part.items],
            told.sharper[part.items],
            instance.items <= MOST_PERFECTED,
            seed=(seed, 2, number),
            stop=pace.stop,
            until_s=pace.until_s,
        )
        for number, part in enumerate(parts)
    ]
    found = _run(team, second_plan_of, pieces, pace=pace, share=(BOUND_SHARE, 1.0))
    for part, better in zip(parts, found, strict=True):
        write_back(part, plan, better)


def second_plan_of(piece: SecondPiece) -> Plan:
    """Return the plan of a tile, bettered."""
    pace = _pace(piece.stop.effort, piece.until_s)
    if not pace.goes_on(0.0):
        return piece.plan
    graph = neighbour_graph(piece.instance)
    search = Search(piece.instance, graph, pi=piece.pi, seed=piece.seed)
    _better(search, piece.plan, SECOND_WIDTHS, piece.stop, pace)
    if piece.is_perfected and pace.goes_on(0.0):
        for done in perfect_parts(
            piece.instance, piece.plan, piece.sharper, share=EVEN, most_items=FEW_ITEMS
        ):
            if not pace.goes_on(done):
                break
    return piece.plan


def _pace(effort: float, until_s: float | None) -> Pace:
    """The pace of one tile, which ends with the whole."""
    left_s = None if until_s is None else max(AT_ONCE_S, until_s - time())
    return Pace(Stop(effort=effort, time_limit_s=left_s))


def _better(search: Search, plan: Plan, widths: Sequence[int], stop: Stop, pace: Pace) -> None:
    least = 2 * int(search.instance.limit[2])
    turns = max(1, round(len(widths) * stop.effort))
    for turn in range(turns):
        if not pace.goes_on(0.0):
            return
        width = widths[min(turn, len(widths) - 1)]
        search.improve(plan, seeds=search.all_seeds(plan), most_units=max(width, least))


def _run(
    team: Team,
    function: Callable[[T], R],
    pieces: Sequence[T],
    *,
    pace: Pace,
    share: tuple[float, float],
) -> list[R]:
    def told(count: int) -> None:
        pace.goes_on(share[0] + (share[1] - share[0]) * count / max(1, len(pieces)))

    return team.run(function, pieces, on_done=told)
