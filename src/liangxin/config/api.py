"""The interface for other programs: /api/v1, described by OpenAPI, opened by tokens."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from liangxin.accounts.queries.tokens import asker_of
from liangxin.coverage.api import router as coverage
from liangxin.coverage.terms import UnknownBase
from liangxin.intake.api import router as intake
from liangxin.kernel.jobs import JobRefused
from liangxin.kernel.pages import TOKEN
from liangxin.kernel.permissions import NotAllowed, Permission
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.api import router as registry
from liangxin.rulebook import NoRuleInForce

DESCRIPTIONS = (
    "api-root",
    "openapi-json",
    "openapi-view",
)  # read in a browser, by somebody logged in
UNSEEN = "没有这一项，或不在这个令牌的范围内。"


class UndeclaredOperation(RuntimeError):
    """An operation was added that does not say who may call it."""


class ByToken(HttpBearer):
    """`Authorization: Bearer 令牌`; the request then knows who asks and whether it may write."""

    def authenticate(self, request: HttpRequest, token: str) -> object:
        asker = asker_of(token, now=timezone.now(), today=timezone.localdate())
        if asker is None:
            return None
        request.viewer, request.may_write = asker.viewer, asker.may_write  # type: ignore[attr-defined]
        return asker


api = NinjaAPI(
    title="两新工作台接口",
    version="1.0",
    description="与网页使用同样的查询和办理动作；范围、权限和记录也相同。令牌在“登录安全”页面建立。",
    urls_namespace="api",
    auth=ByToken(),
    docs_url="/docs",
)
for router in (registry, coverage, intake):
    api.add_router("", router)


def _say_in_chinese(router: Router) -> None:
    """Let each operation be summed up by its docstring: the description shows the function's name else."""
    for view in router.path_operations.values():
        for one in view.operations:
            one.summary = (one.view_func.__doc__ or one.summary).strip()
            one.description = ""
    for entry in router._routers:
        _say_in_chinese(entry[1])


for entry in api._routers:
    _say_in_chinese(entry[1])


def operations() -> Iterator[tuple[str, str, Any]]:
    """Every operation as (method, path, function), in the order of the description."""
    for prefix, router, *_ in api._routers:
        yield from _within(router, prefix)


def _within(router: Router, prefix: str) -> Iterator[tuple[str, str, Any]]:
    for path, view in router.path_operations.items():
        for one in view.operations:
            for method in one.methods:
                yield method, f"{prefix}{path}", one.view_func
    for below, inner, *_ in router._routers:
        yield from _within(inner, prefix + below)


def refuse_undeclared(found: Iterable[tuple[str, str, Any]]) -> None:
    """Raise UndeclaredOperation for the first operation that says nothing of who may call it."""
    for method, path, function in found:
        if getattr(function, "required_permission", None) is None:
            raise UndeclaredOperation(f"{method} {path} declares no permission")


def guarded_urls() -> tuple[Any, ...]:
    """The addresses of the interface; the page guard leaves them to the token."""
    patterns, app, namespace = api.urls
    for pattern in patterns:
        view: Any = pattern.callback
        is_description = getattr(pattern, "name", "") in DESCRIPTIONS
        view.required_permission = Permission.USE_API if is_description else TOKEN
    return patterns, app, namespace


def _answer(request: HttpRequest, status: int, reason: str, field: str = "") -> HttpResponse:
    return api.create_response(request, {"reason": reason, "field": field}, status=status)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = _answer(request, 401, "请在 Authorization 头中带上有效的令牌。")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(NotAllowed)
def _refused(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    return _answer(request, 403, str(error))


@api.exception_handler(Http404)
def _unseen(request: HttpRequest, error: Http404) -> HttpResponse:
    return _answer(request, 404, UNSEEN)


@api.exception_handler(RefusedChange)
def _unchanged(request: HttpRequest, error: RefusedChange) -> HttpResponse:
    return _answer(request, 409, str(error), error.field)


@api.exception_handler(JobRefused)
def _not_now(request: HttpRequest, error: JobRefused) -> HttpResponse:
    return _answer(request, 409, str(error))


@api.exception_handler(NoRuleInForce)
def _too_early(request: HttpRequest, error: NoRuleInForce) -> HttpResponse:
    return _answer(request, 422, "所选日期太早，规则库里没有当时的规定。", "at")


@api.exception_handler(UnknownBase)
def _no_base(request: HttpRequest, error: UnknownBase) -> HttpResponse:
    return _answer(request, 422, str(error), "base")


@api.exception_handler(HttpError)
def _malformed(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _answer(request, error.status_code, "请求的内容看不懂：应是 JSON。")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    field = ".".join(str(part) for part in first["loc"][1:])
    return _answer(request, 422, f"{field}：{first['msg']}", field)


@api.exception_handler(ValueError)
def _unusable(request: HttpRequest, error: ValueError) -> HttpResponse:
    if not hasattr(error, "field"):
        raise error
    return _answer(request, 422, str(error), str(error.field))


refuse_undeclared(operations())
