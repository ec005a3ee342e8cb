"""How far the work is, told to whoever asked, and whether a time limit cut it."""

from time import perf_counter, time

from liangxin.optimize.stop import OnProgress, Stop


class Pace:
    """Counts steps of work; tells the share done, and says when a time limit has passed."""

    def __init__(self, stop: Stop, *, on_progress: OnProgress | None = None) -> None:
        self.started_s = perf_counter()
        self.stop, self.on_progress = stop, on_progress
        self.is_cut = False

    @property
    def seconds(self) -> float:
        return perf_counter() - self.started_s

    @property
    def until_s(self) -> float | None:
        """When the time limit passes, as seconds of the clock, which other processes tell as well."""
        limit_s = self.stop.time_limit_s
        return None if limit_s is None else time() + limit_s - self.seconds

    def goes_on(self, share: float) -> bool:
        """Tell that this share of the work is done; False once the time limit has passed."""
        if self.on_progress is not None:
            self.on_progress(min(1.0, share))
        limit_s = self.stop.time_limit_s
        if limit_s is not None and self.seconds > limit_s:
            self.is_cut = True
        return not self.is_cut
