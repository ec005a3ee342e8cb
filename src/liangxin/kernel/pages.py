"""One mechanism that guards every page: a view declares who may use it, or the site refuses it."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from liangxin.kernel.permissions import NotAllowed, Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.rulebook import NoRuleInForce

ViewFunction = TypeVar("ViewFunction", bound=Callable[..., HttpResponseBase])
OPEN = "open"
TOKEN = "token"  # a program asks; its token is checked by the interface itself
TOO_EARLY = "所选日期太早，规则库里没有当时的规定，已按今天显示。"


class ViewerRequest(HttpRequest):
    """A request after ViewerMiddleware: it knows who looks. For annotations only."""

    viewer: Viewer


class UndeclaredPage(RuntimeError):
    """A view was routed that does not say who may use it."""


def page(permission: Permission) -> Callable[[ViewFunction], ViewFunction]:
    """Declare that a view is for holders of `permission`; PageGuardMiddleware enforces it."""

    def declare(view: ViewFunction) -> ViewFunction:
        view.required_permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def open_page(view: ViewFunction) -> ViewFunction:
    """Declare that a view is for anybody, logged in or not."""
    view.required_permission = OPEN  # type: ignore[attr-defined]
    return view


def required_permission(view: Any) -> Permission | str | None:
    """What the view declared; None where it declared nothing."""
    return getattr(view, "required_permission", None)


class PageGuardMiddleware:
    """Refuses undeclared views, sends strangers to the login page, and answers NotAllowed in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: ViewerRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        required = required_permission(view)
        if required is None:
            raise UndeclaredPage(f"{view.__module__}.{view.__name__} declares no permission")
        if required in (OPEN, TOKEN):
            return None
        if request.viewer.user_id is None:
            return redirect_to_login(request.get_full_path())
        if not may(request.viewer, Permission(required)):
            return refusal(request, "您的账号没有打开这个页面的权限。")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match exception:
            case NotAllowed():
                return refusal(request, str(exception))
            case NoRuleInForce() if "at" in request.GET:
                return _as_of_today(request)
            case OverflowError():  # a key in the address that no database can hold
                raise Http404 from exception
        return None


def refusal(request: HttpRequest, reason: str) -> HttpResponse:
    """A 403 page with the reason in Chinese."""
    return render(request, "ui/refused.html", {"reason": reason}, status=403)


def _as_of_today(request: HttpRequest) -> HttpResponse:
    asked = request.GET.copy()
    del asked["at"]
    messages.warning(request, TOO_EARLY)
    return redirect(f"{request.path}?{asked.urlencode()}")
