"""Problems small enough to be judged by eye, and groups with figures of our own reckoning."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from liangxin.optimize.grouping.problem import NONE, Branches, GroupingProblem, Rules, Units
from liangxin.optimize.grouping.solution import Group, LeftOut, LeftOutReason, Mode, Solution

# One line per unit: members, x_m, y_m, site, street, industry.
Line = tuple[int, float, float, int, int, int]

# Four firms of one tower, two of its street 300 m and 900 m off, one of its industry 2 km off, one alone.
DISTRICT: tuple[Line, ...] = (
    (1, 0, 0, 0, 0, 10),
    (1, 0, 0, 0, 0, 11),
    (1, 0, 0, 0, 0, 12),
    (2, 0, 0, 0, 0, 13),
    (1, 300, 0, NONE, 0, 14),
    (2, 900, 0, NONE, 0, 15),
    (1, 0, 2000, NONE, 1, 13),
    (2, 9000, 9000, NONE, 2, 16),
)


def units(lines: Sequence[Line] = DISTRICT, **changed: Any) -> Units:
    """Units named A, B, C, …; every one may host and none is pinned unless told otherwise."""
    columns = list(zip(*lines, strict=True))
    fields: dict[str, Any] = {
        "ids": tuple(chr(ord("A") + at) for at in range(len(lines))),
        "members": np.array(columns[0], np.int64),
        "x_m": np.array(columns[1], np.float64),
        "y_m": np.array(columns[2], np.float64),
        "site": np.array(columns[3], np.int64),
        "street": np.array(columns[4], np.int64),
        "industry": np.array(columns[5], np.int64),
        "may_host": np.ones(len(lines), np.bool_),
        "pinned": np.full(len(lines), NONE),
    }
    return Units(**(fields | changed))


def problem(lines: Sequence[Line] = DISTRICT, **changed: Any) -> GroupingProblem:
    """A problem over these units; `rules` is a dict of what differs from the usual rules."""
    own = {name: changed.pop(name) for name in ("may_host", "pinned") if name in changed}
    rules = Rules(**changed.pop("rules", {}))
    return GroupingProblem(units=units(lines, **own), rules=rules, **changed)


def one_branch(*, x_m: float = 0.0, free_units: int = 2, free_members: int = 5) -> Branches:
    """An existing branch in the tower of the district."""
    return Branches(
        ids=("支部甲",),
        x_m=np.array([x_m]),
        y_m=np.array([0.0]),
        site=np.array([0]),
        street=np.array([0]),
        industry=np.array([NONE]),
        free_units=np.array([free_units]),
        free_members=np.array([free_members]),
    )


def tower_group(**changed: Any) -> Group:
    """A, B, C and D of the tower, hosted by A: nobody walks."""
    fields: dict[str, Any] = {
        "units": (0, 1, 2, 3),
        "host": 0,
        "modes": (Mode.SITE,) * 4,
        "ways_m": (0.0,) * 4,
        "members": 5,
        "cost_mm": 0.0,
    }
    return Group(**(fields | changed))


def street_group(**changed: Any) -> Group:
    """E and F of the street, 600 m apart, hosted by F: E's one member walks."""
    fields: dict[str, Any] = {
        "units": (4, 5),
        "host": 5,
        "modes": (Mode.STREET, Mode.SITE),
        "ways_m": (600.0, 0.0),
        "members": 3,
        "cost_mm": 600.0,
    }
    return Group(**(fields | changed))


TOO_FAR = LeftOut(6, LeftOutReason.TOO_FAR)
ALONE = LeftOut(7, LeftOutReason.TOO_FEW_NEAR)


def solution(
    *groups: Group, left_out: Sequence[LeftOut] = (TOO_FAR, ALONE), **changed: Any
) -> Solution:
    """A plan of these groups (the usual two by default); its objective is what its parts add up to."""
    made = groups or (tower_group(), street_group())
    fined = sum(out.reason is not LeftOutReason.TOO_FEW_NEAR for out in left_out)
    fields: dict[str, Any] = {
        "groups": made,
        "left_out": tuple(left_out),
        "objective_mm": sum(group.cost_mm for group in made) + 20_000.0 * fined,
        "bound_mm": 0.0,
        "seconds": 0.1,
        "seed": 1,
        "effort": 1.0,
        "is_reproducible": True,
    }
    return Solution(**(fields | changed))
