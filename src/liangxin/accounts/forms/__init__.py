"""Forms of accounts; they clean input and save nothing."""

from liangxin.accounts.forms.session import LoginForm, OwnPasswordForm
from liangxin.accounts.forms.users import GrantForm, NewUserForm, ScopeQuestion

__all__ = ["GrantForm", "LoginForm", "NewUserForm", "OwnPasswordForm", "ScopeQuestion"]
