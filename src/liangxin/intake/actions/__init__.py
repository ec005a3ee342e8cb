"""What changes a batch, and through it the ledger."""

from liangxin.intake.actions.columns import choose_columns
from liangxin.intake.actions.commit import NotCommittable, commit_batch
from liangxin.intake.actions.mend import NotMendable, mend_row
from liangxin.intake.actions.reading_jobs import (
    COMMIT,
    READ,
    UNDO,
    BatchBusy,
    is_busy,
    read_again,
    start_step,
)
from liangxin.intake.actions.settle import discard_batch, forget_expired
from liangxin.intake.actions.stage import NotStageable, read_batch, stage_files, upload_files
from liangxin.intake.actions.undo import NotUndoable, undo_batch

__all__ = [
    "COMMIT",
    "READ",
    "UNDO",
    "BatchBusy",
    "NotCommittable",
    "NotMendable",
    "NotStageable",
    "NotUndoable",
    "choose_columns",
    "commit_batch",
    "discard_batch",
    "forget_expired",
    "is_busy",
    "mend_row",
    "read_again",
    "read_batch",
    "stage_files",
    "start_step",
    "undo_batch",
    "upload_files",
]
