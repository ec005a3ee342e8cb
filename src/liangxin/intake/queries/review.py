"""The one glance of a batch: how many rows are good, and what is the matter with the others."""

from dataclasses import dataclass

from liangxin.intake.models import Batch
from liangxin.intake.terms import BatchState, Outcome


@dataclass(frozen=True)
class Review:
    """Rows by what would become of them."""

    new: int
    changed: int
    unchanged: int
    rejected: int
    older: int
    out_of_scope: int
    is_open: bool

    @property
    def writable(self) -> int:
        """Rows that a commit writes."""
        return self.new + self.changed

    @property
    def set_apart(self) -> int:
        """Rows that a commit leaves alone because something is wrong with them."""
        return self.rejected + self.older + self.out_of_scope

    @property
    def total(self) -> int:
        return self.writable + self.unchanged + self.set_apart

    @property
    def may_commit(self) -> bool:
        return self.is_open and self.writable > 0


def reviewed(batch: Batch) -> Review:
    """The counts of a batch."""
    counts = {outcome.value: batch.counts.get(outcome.value, 0) for outcome in Outcome}
    return Review(**counts, is_open=batch.state == BatchState.DRY)
