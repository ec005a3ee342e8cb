"""An instance planned, a share of its units taken away, and the plan carried over: `python carried.py FILE SEED`.

Prints a line of JSON: CPU seconds of the full plan and of carrying it over, how many of the groups that lost
no unit were altered, what the carried plan costs beside one made from nothing, and faults.
"""

import json
import sys
from pathlib import Path

import numpy as np
from process import peak_mb, spent_cpu_s
from question import read_problem

from liangxin.optimize.grouping.check import faults
from liangxin.optimize.grouping.problem import NONE, GroupingProblem, Ints, Units
from liangxin.optimize.grouping.replan import Star, replan
from liangxin.optimize.grouping.solution import Solution
from liangxin.optimize.grouping.solve import solve
from liangxin.optimize.grouping.warming import warm_up

GONE_SHARE = 0.01


def main(path: str, seed: str) -> None:
    """Plan, take units away, carry over, and print the answer."""
    warm_up()
    problem = read_problem(Path(path))
    started_s = spent_cpu_s()
    plan = solve(problem)
    full_s = spent_cpu_s() - started_s
    kept = _kept(len(problem.units), seed=int(seed))
    rest, before = _part(problem, kept), _stars(plan, kept)
    started_s = spent_cpu_s()
    prices = None if plan.prices is None else plan.prices[kept]
    carried = replan(rest, before=before, prices=prices)
    carried_s = spent_cpu_s() - started_s
    anew = solve(rest)
    whole = {group.units for group in plan.groups if set(group.units) <= set(kept.tolist())}
    stand = {tuple(kept[list(group.units)].tolist()) for group in carried.solution.groups}
    answer = {
        "units": len(problem.units),
        "gone": len(problem.units) - len(kept),
        "full_s": full_s,
        "carried_s": carried_s,
        "untouched": len(whole),
        "altered": len(whole - stand),
        "carried_mm": carried.solution.objective_mm,
        "anew_mm": anew.objective_mm,
        "faults": len(faults(rest, carried.solution)),
        "peak_mb": peak_mb(),
    }
    print(json.dumps(answer))


def _kept(units: int, *, seed: int) -> Ints:
    """Units that stay, ascending."""
    chance = np.random.default_rng(seed)
    gone = chance.choice(units, size=max(1, round(units * GONE_SHARE)), replace=False)
    return np.setdiff1d(np.arange(units), gone)


def _part(problem: GroupingProblem, kept: Ints) -> GroupingProblem:
    facts = {name: value[kept] for name, value in vars(problem.units).items() if name != "ids"}
    ids = tuple(problem.units.ids[unit] for unit in kept.tolist())
    return GroupingProblem(units=Units(ids=ids, **facts), rules=problem.rules)


def _stars(plan: Solution, kept: Ints) -> list[Star]:
    """The plan's groups in units of the problem that is left."""
    place = {unit: at for at, unit in enumerate(kept.tolist())}
    return [
        Star(
            tuple(place[unit] for unit in group.units if unit in place),
            place.get(group.host, NONE),
        )
        for group in plan.groups
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
