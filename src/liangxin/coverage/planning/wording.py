"""The solvers' sentences with the names that people know."""

from collections.abc import Mapping, Sequence

from liangxin.coverage.queries.candidates import DIVISION, PlannedOrganisation, division
from liangxin.optimize.grouping.explain import group_reason, left_out_reason
from liangxin.optimize.grouping.problem import GroupingProblem
from liangxin.optimize.grouping.solution import Group, LeftOut, Mode
from liangxin.standards.industries import UnknownIndustry, industry

StreetNames = Mapping[int, str]
LONGEST = 300


def group_sentence(
    problem: GroupingProblem,
    group: Group,
    *,
    placed: Sequence[PlannedOrganisation],
    streets: StreetNames,
) -> str:
    """Why these units, in one sentence that an officer can read out: "望江路街道的 3 家单位……"."""
    name = _shared_name([placed[unit] for unit in group.units], group.mode, streets=streets)
    reason = group_reason(problem, group)
    return (f"{name}的 {reason}" if name else reason)[:LONGEST]


def left_out_sentence(problem: GroupingProblem, left_out: LeftOut) -> str:
    """Why the unit is in no group, in one sentence."""
    return left_out_reason(problem, left_out)[:LONGEST]


def _shared_name(units: Sequence[PlannedOrganisation], mode: Mode, *, streets: StreetNames) -> str:
    """What all units have in common, nearest to the mode; '' where it is nothing that has a name."""
    first = units[0]
    if mode is Mode.SITE:
        return first.site_name if _is_one([one.site_id for one in units]) else ""
    street, trade = "", ""
    if _is_one([one.street_id for one in units]):
        street = streets.get(first.street_id or 0, "")
    if _is_one([division(one.industry_code) for one in units]):
        trade = _division_name(first.industry_code)
    return (trade or street) if mode is Mode.INDUSTRY else street


def _is_one(keys: Sequence[int | None]) -> bool:
    return len(set(keys)) == 1 and keys[0] is not None


def _division_name(code: str) -> str:
    try:
        return industry(code[:DIVISION]).name
    except UnknownIndustry:
        return ""
