"""What changes a batch, and through it the ledger."""

from liangxin.intake.actions.commit import NotCommittable, commit_batch
from liangxin.intake.actions.stage import stage_files

__all__ = ["NotCommittable", "commit_batch", "stage_files"]
