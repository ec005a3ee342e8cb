"""Undoing a merge: both entries as they were, apart from what people have told since."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from liangxin.kernel import audit
from liangxin.kernel.jobs import enqueue
from liangxin.kernel.models import Job, JobState
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import SYSTEM, Viewer
from liangxin.registry.actions.refusals import OutOfScope, RefusedChange
from liangxin.registry.actions.searching import REBUILD
from liangxin.registry.models import Merge, Provenance
from liangxin.registry.queries.merge_scope import holds_both
from liangxin.registry.queries.merge_undoing import UndoPlan, Write, undo_plan
from liangxin.registry.queries.search_places import newest_index


class NotUndoable(RefusedChange):
    """What was told since cannot be told apart; the ledger stays as it is, the text says why."""


def undo_merge(merge: Merge, *, by: Viewer, now: datetime) -> UndoPlan:
    """Take the two apart again; returns what was done, with notes on what stays as told since.

    Raises NotUndoable, OutOfScope.
    """
    require(by, Permission.EDIT_LEDGER)
    if merge.is_of_persons:
        require(by, Permission.SEE_PEOPLE)
    try:
        return _undo(merge, by=by, now=now)
    except IntegrityError as error:
        raise NotUndoable(
            "合并后新记的内容与被并入方原来的记录重复，分不清属于哪一方，没有撤销。请先更正后来的记录。"
        ) from error


@transaction.atomic
def _undo(merge: Merge, *, by: Viewer, now: datetime) -> UndoPlan:
    # First of all: an import holds this table while it writes, and rows locked before would wait in a circle.
    Provenance.objects.filter(pk=merge.provenance_id).update(is_withdrawn=True)
    held = Merge.objects.select_for_update().get(pk=merge.pk)
    if not holds_both(by, held, at=timezone.localdate(now)):
        raise OutOfScope("这次合并涉及您负责范围以外的记录，请由区级撤销。")
    plan = undo_plan(held)
    if plan.obstacles:
        raise NotUndoable("；".join(plan.obstacles))
    for write in plan.writes:
        _carry_out(write)
    Merge.objects.filter(pk=held.pk).update(undone_at=now, undone_by_id=by.user_id)
    _record(held, plan, by=by)
    _renew_search(held)
    return plan


def _carry_out(write: Write) -> None:
    rows = write.model._base_manager
    if write.values is None:
        rows.filter(pk=write.key)._raw_delete(rows.db)
    elif write.is_new:
        write.model(**write.values).save(force_insert=True)
    else:
        rows.filter(pk=write.key).update(**write.values)


def _renew_search(merge: Merge) -> None:
    """Have the search index built anew where it was built after the merge.

    What comes back bears its old source: the index would take it for known and never show it again.
    """
    index = newest_index()
    waiting = Job.objects.filter(kind=REBUILD, state=JobState.QUEUED)
    if index and index.last_provenance >= merge.provenance_id and not waiting.exists():
        enqueue(REBUILD, by=SYSTEM, title="更新搜索索引", arguments={})


def _record(merge: Merge, plan: UndoPlan, *, by: Viewer) -> None:
    kind = "person" if merge.is_of_persons else "organisation"
    words = "撤销两条人员记录的合并" if merge.is_of_persons else f"撤销合并：{merge}"
    for side in ("survivor", "absorbed"):
        audit.record(
            f"{kind}.unmerge",
            by=by,
            summary=words,
            about=getattr(merge, f"{side}_{kind}"),
            details={"merge": merge.pk, "kept": len(plan.notes)},
        )
