"""Tokens of programs: who asks with one, and which there are."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from liangxin.accounts.models import ApiToken
from liangxin.accounts.queries.viewers import viewer_of
from liangxin.kernel.viewer import Held, Role, Scope, ScopeKind, Viewer

# A write for every request would cost more than to know the last use to the minute is worth.
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Asker:
    """The viewer behind a token, and whether it may change anything."""

    viewer: Viewer
    may_write: bool


def asker_of(secret: str, *, now: datetime, today: date) -> Asker | None:
    """Who asks with this secret; None where it is unknown, ended, or its account is switched off."""
    token = running_tokens(today).filter(digest=digest_of(secret)).select_related("user").first()
    if token is None:
        return None
    whole = viewer_of(token.user, at=today)
    given = frozenset(_held(*row) for row in token.held)
    viewer = Viewer(whole.user_id, whole.username, whole.name, whole.held & given)
    if viewer.is_stranger:
        return None
    if token.used_at is None or now - token.used_at > NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
    return Asker(viewer, token.may_write)


def digest_of(secret: str) -> str:
    """What is kept of a secret: it is random and long, so that a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def running_tokens(today: date) -> QuerySet[ApiToken]:
    """Tokens that still open something."""
    return ApiToken.objects.filter(revoked_at__isnull=True, expires_date__gt=today)


def own_tokens(viewer: Viewer) -> QuerySet[ApiToken]:
    """The tokens of the viewer's account, newest first."""
    return ApiToken.objects.filter(user_id=viewer.user_id or 0).order_by("-id")


def _held(role: str, kind: str, key: str) -> Held:
    return Held(Role(role), Scope(ScopeKind(kind), key))
