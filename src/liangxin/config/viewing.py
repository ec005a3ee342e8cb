"""Every request learns who looks before any view runs."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from liangxin.accounts.queries import viewer_of


class ViewerMiddleware:
    """Sets request.viewer; lazily, so that static and open pages cost no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: viewer_of(request.user, at=timezone.localdate())
        )
        return self.get_response(request)
