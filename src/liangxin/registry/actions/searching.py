"""Building the search index: into rows of its own, switched to by one update, so a crash changes nothing."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from numpy.typing import NDArray

from liangxin.kernel.audit import ledger_revision
from liangxin.kernel.jobs import Progress, enqueue, job_kind
from liangxin.kernel.models import Job, JobState
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.models import Provenance, SearchBlock, SearchIndex, SearchPosting
from liangxin.registry.queries.search_documents import all_keys, placed_documents
from liangxin.registry.queries.search_pending import pending_keys
from liangxin.registry.queries.search_places import BLOCK, newest_index, packed
from liangxin.registry.queries.search_tokens import EDITION, tokens_of
from liangxin.registry.terms import Searched

REBUILD = job_kind("registry.search.rebuild")
READ_AT_ONCE = 800  # SQLite takes no more than 999 parameters in some builds
WRITTEN_AT_ONCE = 1000
PENDING_ENOUGH = 100


def rebuild_search_index(*, at: date, progress: Progress) -> SearchIndex:
    """Build an index of the whole ledger and let readers use it; unfinished older ones are cleared."""
    index = _begun()
    keys = {kind: all_keys(kind) for kind in Searched}
    total, done = sum(map(len, keys.values())), 0
    sizes = {}
    for kind in Searched:
        collected = _Collected()
        for some in _chunks(keys[kind], READ_AT_ONCE):
            for document in placed_documents(kind, some, at=at):
                collected.ranks.append(document.rank)
                for token in tokens_of(document):
                    collected.postings[token].append(len(collected.ranks) - 1)
            done += len(some)
            progress.step(done, total + 1, f"正在编入{kind.label}")
        sizes[kind.value] = len(collected.ranks)
        _write(index, kind, collected)
    _finish(index, sizes=sizes)
    _clear(keep=index)
    progress.step(total + 1, total + 1, "已启用新的索引")
    return index


def enqueue_when_stale() -> Job | None:
    """Queue a rebuilding where the index is missing, of another edition, or far behind.

    Not while other work waits or runs: an import would wait for it, and would leave it behind again.
    """
    open_jobs = Job.objects.filter(state__in=(JobState.QUEUED, JobState.RUNNING))
    if open_jobs.exists() or not is_stale():
        return None
    return enqueue(REBUILD, by=SYSTEM, title="更新搜索索引", arguments={})


def is_stale() -> bool:
    """Whether a rebuilding is due."""
    index = newest_index()
    if index is None:
        return Provenance.objects.exists()
    if Provenance.objects.filter(pk__gt=index.last_provenance).exists():
        return any(len(keys) > PENDING_ENOUGH for keys in pending_keys(index).values())
    return False


class _Collected:
    """The documents of one kind as they were read: their ranks, and the numbers that hold each token."""

    def __init__(self) -> None:
        self.ranks: list[tuple[bool, int, str, int]] = []
        self.postings: dict[str, array[int]] = defaultdict(lambda: array("I"))

    def places(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The place of each document in the order of ranks, and the keys in that order."""
        order = sorted(range(len(self.ranks)), key=self.ranks.__getitem__)
        place = np.empty(len(order), dtype=np.uint32)
        place[order] = np.arange(len(order), dtype=np.uint32)
        return place, np.array([self.ranks[number][3] for number in order], dtype=np.int64)


def _begun() -> SearchIndex:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            # A provenance that is written but not committed yet would be taken for indexed: wait for it.
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {Provenance._meta.db_table} IN SHARE MODE")
        last = Provenance.objects.order_by("-pk").values_list("pk", flat=True).first()
        return SearchIndex.objects.create(
            edition=EDITION,
            started_at=timezone.now(),
            last_provenance=last or 0,
            ledger_revision=ledger_revision(),
        )


def _write(index: SearchIndex, kind: Searched, collected: _Collected) -> None:
    """Write one kind in short transactions: other writers wait for none of them long."""
    place, keys = collected.places()
    size = len(keys)
    blocks = [
        SearchBlock(
            index=index, kind=kind, number=number, keys=keys[start : start + BLOCK].tobytes()
        )
        for number, start in enumerate(range(0, size, BLOCK))
    ]
    SearchBlock.objects.bulk_create(blocks)
    for some in _chunks(sorted(collected.postings), WRITTEN_AT_ONCE):
        SearchPosting.objects.bulk_create(
            SearchPosting(
                index=index,
                kind=kind,
                token=token,
                places=packed(_placed(place, collected.postings, token), size=size),
            )
            for token in some
        )


def _placed(
    place: NDArray[np.uint32], postings: Mapping[str, "array[int]"], token: str
) -> NDArray[np.uint32]:
    return np.sort(place[np.frombuffer(postings[token], dtype=np.uint32)])


def _finish(index: SearchIndex, *, sizes: dict[str, int]) -> None:
    index.sizes, index.finished_at = sizes, timezone.now()
    index.save(update_fields=["sizes", "finished_at"])


def _clear(*, keep: SearchIndex) -> None:
    """Take out older indexes but one: a reader may still be at it."""
    finished = SearchIndex.objects.filter(finished_at__isnull=False, pk__lt=keep.pk)
    spared = finished.order_by("-pk").values_list("pk", flat=True).first() or keep.pk
    for old in SearchIndex.objects.filter(pk__lt=keep.pk).exclude(pk=spared).order_by("pk"):
        for table in (SearchPosting, SearchBlock):
            _clear_rows(table, index=old)
        old.delete()


def _clear_rows(table: type[SearchPosting] | type[SearchBlock], *, index: SearchIndex) -> None:
    rows = table._default_manager.filter(index=index).order_by("pk")
    while keys := list(rows.values_list("pk", flat=True)[:READ_AT_ONCE]):
        table._default_manager.filter(pk__in=keys)._raw_delete("default")


def _chunks(items: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
