"""Uploads on their way to the ledger, and what an undo needs to know."""

from liangxin.intake.models.batches import Batch, ColumnChoice, SheetReading, Upload
from liangxin.intake.models.rows import DisplacedPack, RowPack, StagedRow

__all__ = [
    "Batch",
    "ColumnChoice",
    "DisplacedPack",
    "RowPack",
    "SheetReading",
    "StagedRow",
    "Upload",
]
