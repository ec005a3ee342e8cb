"""The solvers' sentences with the names that people know."""

from collections.abc import Mapping, Sequence

from liangxin.coverage.queries.candidates import PlannedOrganisation
from liangxin.coverage.queries.group_names import shared_name
from liangxin.coverage.terms import GroupMode
from liangxin.optimize.grouping.explain import group_reason, left_out_reason
from liangxin.optimize.grouping.problem import NONE, GroupingProblem
from liangxin.optimize.grouping.solution import Group, LeftOut

StreetNames = Mapping[int, str]
LONGEST = 300


def group_sentence(
    problem: GroupingProblem,
    group: Group,
    *,
    placed: Sequence[PlannedOrganisation],
    streets: StreetNames,
) -> str:
    """Why these units, in one sentence that an officer can read out: "望江路街道的 3 家单位……".

    Of units that join a branch that stands, the sentence names the branch.
    """
    if group.branch != NONE:
        return group_reason(problem, group)[:LONGEST]
    units = [placed[unit] for unit in group.units]
    name = shared_name(units, GroupMode(group.mode.value), streets=streets)
    reason = group_reason(problem, group)
    return (f"{name}的 {reason}" if name else reason)[:LONGEST]


def left_out_sentence(problem: GroupingProblem, left_out: LeftOut) -> str:
    """Why the unit is in no group, in one sentence."""
    return left_out_reason(problem, left_out)[:LONGEST]
