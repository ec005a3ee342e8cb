"""Changing a draft of a proposal by hand: every step checked by the rules, kept, and undoable."""

from liangxin.coverage.actions.editing.drafting import begin_draft
from liangxin.coverage.actions.editing.replanning import replan_draft
from liangxin.coverage.actions.editing.steps import (
    choose_host,
    dissolve_group,
    found_group,
    keep_apart,
    lock_group,
    move_unit,
    pin_unit,
    remove_unit,
)
from liangxin.coverage.actions.editing.undoing import undo_edit

__all__ = [
    "begin_draft",
    "choose_host",
    "dissolve_group",
    "found_group",
    "keep_apart",
    "lock_group",
    "move_unit",
    "pin_unit",
    "remove_unit",
    "replan_draft",
    "undo_edit",
]
