"""How fast the machine is while it measures: milliseconds mean little without it, and it may change meanwhile."""

import time
from dataclasses import dataclass, field
from statistics import median

STEPS = 200_000


@dataclass
class Speed:
    """Times of one bare loop, taken now and then beside what is measured."""

    taken_ms: list[float] = field(default_factory=list)

    def take(self) -> None:
        """Time the loop once more."""
        left, started = STEPS, time.perf_counter()
        while left:
            left -= 1
        self.taken_ms.append((time.perf_counter() - started) * 1000)

    def in_words(self) -> str:
        """The median, the fastest and the slowest, in ms."""
        times = sorted(self.taken_ms)
        return (
            f"机器快慢：{STEPS:,} 步空循环中位 {median(times):.1f} 毫秒"
            f"（最快 {times[0]:.1f}，最慢 {times[-1]:.1f}，{len(times)} 次）"
        )
