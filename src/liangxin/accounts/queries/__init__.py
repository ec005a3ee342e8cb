"""What accounts answer."""

from liangxin.accounts.queries.audit import audit_entries, within_days
from liangxin.accounts.queries.demo import demo_logins
from liangxin.accounts.queries.scopes import ScopeChoice, scope_choices, scope_title, scope_titles
from liangxin.accounts.queries.users import (
    DescribedGrant,
    described_grants,
    holds_no_role,
    holds_role,
    users,
)
from liangxin.accounts.queries.viewers import viewer_of

__all__ = [
    "DescribedGrant",
    "ScopeChoice",
    "audit_entries",
    "demo_logins",
    "described_grants",
    "holds_no_role",
    "holds_role",
    "scope_choices",
    "scope_title",
    "scope_titles",
    "users",
    "viewer_of",
    "within_days",
]
