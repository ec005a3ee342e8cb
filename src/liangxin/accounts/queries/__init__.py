"""What accounts answer."""

from liangxin.accounts.queries.demo import demo_logins
from liangxin.accounts.queries.scopes import ScopeChoice, scope_choices, scope_title, scope_titles
from liangxin.accounts.queries.viewers import viewer_of

__all__ = [
    "ScopeChoice",
    "demo_logins",
    "scope_choices",
    "scope_title",
    "scope_titles",
    "viewer_of",
]
