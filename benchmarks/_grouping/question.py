"""An instance file as the planner's problem, under the usual rules."""

from pathlib import Path

from liangxin.config.cli.plan_parameters import read_settings
from liangxin.config.cli.plan_problem import plan_question
from liangxin.config.cli.unit_files import read_units
from liangxin.optimize.grouping.problem import GroupingProblem


def read_problem(path: Path) -> GroupingProblem:
    """Read an instance as `liangxin plan branches` does."""
    return plan_question(read_units(path), read_settings(None, is_in_degrees=False)).problem
