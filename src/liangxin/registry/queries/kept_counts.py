"""Lists whose total, and which rows make a page, are found once for every state of the ledger."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from liangxin.coverage.queries.table import KEPT_SECONDS
from liangxin.kernel.audit import ledger_revision

Found = TypeVar("Found")


class KeptCount(QuerySet[Any]):
    """Rows as any other queryset's; total and pages are kept until the ledger is written to.

    A page keeps primary keys only: its rows are read anew, and still pass the query's conditions.
    """

    def count(self) -> int:
        return self._kept("count", super().count)

    def __getitem__(self, wanted: Any) -> Any:
        if not isinstance(wanted, slice) or self.query.is_sliced or wanted.stop is None:
            return super().__getitem__(wanted)
        plain = QuerySet[Any](model=self.model, query=self.query.chain(), using=self.db)
        # Sorting bare keys, once, instead of whole rows for every request.
        keys = self._kept(
            f"page/{wanted.start or 0}/{wanted.stop}",
            lambda: list(plain.values_list("pk", flat=True)[wanted]),
        )
        return self.filter(pk__in=keys)

    def _kept(self, what: str, find: Callable[[], Found]) -> Found:
        try:
            # The text holds the viewer's scope: no scope reads what another's found.
            text = hashlib.sha256(str(self.query).encode()).hexdigest()
        except EmptyResultSet:  # nothing can fit, so there is no text and nothing worth keeping
            return find()
        key = f"coverage/{what}/{ledger_revision()}/{text}"
        kept: Found | None = cache.get(key)
        if kept is None:
            kept = find()
            cache.set(key, kept, KEPT_SECONDS)
        return kept


def with_kept_count(found: QuerySet[Any]) -> KeptCount:
    """The same rows, total and pages kept; call it before anything is asked to be prefetched."""
    return KeptCount(model=found.model, query=found.query.chain(), using=found.db)
