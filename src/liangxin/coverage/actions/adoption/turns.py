"""One after another: establishments change in turns, so that two officers at once lose nothing."""

from django.db import connection

from liangxin.coverage.models import Establishment
from liangxin.coverage.queries.establishments import described_establishments


def take_turn() -> None:
    """Let nobody else change establishments until this transaction ends; first of all in it.

    SQLite lets one writer in at a time anyhow. On PostgreSQL two adoptions that share units in another
    order would wait for each other's rows in a circle, and both choose the same free name.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            table = Establishment._meta.db_table
            cursor.execute(f'LOCK TABLE "{table}" IN SHARE ROW EXCLUSIVE MODE')


def as_it_stands(establishment: Establishment) -> Establishment:
    """The establishment read anew in our turn: a page may have shown an older state."""
    return described_establishments().get(pk=establishment.pk)
