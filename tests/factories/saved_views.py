"""Saved views."""

from liangxin.kernel.models import SavedView, User
from tests.factories.accounts import make_user


def make_view(*, user: User, name: str = "我的条件", query: str = "q=甲") -> SavedView:
    return SavedView.objects.create(
        user=user,
        listing="organisations",
        listing_title="单位台账",
        path="/organisations/",
        name=name,
        query=query,
    )


def other_view() -> SavedView:
    """A view of somebody who is no seat of the world."""
    return make_view(user=make_user())
