"""What one request asks the database for again and again, such as the rules of the day, is found once.

Nothing is remembered outside a request, nor beyond its end, nor past an act of its own.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse

Found = TypeVar("Found")
_MISSING: Any = object()
_remembered: ContextVar[dict[Hashable, Any] | None] = ContextVar("remembered", default=None)


class RememberingMiddleware:
    """Gives each request a memory of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with remembering():
            return self.get_response(request)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember for as long as the block lasts."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def remembered(key: Hashable, find: Callable[[], Found]) -> Found:
    """What was found under the key in this request; found now where nothing was.

    The type of what is found under a key is the caller's promise: one key, one `find`.
    """
    memory = _remembered.get()
    if memory is None:
        return find()
    found = memory.get(key, _MISSING)
    if found is _MISSING:
        found = memory[key] = find()
    return cast(Found, found)


def forget() -> None:
    """Remember nothing of what was found before: something has been written."""
    memory = _remembered.get()
    if memory is not None:
        memory.clear()
