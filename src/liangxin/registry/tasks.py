"""The long steps of the ledger, run by the worker; each is safe to run again from its start."""

from datetime import date
from typing import Any

from django.utils import timezone

from liangxin.kernel.jobs import JobRefused, Progress, job
from liangxin.kernel.viewer import Held, Role, Scope, ScopeKind, Viewer
from liangxin.registry.actions.bulk_edit import BULK, revise_organisations
from liangxin.registry.actions.duplicates import FIND, find_duplicates
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.actions.searching import REBUILD, rebuild_search_index
from liangxin.registry.queries.bulk_edit import BulkChange


@job(REBUILD)
def rebuild_search(progress: Progress) -> dict[str, Any]:
    """Build the search index anew."""
    index = rebuild_search_index(at=timezone.localdate(), progress=progress)
    return dict(index.sizes)


@job(FIND)
def find_duplicate_entries(progress: Progress) -> dict[str, Any]:
    """Search the whole ledger for entries that look alike."""
    return dict(find_duplicates(at=timezone.localdate(), progress=progress))


@job(BULK)
def revise_many_organisations(
    progress: Progress,
    *,
    keys: list[int],
    field: str,
    value: str | int | bool | None,
    from_date: str,
    digest: str,
    by: dict[str, Any],
) -> dict[str, Any]:
    """One change for many organisations; all of them or none."""
    progress.step(0, len(keys), "正在保存")
    change = BulkChange(field=field, value=value, from_date=date.fromisoformat(from_date))
    try:
        done = revise_organisations(
            keys,
            change,
            by=_viewer(by),
            today=timezone.localdate(),
            digest=digest,
            job_id=progress.job_id,
        )
    except RefusedChange as refusal:
        raise JobRefused(str(refusal)) from refusal
    progress.step(len(keys), len(keys), "已完成")
    return {"number": done.number, "provenance": done.provenance_id}


def _viewer(told: dict[str, Any]) -> Viewer:
    held = {Held(Role(role), Scope(ScopeKind(kind), key)) for role, kind, key in told["held"]}
    return Viewer(told["user_id"], told["username"], told["name"], frozenset(held))
