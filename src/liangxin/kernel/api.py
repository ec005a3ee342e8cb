"""What every operation of the programs' interface promises: who may call it, and how lists are cut."""

import functools
import inspect
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, Generic, TypeVar, get_args

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Schema
from ninja.params.functions import Query
from pydantic import BeforeValidator, Field

from liangxin.kernel.pages import ViewerRequest
from liangxin.kernel.permissions import NotAllowed, Permission, require

Operation = TypeVar("Operation", bound=Callable[..., Any])
Item = TypeVar("Item")
MOST_ROWS = 200
DEEPEST = 1_000_000
# No database holds a larger key; a larger number would fail inside it.
MOST_KEY = 2**63 - 1

Key = Annotated[int, Field(ge=1, le=MOST_KEY)]
# In a body `true` is no number, though a lenient reading takes it for one.
ToldKey = Annotated[int, Field(ge=1, le=MOST_KEY, strict=True)]
EARLIEST, LATEST = date(1921, 7, 1), date(2200, 1, 1)
WRITTEN_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written_day(value: Any) -> Any:
    # A bare number would count as seconds since 1970.
    if isinstance(value, date) or (isinstance(value, str) and WRITTEN_DAY.fullmatch(value)):
        return value
    raise ValueError("日期应写成 2026-03-01 这样")


Day = Annotated[date, BeforeValidator(_written_day), Field(ge=EARLIEST, le=LATEST)]


class ApiRequest(ViewerRequest):
    """A request that came with a token."""

    may_write: bool


class Problem(Schema):
    """Why an operation was refused; `field` names the value to mend where there is one."""

    reason: str
    field: str = ""


REFUSED = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)


Asked = Annotated[
    Day | None,
    Query(None, description="资料日期，默认今天"),
]


class AtDay(Schema):
    """The day asked about."""

    at: Asked = None


class Window(Schema):
    """Which part of a list is asked for."""

    limit: int = Field(50, ge=1, le=MOST_ROWS, description="最多返回几条")
    offset: int = Field(0, ge=0, le=DEEPEST, description="跳过前几条")


class DatedWindow(Window, AtDay):
    """A part of a list as it stood on a day."""


class Part(Schema, Generic[Item]):
    """A part of a list with the length of the whole, as it stood on `at`."""

    at: date
    total: int
    items: list[Item]


class UnknownParameter(ValueError):
    """A name in the address that the operation does not know: a slip of the pen would go unseen."""

    def __init__(self, name: str) -> None:
        super().__init__(f"没有“{name[:40]}”这个参数。")
        self.field = name[:40]


def _query_names(function: Callable[..., Any]) -> frozenset[str]:
    """The names in the address that an operation knows: the fields of its Query[…] parameters."""
    models = (
        get_args(parameter.annotation)[0]
        for parameter in inspect.signature(function).parameters.values()
        if get_args(parameter.annotation)
    )
    return frozenset(name for model in models for name in getattr(model, "model_fields", ()))


def operation(permission: Permission, *, writes: bool = False) -> Callable[[Operation], Operation]:
    """Declare who may call an operation; the interface refuses to start with one that declares nothing."""

    def declare(function: Operation) -> Operation:
        known = _query_names(function)

        @functools.wraps(function)
        def guarded(request: ApiRequest, *args: Any, **kwargs: Any) -> Any:
            require(request.viewer, permission)
            if unknown := sorted(request.GET.keys() - known):
                raise UnknownParameter(unknown[0])
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
