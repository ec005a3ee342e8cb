"""The logins of the demo district."""

from liangxin.accounts.terms import DEMO_LOGINS, DemoLogin
from liangxin.kernel.models import User


def demo_logins() -> tuple[DemoLogin, ...]:
    """The demo logins that exist here and are marked as such, in the order of the roles."""
    names = [login.username for login in DEMO_LOGINS]
    there = set(
        User.objects.filter(username__in=names, is_synthetic=True, is_active=True).values_list(
            "username", flat=True
        )
    )
    return tuple(login for login in DEMO_LOGINS if login.username in there)
