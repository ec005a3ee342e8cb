"""Tokens for programs: made by their owner, shown once, ended at any time."""

import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from liangxin.accounts.models import ApiToken
from liangxin.accounts.queries.tokens import digest_of
from liangxin.kernel.audit import record
from liangxin.kernel.models import User
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Held, Viewer

PREFIX = "lx_"
SECRET_BYTES = 32
SHOWN_LETTERS = 8
MOST_DAYS = 366


class TokenRefused(ValueError):
    """The token cannot be made like this; the text says what to change."""


def create_token(
    *, name: str, held: Iterable[Held], may_write: bool, expires_date: date, today: date, by: Viewer
) -> tuple[ApiToken, str]:
    """Make a token over some of one's own grants; returns it with the secret, which is kept nowhere."""
    require(by, Permission.USE_API)
    chosen = frozenset(held) & by.held
    if not chosen:
        raise TokenRefused("请至少选择一个您现在持有的角色范围。")
    if not today < expires_date <= today + timedelta(days=MOST_DAYS):
        raise TokenRefused("到期日应在明天到一年以内。")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=User.objects.get(username=by.username),
            name=name,
            beginning=secret[:SHOWN_LETTERS],
            digest=digest_of(secret),
            held=[[one.role, one.scope.kind, one.scope.key] for one in sorted(chosen)],
            may_write=may_write,
            expires_date=expires_date,
        )
        record(
            "token.create",
            by=by,
            summary=f"建立接口令牌“{name}”，{expires_date} 到期",
            about=token,
            details={"may_write": may_write},
            changes_ledger=False,
        )
    return token, secret


def revoke_token(token: ApiToken, *, by: Viewer) -> None:
    """End a token at once: by its owner, or by whoever manages accounts."""
    if token.user_id != by.user_id:
        require(by, Permission.MANAGE_USERS)
    with transaction.atomic():
        ended = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
        if ended.update(revoked_at=timezone.now()):
            summary = f"作废接口令牌“{token.name}”"
            record("token.revoke", by=by, summary=summary, about=token, changes_ledger=False)
