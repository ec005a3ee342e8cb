"""Who does pieces of work: this process, or workers behind any `concurrent.futures.Executor`."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED as FIRST_DONE
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
HIRINGS = 3  # executors that may break before this process does the rest itself


class Team:
    """Runs pure functions over pieces of work; what comes out does not depend on who did it.

    `hire` makes an executor: a pool of processes, or a Dask client's. It serves until it is dismissed;
    one whose worker was killed is replaced, and only the pieces that were not done are done again.
    Without `hire`, or after HIRINGS broken executors, this process does the work.
    """

    def __init__(self, hire: Callable[[], Executor] | None = None) -> None:
        self.hire = hire
        self._executor: Executor | None = None

    def run(
        self,
        function: Callable[[T], R],
        pieces: Sequence[T],
        *,
        on_done: Callable[[int], None] = lambda count: None,
    ) -> list[R]:
        """Return the results in the order of the pieces; `on_done` hears how many there are so far.

        Raises what the function or `on_done` raises; pieces not begun are then given up.
        """
        results: dict[int, R] = {}
        for _ in range(HIRINGS if self.hire else 0):
            self._run_hired(function, pieces, results, on_done)
            if len(results) == len(pieces):
                break
        for at in range(len(pieces)):
            if at not in results:
                results[at] = function(pieces[at])
                on_done(len(results))
        return [results[at] for at in range(len(pieces))]

    def dismiss(self) -> None:
        """Let the executor go; work that it has begun is not waited for."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None

    def _run_hired(
        self,
        function: Callable[[T], R],
        pieces: Sequence[T],
        results: dict[int, R],
        on_done: Callable[[int], None],
    ) -> None:
        """Fill in results until all are there or the executor broke."""
        if self._executor is None and self.hire is not None:
            self._executor = self.hire()
        waiting: dict[Future[R], int] = {}
        try:
            for at in range(len(pieces)):
                if at not in results and self._executor is not None:
                    waiting[self._executor.submit(function, pieces[at])] = at
            while waiting:
                for future in wait(waiting, return_when=FIRST_DONE).done:
                    results[waiting[future]] = future.result()
                    del waiting[future]
                    on_done(len(results))
        except BrokenExecutor:
            self.dismiss()
        except BaseException:
            self.dismiss()
            raise


ALONE = Team()
