"""Lists whose total, and which rows make a page, are found once for every state of what the viewer reaches."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.db.models.query import FlatValuesListIterable

from liangxin.kernel.keeping import kept
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries.revisions import revision_for
from liangxin.ui.keyed_rows import rows_of_keys

# Of longer lists, keys are kept page by page.
MOST_KEPT = 50_000
Found = TypeVar("Found")


class KeptCount(QuerySet[Any]):
    """Rows as any other queryset's; total and pages are kept until the ledger is written to.

    A page keeps primary keys only: its rows are read anew, by these keys, under the same revision.
    Of a list that lies within a street or the like, all keys are kept at once: they are found, and put in
    order, together with the total that every page shows.
    """

    viewer: Viewer
    also: int = 0
    _own_keys: tuple[int, list[Any]] = (-1, [])

    def _clone(self) -> "KeptCount":
        clone: KeptCount = super()._clone()  # type: ignore[misc]
        clone.viewer, clone.also = self.viewer, self.also
        return clone

    def count(self) -> int:
        keys = self._all_keys()
        return self.total() if keys is None else len(keys)

    def total(self) -> int:
        """The same where no page is going to be asked for: the database counts and hands over no keys."""
        return self._kept("count", super().count, of=self)

    def __getitem__(self, wanted: Any) -> Any:
        if not isinstance(wanted, slice) or self.query.is_sliced or wanted.stop is None:
            return super().__getitem__(wanted)
        keys = self.page_keys(wanted.start or 0, wanted.stop)
        is_keys = self._iterable_class is FlatValuesListIterable
        if is_keys and self._fields == ("pk",):  # type: ignore[attr-defined]
            return keys
        return rows_of_keys(self, keys)

    def page_keys(self, start: int, stop: int) -> list[Any]:
        """Primary keys of the rows from `start` up to, not including, `stop`."""
        keys = self._all_keys()
        # Sorting bare keys, once, instead of whole rows for every request.
        return self._page_of_keys(start, stop) if keys is None else keys[start:stop]

    def _all_keys(self) -> list[Any] | None:
        """Every key in the list's order; None where they are too many to keep."""
        if self.viewer.sees_district():
            return None
        revision = revision_for(self.viewer)
        # A list is asked for its total first and its page next. No clone has the keys: it may be narrowed.
        if self._own_keys[0] != revision:
            bare = self._bare()
            found = self._kept("keys", lambda: list(bare[: MOST_KEPT + 1]), of=bare)
            self._own_keys = revision, found
        keys = self._own_keys[1]
        return keys if len(keys) <= MOST_KEPT else None

    def _page_of_keys(self, start: int, stop: int) -> list[Any]:
        bare = self._bare()
        return self._kept(f"page/{start}/{stop}", lambda: list(bare[start:stop]), of=bare)

    def _bare(self) -> QuerySet[Any, Any]:
        plain = QuerySet[Any](model=self.model, query=self.query.chain(), using=self.db)
        return plain.values_list("pk", flat=True)

    def _kept(self, what: str, find: Callable[[], Found], *, of: QuerySet[Any, Any]) -> Found:
        try:
            # The statement holds the viewer's scope: no scope reads what another's found.
            told = repr(of.query.sql_with_params())
        except EmptyResultSet:  # nothing can fit, so there is no text and nothing worth keeping
            return find()
        text = hashlib.sha256(told.encode()).hexdigest()
        key = f"list/{what}/{revision_for(self.viewer)}/{self.also}/{text}"
        return kept(key, find)


def with_kept_count(found: QuerySet[Any], *, viewer: Viewer, also: int = 0) -> KeptCount:
    """The same rows of the viewer's scope, total and pages kept; call it before anything is prefetched.

    `also` is the revision of what else the rows follow from than the ledger, where there is such a thing.
    """
    kept = KeptCount(model=found.model, query=found.query.chain(), using=found.db)
    kept.viewer, kept.also = viewer, also
    return kept
