"""What intake knows: packed rows, the ledger's keys, plans, and reports on batches."""

from liangxin.intake.queries.batch_report import batch_report

__all__ = ["batch_report"]
