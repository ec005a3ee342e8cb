"""The long steps of the ledger, run by the worker; each is safe to run again from its start."""

from typing import Any

from django.utils import timezone

from liangxin.kernel.jobs import Progress, job
from liangxin.registry.actions.duplicates import FIND, find_duplicates
from liangxin.registry.actions.searching import REBUILD, rebuild_search_index


@job(REBUILD)
def rebuild_search(progress: Progress) -> dict[str, Any]:
    """Build the search index anew."""
    index = rebuild_search_index(at=timezone.localdate(), progress=progress)
    return dict(index.sizes)


@job(FIND)
def find_duplicate_entries(progress: Progress) -> dict[str, Any]:
    """Search the whole ledger for entries that look alike."""
    return dict(find_duplicates(at=timezone.localdate(), progress=progress))
