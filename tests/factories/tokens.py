"""Programs that ask by token, for tests."""

from datetime import date, timedelta

from django.utils import timezone

from liangxin.accounts.actions.tokens import create_token
from liangxin.accounts.models import ApiToken
from liangxin.accounts.queries import viewer_of
from liangxin.kernel.models import User
from liangxin.kernel.viewer import Role
from tests.factories.accounts import make_user

DAYS = timedelta(days=30)


def make_token(user: User, *, may_write: bool = False, today: date | None = None) -> str:
    """The secret of a token over everything the account holds today."""
    today = today or timezone.localdate()
    by = viewer_of(user, at=today)
    _, secret = create_token(
        name="测试程序",
        held=by.held,
        may_write=may_write,
        expires_date=today + DAYS,
        today=today,
        by=by,
    )
    return secret


def bearing(secret: str) -> dict[str, str]:
    """The header that a program sends."""
    return {"Authorization": f"Bearer {secret}"}


def other_token() -> ApiToken:
    """A token of an account that nobody else in the test uses."""
    make_token(make_user(Role.DISTRICT_OFFICE))
    return ApiToken.objects.latest("pk")
