"""Forms of accounts; they clean input and save nothing."""

from liangxin.accounts.forms.session import LoginForm, OwnPasswordForm

__all__ = ["LoginForm", "OwnPasswordForm"]
