"""What is answered: the targets chosen, their value, and how far any other choice could go."""

from dataclasses import dataclass
from enum import StrEnum

from liangxin.optimize.targets.problem import NONE


class TargetKind(StrEnum):
    """What the new members of a target bring about."""

    OWN = "own"  # a branch of the firm's own
    JOINT = "joint"  # a joint branch
    JOIN = "join"  # one more firm in a group with room
    FIRST = "first"  # the first member of a firm that should have one


@dataclass(frozen=True, kw_only=True)
class Target:
    """Firms (indices, ascending), the new members of each beside it, and whom they gather at.

    `host` is a firm of the target, NONE where `group`, the index of a group with room, is given or
    nothing is joined (FIRST).
    """

    kind: TargetKind
    units: tuple[int, ...]
    new: tuple[int, ...]
    host: int = NONE
    group: int = NONE
    value: float

    @property
    def new_members(self) -> int:
        return sum(self.new)


@dataclass(frozen=True, kw_only=True)
class Solution:
    """Targets by their first firm; `objective` is their total value, `bound` no choice can exceed."""

    targets: tuple[Target, ...]
    objective: float
    bound: float
    seconds: float
    rounds: int

    @property
    def gap(self) -> float:
        """(bound - objective) / bound; 0 where nothing can be gained."""
        return max(0.0, self.bound - self.objective) / self.bound if self.bound > 0 else 0.0
