"""Opening what is held on a person leaves a trace that the person can read."""

from datetime import date

from liangxin.insight.queries.held_data import HeldData, held_data
from liangxin.kernel.audit import record
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer


def open_held_data(person_id: int, *, by: Viewer, at: date) -> HeldData | None:
    """What is held on a member in scope, the opening on record; None for anybody else."""
    require(by, Permission.SEE_PEOPLE)
    found = held_data(by, person_id=person_id, at=at)
    if found is not None:
        # No name in the summary: readers of the trail may not be told who is a member.
        record(
            "person.held_data",
            by=by,
            summary="查看一名党员在系统中的全部信息",
            about=found.person,
            changes_ledger=False,
        )
    return found
