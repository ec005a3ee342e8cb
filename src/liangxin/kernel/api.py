"""What every operation of the programs' interface promises: who may call it, and how lists are cut."""

import functools
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Schema
from ninja.params.functions import Query
from pydantic import Field

from liangxin.kernel.pages import ViewerRequest
from liangxin.kernel.permissions import NotAllowed, Permission, require

Operation = TypeVar("Operation", bound=Callable[..., Any])
Item = TypeVar("Item")
MOST_ROWS = 200
DEEPEST = 1_000_000
# No database holds a larger key; a larger number would fail inside it.
MOST_KEY = 2**63 - 1

Key = Annotated[int, Field(ge=1, le=MOST_KEY)]
EARLIEST, LATEST = date(1921, 7, 1), date(2200, 1, 1)


class ApiRequest(ViewerRequest):
    """A request that came with a token."""

    may_write: bool


class Problem(Schema):
    """Why an operation was refused; `field` names the value to mend where there is one."""

    reason: str
    field: str = ""


REFUSED = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)


class Window(Schema):
    """Which part of a list is asked for."""

    limit: int = Field(50, ge=1, le=MOST_ROWS, description="最多返回几条")
    offset: int = Field(0, ge=0, le=DEEPEST, description="跳过前几条")


class Part(Schema, Generic[Item]):
    """A part of a list with the length of the whole, as it stood on `at`."""

    at: date
    total: int
    items: list[Item]


def operation(permission: Permission, *, writes: bool = False) -> Callable[[Operation], Operation]:
    """Declare who may call an operation; the interface refuses to start with one that declares nothing."""

    def declare(function: Operation) -> Operation:
        @functools.wraps(function)
        def guarded(request: ApiRequest, *args: Any, **kwargs: Any) -> Any:
            require(request.viewer, permission)
            if writes and not request.may_write:
                raise NotAllowed("这个令牌只能读取，不能修改。")
            return function(request, *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        guarded.is_writing = writes  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return declare


def day(at: date | None) -> date:
    """The day asked about, today by default."""
    return at or timezone.localdate()


def part_of(
    found: QuerySet[Any] | Sequence[Any],
    *,
    window: Window,
    at: date,
    shown: Callable[[Any], Any],
) -> dict[str, Any]:
    """The rows of the window, and how many there are in all: one queryset, sliced and counted."""
    total = found.count() if isinstance(found, QuerySet) else len(found)
    rows = found[window.offset : window.offset + window.limit]
    return {"at": at, "total": total, "items": [shown(row) for row in rows]}


Asked = Annotated[
    date | None,
    Query(None, ge=EARLIEST, le=LATEST, description="资料日期，默认今天"),
]
