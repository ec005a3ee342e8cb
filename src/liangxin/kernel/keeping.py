"""Figures kept from one request to the next.

A key holds the revision of what its figure was counted from, so that no figure is wrong for as long as it
is kept: the time spares room alone.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.core.cache import cache

KEPT_S = 3600
Found = TypeVar("Found")
_MISSING: Any = object()


def kept(key: str, find: Callable[[], Found], *, seconds: int = KEPT_S) -> Found:
    """What is kept under the key; found and kept for that long where nothing is.

    The type of what is kept under a key is the caller's promise: one key, one `find`.
    """
    found = cache.get(key, _MISSING)
    if found is _MISSING:
        found = find()
        cache.set(key, found, seconds)
    return cast(Found, found)
