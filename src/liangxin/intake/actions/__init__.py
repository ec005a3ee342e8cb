"""What changes a batch, and through it the ledger."""

from liangxin.intake.actions.commit import NotCommittable, commit_batch
from liangxin.intake.actions.stage import NotStageable, read_batch, stage_files, upload_files
from liangxin.intake.actions.undo import NotUndoable, undo_batch

__all__ = [
    "NotCommittable",
    "NotStageable",
    "NotUndoable",
    "commit_batch",
    "read_batch",
    "stage_files",
    "undo_batch",
    "upload_files",
]
