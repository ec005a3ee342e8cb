"""One instance planned by `solve` or by `baseline.greedy`: `python ours.py solve|quick|greedy FILE [again]`.

Prints a line of JSON: cost and bound, travel, units in groups, CPU seconds without compilation and
reading, peak memory, faults by the independent check, and with `again` whether a second run is the same.
`python ours.py warm-up` compiles beforehand.
"""

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from process import peak_mb, spent_cpu_s
from question import read_problem

from liangxin.optimize.grouping.baseline import greedy
from liangxin.optimize.grouping.check import faults
from liangxin.optimize.grouping.problem import GroupingProblem
from liangxin.optimize.grouping.solution import LeftOutReason, Solution
from liangxin.optimize.grouping.solve import solve
from liangxin.optimize.grouping.warming import warm_up
from liangxin.optimize.stop import Stop

QUICK = Stop(effort=0.1)
WAYS = {"solve": solve, "quick": partial(solve, stop=QUICK), "greedy": greedy}


def main(arguments: list[str]) -> None:
    """Do what the arguments say and print the answer."""
    started_s = spent_cpu_s()
    warm_up()
    warm_s = spent_cpu_s() - started_s
    if arguments == ["warm-up"]:
        print(json.dumps({"cpu_s": warm_s}))
        return
    way, path, *rest = arguments
    started_s = spent_cpu_s()
    problem = read_problem(Path(path))
    read_s = spent_cpu_s() - started_s
    print(json.dumps({"read_s": read_s, **_planned(problem, way, has_second_run=bool(rest))}))


def _planned(problem: GroupingProblem, way: str, *, has_second_run: bool) -> dict[str, Any]:
    started_s = spent_cpu_s()
    found = WAYS[way](problem)
    measured = {"cpu_s": spent_cpu_s() - started_s, "wall_s": found.seconds, "peak_mb": peak_mb()}
    again = _essence(WAYS[way](problem)) if has_second_run else _essence(found)
    return {**measured, **figures(problem, found), "is_same": again == _essence(found)}


def figures(problem: GroupingProblem, found: Solution) -> dict[str, Any]:
    """The figures of a plan that every way of making one is compared by; faults are counted here."""
    few = sum(out.reason is LeftOutReason.TOO_FEW_NEAR for out in found.left_out)
    return {
        "cost_mm": found.objective_mm,
        "bound_mm": found.bound_mm,
        "travel_mm": sum(group.cost_mm for group in found.groups),
        "groups": len(found.groups),
        "covered": len(problem.units) - len(found.left_out),
        "coverable": len(problem.units) - few,
        "units": len(problem.units),
        "faults": [fault.text for fault in faults(problem, found)],
    }


def _essence(solution: Solution) -> tuple[object, ...]:
    """Everything but the time it took."""
    return solution.groups, solution.left_out, solution.bound_mm


if __name__ == "__main__":
    main(sys.argv[1:])
