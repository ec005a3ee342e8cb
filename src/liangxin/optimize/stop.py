"""When a solver stops, and how it tells how far it is."""

from collections.abc import Callable
from dataclasses import dataclass

# Called with the share of the work done, 0 to 1; may raise to stop the solver at once.
OnProgress = Callable[[float], None]


class InvalidStop(ValueError):
    """The effort or the time limit is not a positive number; the text says which, in Chinese."""


@dataclass(frozen=True)
class Stop:
    """A deterministic budget, and optionally a limit of wall-clock seconds.

    `effort` is a multiple of the solver's usual work: the same seed and effort give the same plan on
    any machine. A `time_limit_s` may end the work earlier; the plan is then no longer promised to be
    the same, and the solution says so. Raises InvalidStop.
    """

    effort: float = 1.0
    time_limit_s: float | None = None

    def __post_init__(self) -> None:
        if not 0 < self.effort <= 1000:
            raise InvalidStop(f"计算强度应在 0 到 1000 之间，现在是 {self.effort}。")
        if self.time_limit_s is not None and not self.time_limit_s > 0:
            raise InvalidStop(f"时间上限应大于 0 秒，现在是 {self.time_limit_s}。")
