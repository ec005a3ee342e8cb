"""The moment an account comes in: a new session that remembers how it was opened."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from liangxin.accounts.actions.passkeys import Place
from liangxin.accounts.actions.sign_ins import note_sign_in
from liangxin.kernel.models import User
from liangxin.kernel.pages import ViewerRequest
from liangxin.kernel.viewer import Role

BACKEND = "django.contrib.auth.backends.ModelBackend"
TWO_STEP = "is_two_step"
SEEN_AT = "seen_at"
SEEING_EVERYTHING = frozenset({Role.DISTRICT_OFFICE, Role.ADMINISTRATOR})


def enter(request: HttpRequest, user: User, *, is_two_step: bool) -> None:
    """Sign the account in, in a fresh session."""
    login(request, user, backend=BACKEND)
    request.session[TWO_STEP] = is_two_step
    request.session[SEEN_AT] = timezone.now().timestamp()
    if request.session.session_key is None:
        request.session.save()
    note_sign_in(
        user,
        session_key=request.session.session_key or "",
        address=request.META.get("REMOTE_ADDR", ""),
        agent=request.META.get("HTTP_USER_AGENT", ""),
        is_two_step=is_two_step,
        now=timezone.now(),
    )


def must_add_second_factor(request: ViewerRequest) -> bool:
    """Whether the account sees the whole district, or all accounts, and came in by its password alone."""
    if not settings.SECOND_FACTOR_REQUIRED or request.session.get(TWO_STEP):
        return False
    return bool(request.viewer.roles & SEEING_EVERYTHING)


def onward(request: HttpRequest, wanted: str) -> str:
    """Where to go after signing in: the page that was asked for, if it is one of ours."""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if wanted and is_ours else "/"


def place_of(request: HttpRequest) -> Place:
    """The site as the browser shows it; TLS may end at the operator's proxy."""
    host = request.get_host()
    scheme = "https" if settings.SESSION_COOKIE_SECURE else str(request.scheme)
    return Place(domain=host.rsplit(":", 1)[0], origin=f"{scheme}://{host}")
