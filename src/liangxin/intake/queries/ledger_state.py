"""Whether the ledger has moved: a plan is only good for the ledger it was made against."""

from django.db import connection
from django.db.models import Count, Max, Q

from liangxin.registry.models import Provenance

LedgerState = tuple[int, int]


def ledger_state() -> LedgerState:
    """Two numbers that change with every act that tells the ledger something or takes it back."""
    found = Provenance.objects.aggregate(
        last=Max("id"), withdrawn=Count("id", filter=Q(is_withdrawn=True))
    )
    return found["last"] or 0, found["withdrawn"]


def hold_ledger() -> None:
    """Let nobody else tell the ledger anything until this transaction ends.

    SQLite lets one writer in at a time anyhow; PostgreSQL needs to be told.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{Provenance._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')
