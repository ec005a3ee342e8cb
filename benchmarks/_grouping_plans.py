"""Measures plans of the instances named on the command line; `grouping.py` calls it.

Per instance: a proven bound, our plan (member-metres, gap, CPU seconds with compilation apart), the plan
of going down the list (`baseline.greedy`), ours as a share of it, faults by the independent check, and
whether a second run gives the same plan. The exit code is 1 where a fault was found, a plan differed, or
an aim was missed: published instances within their objective in 20 CPU seconds.
"""

import sys
import time
from pathlib import Path

from liangxin.config.cli.plan_parameters import read_settings
from liangxin.config.cli.plan_problem import plan_question
from liangxin.config.cli.unit_files import read_units
from liangxin.optimize.grouping.baseline import greedy
from liangxin.optimize.grouping.check import faults
from liangxin.optimize.grouping.problem import GroupingProblem
from liangxin.optimize.grouping.solution import Solution
from liangxin.optimize.grouping.solve import solve, warm_up

AIMS_MM = {"T1000": 15_100, "U1000": 46_500, "T5000": 88_000, "U5000": 240_000}
CPU_S = 20.0
HEADER = ("instance", "bound", "ours", "gap", "CPU s", "greedy", "share", "faults", "same")
WIDTHS = (12, 10, 10, 8, 7, 10, 7, 7, 5)


def main() -> int:
    """Measure every instance; the exit code is 1 where one misses what is promised."""
    started_s = time.process_time()
    warm_up()
    print(f"compiled in {time.process_time() - started_s:.1f} CPU s (once per machine)")
    _print_line(HEADER)
    results = [_keeps_promises(Path(name)) for name in sys.argv[1:]]
    return 0 if all(results) else 1


def _keeps_promises(path: Path) -> bool:
    problem = _problem(path)
    started_s = time.process_time()
    found = solve(problem)
    cpu_s = time.process_time() - started_s
    again, plain = solve(problem), greedy(problem)
    is_same = _essence(found) == _essence(again)
    wrong = len(faults(problem, found)) + len(faults(problem, plain))
    _print_line(
        (
            path.stem,
            f"{found.bound_mm:,.0f}",
            f"{found.objective_mm:,.0f}",
            f"{found.gap:.2%}",
            f"{cpu_s:.1f}",
            f"{plain.objective_mm:,.0f}",
            f"{found.objective_mm / plain.objective_mm:.3f}",
            str(wrong),
            "yes" if is_same else "NO",
        )
    )
    aim_mm = AIMS_MM.get(path.stem, float("inf"))
    return wrong == 0 and is_same and found.objective_mm <= aim_mm and cpu_s <= CPU_S


def _problem(path: Path) -> GroupingProblem:
    file = read_units(path)
    return plan_question(file, read_settings(None, is_in_degrees=False)).problem


def _essence(solution: Solution) -> tuple[object, ...]:
    """Everything but the time it took."""
    return solution.groups, solution.left_out, solution.bound_mm


def _print_line(cells: tuple[str, ...]) -> None:
    line = "  ".join(cell.rjust(width) for cell, width in zip(cells, WIDTHS, strict=True))
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
