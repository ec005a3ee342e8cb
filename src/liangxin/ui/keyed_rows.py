"""Rows of a page by keys that its list has just chosen."""

from collections.abc import Sequence
from typing import Any, Protocol, cast

from django.db.models import QuerySet
from django.db.models.sql.where import WhereNode


class KnowsKeys(Protocol):
    """A list that finds the keys of a page in a way of its own."""

    def page_keys(self, start: int, stop: int) -> list[Any]: ...


def page_keys(found: QuerySet[Any], start: int, stop: int) -> list[Any]:
    """Primary keys of a list's rows from `start` up to, not including, `stop`, in its order."""
    if hasattr(found, "page_keys"):
        return cast(KnowsKeys, found).page_keys(start, stop)
    return list(found.values_list("pk", flat=True)[start:stop])


def rows_of_keys(found: QuerySet[Any], keys: Sequence[Any]) -> QuerySet[Any]:
    """The rows of a list with these primary keys, each with what the list tells of it, in the list's order.

    The list's conditions chose the keys: asked again they would weigh the whole ledger for fifty rows. Call
    it with keys that the same list chose, in its scope, and with nothing else.
    """
    rows = found.all()
    # A join to many rows needs its condition, or a row would come as often as it has partners.
    if not any(_is_to_many(join) for join in rows.query.alias_map.values()):
        rows.query.where = WhereNode()
    return rows.filter(pk__in=keys)


def _is_to_many(join: Any) -> bool:
    field = getattr(join, "join_field", None)
    return field is not None and not (field.many_to_one or field.one_to_one)
