"""Statements asked again and again about one object at a time, built and compiled once.

Of a question with many parts Django takes longer to write the statement down than a database to answer it.
"""

from collections.abc import Callable, Hashable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet

# Stands for the key while a statement is compiled: no table grows as long.
PLACEHOLDER = 4_611_686_018_427_387_847
MOST_PREPARED = 64
Build = Callable[[int], QuerySet[Any, Any]]
_prepared: dict[Hashable, tuple[str, tuple[Any, ...]]] = {}


def rows_about(key: int, shape: Hashable, build: Build) -> list[tuple[Any, ...]]:
    """The rows of `build(key)`, a `values_list`, as the database hands them over.

    `shape` names everything else that `build` says, its own name included: one shape, one statement.
    """
    if shape not in _prepared:
        if len(_prepared) >= MOST_PREPARED:
            _prepared.clear()
        _prepared[shape] = _compiled(build(PLACEHOLDER))
    sql, parameters = _prepared[shape]
    with connection.cursor() as cursor:
        cursor.execute(sql, [key if one == PLACEHOLDER else one for one in parameters])
        return list(cursor.fetchall())


def _compiled(found: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    sql, parameters = found.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    if PLACEHOLDER not in parameters:
        raise ValueError("the statement does not ask for its key by a parameter")
    return sql, tuple(parameters)
