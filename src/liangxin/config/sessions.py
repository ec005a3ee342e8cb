"""Sessions end: after a while without use, and before anything is seen where a second proof is due."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from liangxin.accounts.views.entering import SEEN_AT, must_add_second_factor
from liangxin.kernel.pages import ViewerRequest

# A session's last use is noted in steps of this part of the time after which it ends: a row for every request
# would cost more than it tells, to every other request also, whose pages SQLite would read anew.
NOTED_PART = 1 / 12
BEFORE_SECOND_FACTOR = ("/security/", "/logout/", "/login/", "/password/")


class SessionMiddleware:
    """Signs out who was away too long; leads who must have a second proof to setting one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ViewerRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if _was_away(request):
                logout(request)
                messages.info(request, "久未操作，已自动退出；没有提交的内容请重新填写。")
                return redirect(f"{settings.LOGIN_URL}")
            if must_add_second_factor(request) and not request.path.startswith(
                BEFORE_SECOND_FACTOR
            ):
                return redirect("security")
        return self.get_response(request)


def _was_away(request: HttpRequest) -> bool:
    now = timezone.now().timestamp()
    seen = request.session.get(SEEN_AT, now)  # set when the account signs in
    idle_s = settings.IDLE_MINUTES * 60
    if now - seen > idle_s:
        return True
    if now - seen > idle_s * NOTED_PART:
        request.session[SEEN_AT] = now
    return False
