"""What is answered: groups with their hosts, units left out and why, objective, bound and gap."""

from dataclasses import dataclass, field
from enum import StrEnum

from liangxin.optimize.grouping.problem import NONE, Floats


class Mode(StrEnum):
    """How a unit reaches its host; of a group the widest mode of its units, in this order."""

    SITE = "site"
    STREET = "street"
    INDUSTRY = "industry"


class LeftOutReason(StrEnum):
    """Why a unit stands in no group."""

    TOO_FEW_NEAR = "too_few_near"  # nobody it may join makes up enough members: needs an instructor
    SETTLED = "settled"  # what people pinned, forbade or limited leaves it no group
    TOO_FAR = "too_far"  # a group could be formed, at more than the cost of leaving out


RECKONED_TO = 1e-5  # of a cost: integer programs prove no closer


@dataclass(frozen=True, kw_only=True)
class Group:
    """Units (indices, ascending) and their host: a unit of the group, or an existing branch.

    `modes` and `ways_m` (metres to the host) run beside `units`; the host's own are SITE and 0.
    """

    units: tuple[int, ...]
    host: int  # index of a unit; NONE where `branch` is given
    branch: int = NONE  # index of an existing branch
    modes: tuple[Mode, ...]
    ways_m: tuple[float, ...]
    members: int
    cost_mm: float
    is_frozen: bool = False

    @property
    def mode(self) -> Mode:
        return max(self.modes, key=list(Mode).index)

    @property
    def longest_way_m(self) -> float:
        return max(self.ways_m)


@dataclass(frozen=True)
class LeftOut:
    """A unit (index) in no group, and why."""

    unit: int
    reason: LeftOutReason


@dataclass(frozen=True, kw_only=True)
class Solution:
    """A plan. Costs in member-metres per meeting.

    `objective_mm` is the cost of the groups plus the penalty of every unit left out that could be
    covered; units that no group can take (TOO_FEW_NEAR) cost nothing, here as in `bound_mm`, so that
    they do not blur the gap. `bound_mm` is a valid lower bound of the objective over all groups.
    """

    groups: tuple[Group, ...]  # ordered by their first unit
    left_out: tuple[LeftOut, ...]  # ordered by unit
    objective_mm: float
    bound_mm: float
    seconds: float
    seed: int
    effort: float
    is_reproducible: bool  # False where a time limit cut the work short
    # Price of each unit (n), by which the bound is proven anew when little changed; None: not known.
    prices: Floats | None = field(default=None, compare=False, repr=False)

    @property
    def is_proven_best(self) -> bool:
        """Whether no plan costs less, as far as the solver reckons."""
        return self.objective_mm <= self.bound_mm * (1 + RECKONED_TO)

    @property
    def gap(self) -> float:
        """(objective - bound) / bound; 0 where both are 0."""
        if self.objective_mm <= self.bound_mm:
            return 0.0
        return (
            (self.objective_mm - self.bound_mm) / self.bound_mm if self.bound_mm else float("inf")
        )
