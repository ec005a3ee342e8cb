"""Lists whose total is counted once for every state of the ledger."""

import hashlib
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet

from liangxin.coverage.queries.table import KEPT_SECONDS
from liangxin.kernel.audit import ledger_revision


class KeptCount(QuerySet[Any]):
    """Rows as any other queryset's; `count()` is kept until anything is written to the ledger."""

    def count(self) -> int:
        # The text of the query holds the viewer's scope, so that no scope reads another's total.
        text = hashlib.sha256(str(self.query).encode()).hexdigest()
        key = f"coverage/count/{ledger_revision()}/{text}"
        kept: int | None = cache.get(key)
        if kept is None:
            kept = super().count()
            cache.set(key, kept, KEPT_SECONDS)
        return kept


def with_kept_count(found: QuerySet[Any]) -> KeptCount:
    """The same rows, their total kept; call it before anything is asked to be prefetched."""
    return KeptCount(model=found.model, query=found.query.chain(), using=found.db)
