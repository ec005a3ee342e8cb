"""The plan of joint branches: prices, a plan from the best stars, neighbourhoods parted anew."""

import numpy as np

from liangxin.optimize.grouping.answer import answered
from liangxin.optimize.grouping.bound import find_duals
from liangxin.optimize.grouping.instance import Instance, flatten
from liangxin.optimize.grouping.lifting import LEAST_EFFORT, lifted
from liangxin.optimize.grouping.neighbours import Graph, neighbour_graph
from liangxin.optimize.grouping.pace import Pace
from liangxin.optimize.grouping.perfecting import (
    CUTS,
    FEW_ITEMS,
    MOST_ITEMS,
    perfect_parts,
    proven_best,
)
from liangxin.optimize.grouping.plan import Plan, Search, plan_cost, rough_plan, star_plan
from liangxin.optimize.grouping.problem import Floats, GroupingProblem
from liangxin.optimize.grouping.program import GAP
from liangxin.optimize.grouping.recombine import recombined
from liangxin.optimize.grouping.solution import Solution
from liangxin.optimize.grouping.tiled import solve_tiles
from liangxin.optimize.stop import OnProgress, Stop
from liangxin.optimize.team import ALONE, Team

VERSION = "5"
USUAL = Stop()
NARROW_UNITS, NARROW_PASSES = 12, 3
WIDE_UNITS, WIDE_PASSES = 14, 1
STARTS = 4  # plans whose groups are put together
NOISE = 0.1  # of the prices from which every plan but the first begins
MOST_LARGE_PARTS = 3000  # items; with more, parts are smaller and cut once less
DUALS_SHARE, SEARCH_SHARE = 0.2, 0.6  # of the whole work, done by then
MOST_WHOLE = 8000  # items; with more, tile by tile


def solve(
    problem: GroupingProblem,
    *,
    stop: Stop = USUAL,
    seed: int = 1,
    on_progress: OnProgress | None = None,
    team: Team = ALONE,
) -> Solution:
    """Return a plan that keeps every rule, its cost and a proven bound.

    The same seed and effort give the same plan on any machine, and whoever is in the team that does the
    tiles of a large problem, unless a time limit cut the work.
    Raises InvalidProblem, and whatever `on_progress` raises.
    """
    pace = Pace(stop, on_progress=on_progress)
    pace.goes_on(0.0)
    instance = flatten(problem)
    if instance.items > MOST_WHOLE:
        plan, pi, bound_mm = solve_tiles(instance, seed=seed, pace=pace, team=team)
    else:
        plan, pi, bound_mm = _solve_whole(instance, seed=seed, pace=pace)
    solution = answered(problem, instance, plan, bound_mm=bound_mm, pi=pi, seed=seed, pace=pace)
    if on_progress is not None:
        on_progress(1.0)
    return solution


def _solve_whole(instance: Instance, *, seed: int, pace: Pace) -> tuple[Plan, Floats, float]:
    """Return a plan, the prices of the items and the bound that they prove."""
    graph = neighbour_graph(instance)
    rough = rough_plan(instance, graph)
    aim_mm = plan_cost(instance, rough)
    duals = find_duals(instance, graph, aim_mm=aim_mm, pace=pace, share=(0.05, DUALS_SHARE))
    plan = _searched(
        instance, duals.graph, duals.pi, rough=rough, bound_mm=duals.bound_mm, seed=seed, pace=pace
    )
    is_over = _is_met(instance, plan, duals.bound_mm) or pace.stop.effort < LEAST_EFFORT
    if not pace.goes_on(SEARCH_SHARE) or is_over:
        return plan, duals.pi, duals.bound_mm
    sharper = lifted(instance, duals.pi, goes_on=lambda: pace.goes_on(SEARCH_SHARE))
    bound_mm = max(duals.bound_mm, sharper.bound_mm)
    if instance.items <= MOST_ITEMS:
        better, proven_mm = proven_best(instance, plan, sharper)
        return better, duals.pi, max(bound_mm, proven_mm)
    _perfect(instance, plan, sharper.pi, pace)
    return plan, duals.pi, bound_mm


def _is_met(instance: Instance, plan: Plan, bound_mm: float) -> bool:
    """Whether no plan costs less: where everybody stands at one place, any lawful plan costs nothing."""
    return plan_cost(instance, plan) <= bound_mm * (1 + GAP)


def _perfect(instance: Instance, plan: Plan, pi: Floats, pace: Pace) -> None:
    """Better the plan in place, part by part, in several cuts."""
    most = len(CUTS) if instance.items <= MOST_LARGE_PARTS else len(CUTS) - 1
    cuts = CUTS[: max(1, round(most * pace.stop.effort))]
    size = MOST_ITEMS if instance.items <= MOST_LARGE_PARTS else FEW_ITEMS
    for turn, share in enumerate(cuts):
        for done in perfect_parts(instance, plan, pi, share=share, most_items=size):
            part = (turn + done) / len(cuts)
            if not pace.goes_on(SEARCH_SHARE + (1 - SEARCH_SHARE) * part):
                return


def _searched(
    instance: Instance,
    graph: Graph,
    pi: Floats,
    *,
    rough: Plan,
    bound_mm: float,
    seed: int,
    pace: Pace,
) -> Plan:
    """Return the best plan put together from several, each begun another way, then polished, or one that meets the bound."""
    widths, starts = _widths(instance, pace.stop.effort)
    marks = iter(
        np.linspace(DUALS_SHARE, SEARCH_SHARE, starts * len(widths) + len(widths) + 1).tolist()
    )
    plans, before = [rough], next(marks)
    random = np.random.default_rng([seed, instance.items])
    search = Search(instance, graph, pi=pi, seed=seed)
    for turn in range(starts + 1):
        if _is_met(instance, plans[-1], bound_mm):
            return plans[-1]
        if turn == starts:
            plan = recombined(instance, plans)
        else:
            noise = random.normal(1.0, NOISE if turn else 0.0, instance.items)
            plan = star_plan(instance, graph, pi * noise)
        for most_units in widths:
            after = next(marks)
            search.improve_all(plan, most_units=most_units, pace=pace, share=(before, after))
            before = after
        plans.append(plan)
        if pace.is_cut:
            break
    return min(plans, key=lambda kept: plan_cost(instance, kept))


def _widths(instance: Instance, effort: float) -> tuple[list[int], int]:
    """Return how many units the neighbourhoods of each pass hold, and how many starts are made.

    Two of the largest groups fit in a neighbourhood.
    """
    least = 2 * int(instance.limit[2])
    widths = [max(NARROW_UNITS, least)] * NARROW_PASSES + [max(WIDE_UNITS, least)] * WIDE_PASSES
    return widths, max(1, round(STARTS * effort))
